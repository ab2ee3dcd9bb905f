// PrefixJudge: what comes after a new access, and is that among what comes before it?
//
// Why this is exact. Events are appended with nothing after them in po, rf, rmw and dependencies; co and fr among the events that
// are there never change. So a new event e has edges into it, and out of it only overwrites (co, fr) of newer writes. cumul-fence
// and strong-fence begin with po or rf, and an overwrite comes only first in prop: among the others all relations stay as they are.
//
//   hb    ppo, rfe and prop & int; out of e only the latter, and overwrite & int, which coherence forbids.
//   pb    prop ; strong-fence ; hb*. Let pb' be prop ; strong-fence between marked events: (hb | pb)+ = (hb | pb')+.
//   axioms  pb ; hb* is in pb, so hb and pb are acyclic if and only if hb | pb' is.
//
// Appending e thus adds one node to the graph of hb | pb': a new cycle goes through e, which is to say that a successor of e is among
// the predecessors of e. `xb` keeps the predecessors of each event, itself included.
//
// The successors of e: let O be the newer writes. Coherence: they are of other CPUs. prop(e, y) for y != e iff some marked o in O has
// o ; cumul-fence* ; rfe? to y, and that is so iff prop(o, y) for some o in O: where o itself comes by an overwrite o -> o', e -> o' is
// co or fr as well. Rows of sets_ are unions of prop's and cumul-fence*'s predecessors, all marked; so they get e exactly if they meet O.
// A successor of e by prop & int is who has such a row as its prop, by pb' who has a strong fence after such a row. Rows of closed_ are
// unions of xb's and get that of e exactly if they meet the successors of e; so does the closure of a strong fence's row that gets e.
#include "memory/model/prefix_judge.h"

namespace ordeal::model {

// False: an edge out of the event closes a cycle.
bool PrefixJudge::LookBack(int id, const EventRow& newer) {
  const Probe newer_writes(newer, blocks_);
  if (newer_writes.empty()) return true;
  const EventRow successors = AddToSets(id, newer_writes);
  const Probe after(successors, blocks_);
  if (after.empty()) return true;
  const EventRow before = closed_[events_[id].xb];
  if (after.Meets(before)) return false;
  for (int row = 1; row < closed_.size(); row++) {
    if (after.Meets(closed_[row])) JoinClosed(row, before);
  }
  return true;
}

// The successors of the event, by prop & int and by pb'.
EventRow PrefixJudge::AddToSets(int id, const Probe& newer) {
  EventRow after;
  for (int row = 1; row < sets_.size(); row++) {
    if (!newer.Meets(sets_[row])) continue;
    changes_.push_back({sets_[row].word(id / 64), row, static_cast<i16>(id / 64), false});
    sets_[row].add(id);
    const Reach& reach = reach_[row];
    switch (reach.kind) {
      case Reach::Kind::kNothing: break;
      case Reach::Kind::kProp:
        if (reach.event != id && IsInternal(reach.event, id)) after.add(reach.event);
        break;
      case Reach::Kind::kStrongInto: after.add(reach.event); break;
      case Reach::Kind::kStrongAfter:
        JoinClosed(reach.closed, closed_[events_[id].xb]);
        EventRow later;
        later.JoinBoth(threads_[events_[reach.event].thread + 1].events, EventRow::From(reach.event), blocks_);
        after.JoinBoth(later, marked_, blocks_);
        break;
    }
  }
  return after;
}

void PrefixJudge::JoinClosed(int row, const EventRow& more) {
  EventRow& to = closed_[row];
  for (int k = 0; k < blocks_ * EventRow::kBlockWords; k++) {
    if ((more.word(k) & ~to.word(k)) == 0) continue;
    changes_.push_back({to.word(k), row, static_cast<i16>(k), true});
    to.set_word(k, to.word(k) | more.word(k));
  }
}

}  // namespace ordeal::model
