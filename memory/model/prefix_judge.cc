#include "memory/model/prefix_judge.h"

#include "base/check.h"

namespace ordeal::model {

bool PrefixJudge::Append(const Graph& g, int event) {
  ORDEAL_CHECK(event == size(), "events are appended in their order");
  ORDEAL_CHECK(event < kPrefixEvents, "too many events for PrefixJudge");
  Open(g, event);
  if (Place(g, event)) return true;
  Rewind(event);
  return false;
}

// linux-kernel.bell's classes: see lkmm.h.
void PrefixJudge::Open(const Graph& g, int id) {
  const GraphEvent& from = g.events[id];
  const bool initial = from.thread == kInitialThread, read = from.kind == GraphEvent::Kind::kRead, write = from.kind == GraphEvent::Kind::kWrite;
  const bool succeeded = from.rmw && from.partner != kNotThere, failed = from.rmw && from.partner == kNotThere;
  if (static_cast<int>(threads_.size()) <= from.thread + 1) threads_.resize(from.thread + 2);
  if (static_cast<int>(locations_.size()) <= from.location) locations_.resize(from.location + 1);
  Event& e = events_.emplace_back();
  e.thread = from.thread;
  e.location = from.location;
  e.instruction = from.instruction;
  e.rf = read ? from.rf : kNotThere;
  e.partner = from.partner;
  e.fence = from.fence;
  e.lock = from.lock;
  e.read = read;
  e.write = write;
  e.rmw = from.rmw;
  e.marked = initial || (!read && !write) || from.order != Order::kPlain || from.rmw || from.lock != LockKind::kNone;
  e.acquire = read && !failed && (from.order == Order::kAcquire || from.lock == LockKind::kLockRead);
  e.release = write && (from.order == Order::kRelease || from.lock == LockKind::kUnlock);
  e.full = succeeded && from.order == Order::kFull;
  e.r4rmb = read && from.order != Order::kNoReturn;
  e.sets = sets_.size();
  e.closed = closed_.size();
  e.changes = static_cast<int>(changes_.size());
  e.previous = initial ? kNotThere : threads_[e.thread + 1].last;
  const bool same = e.previous != kNotThere && model::SameInstruction(g.events[e.previous], from);
  e.first = same ? events_[e.previous].first : id;
  if (e.previous != kNotThere) e.cpu = events_[e.previous].cpu;
  blocks_ = EventRow::BlocksOf(size());
}

bool PrefixJudge::Place(const Graph& g, int id) {
  const Event& e = events_[id];
  if (e.first == id) Settle(id);
  if (e.first == id || e.write) SettleLockRead(id);
  if (!e.read && !e.write) {
    AppendFence(g, id);
    threads_[e.thread + 1].last = id;
    return true;
  }
  if (e.rmw && e.cpu.before_atomic != kNotThere) StrongUpTo(id, e.cpu.before_atomic);
  EventRow newer;
  if (!IsCoherent(g, id, newer)) return false;
  if (e.marked) Relate(g, id, newer);
  if (e.read) events_[id].dependent = Dependent(g, id);
  NoteAccess(id);
  return !e.marked || LookBack(id, newer);
}

// acyclic po-loc | com and empty rmw & (fre ; coe), given that all was well before. Coherence of one location: along po-loc, the place in
// co (of a read: of the write that it reads from) never falls, and rises into a write. The last access before e is the highest. An RMW's
// write is right after what its read saw: what were between would be another CPU's, or break coherence.
bool PrefixJudge::IsCoherent(const Graph& g, int id, EventRow& newer) const {
  const Event& e = events_[id];
  const int place = e.write ? id : e.rf;
  if (place == kNotThere) return true;
  const std::vector<int>& order = g.co[e.location];
  size_t at = order.size();
  while (order[--at] != place) newer.add(order[at]);
  if (e.write) {
    if (e.partner != kNotThere && events_[e.partner].rf != kNotThere && (at == 0 || order[at - 1] != events_[e.partner].rf)) return false;
    const int next = at + 1 < order.size() ? order[at + 1] : id;
    const int reader = events_[next].partner;
    if (next != id && reader != kNotThere && events_[reader].rf != kNotThere) return false;
  }
  if (at + 1 == order.size()) return true;
  EventRow before;
  before.JoinBoth(Earlier(id), locations_[e.location], blocks_);
  for (int k = blocks_ * EventRow::kBlockWords; k-- > 0;) {
    if (before.word(k) == 0) continue;
    const int last = k * 64 + 63 - std::countl_zero(before.word(k));
    return !newer.has(events_[last].write ? last : events_[last].rf);
  }
  return true;
}

// From here on others see the event.
void PrefixJudge::NoteAccess(int id) {
  Event& e = events_[id];
  Thread& thread = threads_[e.thread + 1];
  if (e.marked) marked_.add(id);
  if (e.acquire) acquires_.add(id);
  if (e.write || e.rf != kNotThere) locations_[e.location].add(id);
  if (e.thread == kInitialThread) return;
  thread.events.add(id);
  thread.last = id;
  if (e.rmw) e.cpu.rmw = id;
  if (e.lock == LockKind::kLockWrite) e.cpu.lock_write = id;
  if (e.lock == LockKind::kUnlock) NoteUnlock(id);
  if (e.lock == LockKind::kLockRead) e.cpu.lock_read = id;
  if (e.full || e.release) e.cpu.unsettled = true;
}

void PrefixJudge::Rewind(int events) {
  if (events >= size()) return;
  const Event& first = events_[events];
  while (static_cast<int>(changes_.size()) > first.changes) {
    const Change& c = changes_.back();
    (c.closed ? closed_ : sets_)[c.row].set_word(c.word, c.before);
    changes_.pop_back();
  }
  sets_.Shrink(first.sets);
  reach_.resize(first.sets);
  closed_.Shrink(first.closed);
  for (int id = size(); id-- > events;) {
    const Event& e = events_[id];
    marked_.remove(id);
    acquires_.remove(id);
    if (e.location != kNotThere) locations_[e.location].remove(id);
    threads_[e.thread + 1].events.remove(id);
    threads_[e.thread + 1].last = e.previous;
  }
  events_.resize(events);
}

void PrefixJudge::Reset() {
  changes_.clear();
  Rewind(0);
}

}  // namespace ordeal::model
