// PrefixJudge: what comes before a new access? The names are lkmm.h's.
#include "memory/model/prefix_judge.h"

namespace ordeal::model {

// int
EventRow PrefixJudge::Internal(int id) const {
  EventRow row = threads_[events_[id].thread + 1].events;
  row.add(id);
  return row;
}

// po, of accesses.
EventRow PrefixJudge::Earlier(int id) const {
  const Event& e = events_[id];
  EventRow row = threads_[e.thread + 1].events;
  for (int p = e.previous; p != kNotThere && p >= e.first; p = events_[p].previous) {
    if (!events_[p].read || !e.write) row.remove(p);
  }
  return row;
}

// overwrite, to a write: the older ones of the location, and their readers.
EventRow PrefixJudge::Overwritten(int id, const EventRow& newer) const {
  const Event& e = events_[id];
  EventRow row;
  if (Probe(newer, blocks_).empty()) return locations_[e.location];
  row.JoinRest(locations_[e.location], newer, blocks_);
  for (int k = 0; k < blocks_ * EventRow::kBlockWords; k++) {
    for (u64 rest = row.word(k); rest != 0; rest &= rest - 1) {
      const int a = k * 64 + std::countr_zero(rest);
      if (events_[a].read && newer.has(events_[a].rf)) row.remove(a);
    }
  }
  return row;
}

void PrefixJudge::Relate(const Graph& g, int id, const EventRow& newer) {
  const EventRow earlier = Earlier(id), overwritten = events_[id].write ? Overwritten(id, newer) : EventRow(), internal = Internal(id);
  const bool full_read = events_[id].read && events_[id].full;
  EventRow strong = sets_[events_[id].cpu.strong_set];
  if (full_read) {
    JoinPropOfEarlier(id, earlier, strong);
    PushSet(strong, {Reach::Kind::kStrongInto, id});
  }
  Event& e = events_[id];
  EventRow set = Fenced(id, earlier, strong);
  if (e.read) set.add(id);
  e.fenced = PushSet(set, e.read ? Reach{Reach::Kind::kProp, id} : Reach{});
  e.prop = e.fenced;
  const bool rfe = e.rf != kNotThere && !IsInternal(e.rf, id) && events_[e.rf].marked;
  if (rfe) set.Join(sets_[CumulFence(e.rf)], blocks_);
  if (e.write) {
    EventRow external;
    external.JoinRest(overwritten, internal, blocks_);
    set.JoinBoth(external, marked_, blocks_);
    set.add(id);
  }
  if (rfe || e.write) e.prop = PushSet(set, {Reach::Kind::kProp, id});

  EventRow xb = closed_[e.cpu.strong_closed], direct = Direct(id, earlier, overwritten, full_read ? strong : EventRow());
  xb.add(id);
  JoinOrdered(g, id, xb);
  direct.JoinBoth(set, internal, blocks_);
  if (rfe) direct.add(e.rf);
  Close(direct, xb);
  e.xb = closed_.Push(xb);
}

// cumul-fence+ to e with what is before that in prop. Of cumul-fence's first [Marked] ; (rfe ; [Marked])? only the latter asks for the prop
// of the event before the fence, where a read has what it read from; elsewhere its cumul-fence* is due.
EventRow PrefixJudge::Fenced(int id, const EventRow& earlier, const EventRow& strong) const {
  const Event& e = events_[id];
  EventRow set = strong;
  set.Join(sets_[e.cpu.unlock_lock_set], blocks_);
  if (!e.write) return set;
  set.Join(sets_[e.cpu.wmb_set], blocks_);
  if (e.release) JoinPropOfEarlier(id, earlier, set);
  const int source = e.partner == kNotThere ? kNotThere : events_[e.partner].rf;
  if (source != kNotThere) set.Join(sets_[events_[source].fenced], blocks_);  // release-sequence
  return set;
}

// The prop of all marked accesses that are po-before. That of a release or of a full RMW's read has in it that of all before.
void PrefixJudge::JoinPropOfEarlier(int id, const EventRow& earlier, EventRow& to) const {
  const Event& e = events_[id];
  for (int p = e.previous; p != kNotThere && p >= e.cpu.gathering; p = events_[p].previous) {
    if (earlier.has(p)) to.Join(sets_[events_[p].prop], blocks_);
  }
}

// hb and pb' from single events: acq-po, po-rel, overwrite & int, and the strong fence in a full RMW.
EventRow PrefixJudge::Direct(int id, const EventRow& earlier, const EventRow& overwritten, const EventRow& strong) const {
  const Event& e = events_[id];
  EventRow before, direct = strong;
  before.JoinBoth(earlier, marked_, blocks_);
  direct.JoinBoth(earlier, acquires_, blocks_);
  if (e.release) direct.Join(before, blocks_);
  if (e.write) {
    EventRow own;
    own.JoinBoth(overwritten, threads_[e.thread + 1].events, blocks_);
    direct.JoinBoth(own, marked_, blocks_);
  }
  return direct;
}

// hb from what barriers and dependencies keep before e.
void PrefixJudge::JoinOrdered(const Graph& g, int id, EventRow& xb) const {
  const Event& e = events_[id];
  xb.Join(closed_[e.cpu.unlock_lock_closed], blocks_);
  if (e.write) xb.Join(closed_[e.cpu.wmb_closed], blocks_);
  if (e.r4rmb) xb.Join(closed_[e.cpu.rmb_closed], blocks_);
  JoinDependencies(g.events[id].addr, xb);
  if (e.write) {
    JoinDependencies(g.events[id].data, xb);
    JoinDependencies(g.events[id].ctrl, xb);
  } else if (e.rf != kNotThere && IsInternal(e.rf, id) && events_[e.rf].marked) {  // dep ; [Marked] ; rfi
    JoinDependencies(g.events[e.rf].addr, xb);
    JoinDependencies(g.events[e.rf].data, xb);
  }
}

void PrefixJudge::JoinDependencies(const std::vector<int>& reads, EventRow& xb) const {
  for (int read : reads) xb.Join(closed_[events_[read].dependent], blocks_);
}

// carry-dep = (data ; rfi)*
int PrefixJudge::Dependent(const Graph& g, int id) {
  const Event& e = events_[id];
  if (e.rf == kNotThere || !IsInternal(e.rf, id) || g.events[e.rf].data.empty()) return e.xb;
  EventRow row = closed_[e.xb];
  JoinDependencies(g.events[e.rf].data, row);
  return closed_.Push(row);
}

// closed |= xb of each event of the set; latest first, since what one brings need not be brought again.
void PrefixJudge::Close(const EventRow& set, EventRow& closed) const {
  for (int k = blocks_ * EventRow::kBlockWords; k-- > 0;) {
    for (u64 rest = 0; (rest = set.word(k) & ~closed.word(k)) != 0;) {
      closed.Join(closed_[events_[k * 64 + 63 - std::countl_zero(rest)].xb], blocks_);
    }
  }
}

}  // namespace ordeal::model
