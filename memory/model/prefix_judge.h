// An execution that the LKMM allows grows by one event: is it still allowed?
//
// The axioms of judge.h, event by event, for those who build executions one choice at a time: a microsecond where Judge() on the
// whole graph takes milliseconds. It keeps what comes before each event, and an event that is appended in the order of coherence
// and reads the newest write only comes after others; work is due where it reads an old write or is overwritten already.
//
// It says false exactly when Judge(g, false) says that the graph so far breaks coherence, atomicity, happens-before or propagation.
// Not here: plain-coherence and data races, which need the whole execution; and promises: a read without rf has no edges, as in
// Judge(), but its rf may not be filled in later. Executions with promises are for Judge().
#pragma once
#include <vector>

#include "memory/model/event_rows.h"
#include "memory/model/graph.h"

namespace ordeal::model {

class PrefixJudge {
 public:
  // The event numbered `event`, the next one, was added to the graph: a read after the write that it reads from, a write with its
  // place in g.co, and those of one CPU in program order. g.co has no events that are yet to come. An instruction's events follow
  // each other on their CPU, read halves first, and lie at different locations. `partner` is set in both halves of an RMW from the
  // start, so for a moment it may name an event that is yet to come. A lock's write half is the CPU's next event after its read
  // half; a fence is an instruction by itself.
  // False: the graph with this event is forbidden. The judge is then as it was before the call.
  bool Append(const Graph& g, int event);

  // Back to the first `events` events. The graph is the caller's to cut.
  void Rewind(int events);

  // For another execution. Keeps its memory.
  void Reset();

  int size() const { return static_cast<int>(events_.size()); }

 private:
  // What the events of a CPU so far mean for its next one. Rows are numbers into sets_ and closed_, events kNotThere if absent.
  struct Cpu {
    int strong_set = 0, strong_closed = 0;             // what comes before by strong-fence, whatever the next event
    int strong_upto = kNotThere;                       // all events up to this one are in them
    int wmb_set = 0, wmb_closed = 0, wmb = kNotThere;  // before the latest smp_wmb
    int rmb_closed = 0, rmb = kNotThere;
    int unlock_lock_set = 0, unlock_lock_closed = 0;  // before by po-unlock-lock-po; closed: of this CPU
    int before_atomic = kNotThere;                    // a fence that waits for its RMW
    int rmw = kNotThere, lock_write = kNotThere, unlock = kNotThere, after_unlock_lock = kNotThere;  // the latest
    int lock_read = kNotThere;  // the read half of a lock that is not in unlock_lock_set yet
    int gathering = kNotThere;  // first event of the latest instruction whose prop has that of all before it
    bool unsettled = false;     // the latest instruction is a barrier to what comes after it
  };

  struct Event {
    int thread, location, instruction, rf, partner, previous, first;  // previous: on its CPU; first: of its instruction
    FenceKind fence;
    LockKind lock;
    bool read, write, marked, acquire, release, full, r4rmb, rmw;
    int fenced = 0;                         // in sets_: overwrite-ext? ; cumul-fence+ to it; reads: overwrite-ext? ; cumul-fence*
    int prop = 0;                           // in sets_: prop to it
    int xb = 0;                             // in closed_: (hb | pb)* to it
    int dependent = 0;                      // in closed_: xb of the marked reads that a dependency on this read is one on, by carry-dep
    int unlock_set = 0, unlock_closed = 0;  // unlocks: what is po-before
    int sets, closed, changes;              // how much there was of each before this event
    Cpu cpu;                                // after it
  };

  // To whom a set in sets_ makes an event come before, beyond the row's own purpose.
  struct Reach {
    enum class Kind : u8 { kNothing, kProp, kStrongAfter, kStrongInto };
    Kind kind = Kind::kNothing;
    int event = kNotThere;  // kProp, kStrongInto: this one; kStrongAfter: from this one on, on its CPU
    int closed = 0;         // kStrongAfter: the set's closure under xb
  };
  struct Change {
    u64 before;
    int row;
    i16 word;
    bool closed;
  };

  void Open(const Graph& g, int id);
  bool Place(const Graph& g, int id);
  bool IsCoherent(const Graph& g, int id, EventRow& newer) const;
  void NoteAccess(int id);

  EventRow Internal(int id) const;
  EventRow Earlier(int id) const;
  EventRow Overwritten(int id, const EventRow& newer) const;
  bool IsInternal(int a, int b) const { return a == b || (events_[a].thread != kInitialThread && events_[a].thread == events_[b].thread); }
  bool SameInstruction(int a, int b) const { return events_[a].first == events_[b].first; }

  void Relate(const Graph& g, int id, const EventRow& newer);
  EventRow Fenced(int id, const EventRow& earlier, const EventRow& strong) const;
  EventRow Direct(int id, const EventRow& earlier, const EventRow& overwritten, const EventRow& strong) const;
  void JoinOrdered(const Graph& g, int id, EventRow& xb) const;
  void JoinPropOfEarlier(int id, const EventRow& earlier, EventRow& to) const;
  void JoinDependencies(const std::vector<int>& reads, EventRow& xb) const;
  int Dependent(const Graph& g, int id);
  int CumulFence(int id) const { return events_[id].write ? events_[id].prop : events_[id].fenced; }
  void Close(const EventRow& set, EventRow& closed) const;

  bool LookBack(int id, const EventRow& newer);
  EventRow AddToSets(int id, const Probe& newer);
  void JoinClosed(int row, const EventRow& more);

  void Settle(int id);
  void SettleLockRead(int id);
  void AppendFence(const Graph& g, int id);
  void StrongUpTo(int id, int last);
  void PushStrong(int id, const EventRow& set);
  void AfterUnlockLock(int id);
  void Wmb(const Graph& g, int id);
  void Rmb(int id);
  void NoteUnlock(int id);
  int PushSet(const EventRow& row, Reach reach);

  struct Thread {
    int last = kNotThere;
    EventRow events;  // of the initial writes none: they are of no CPU
  };
  std::vector<Event> events_;
  std::vector<Thread> threads_;
  std::vector<EventRow> locations_;  // its writes, and its reads whose rf is known
  EventRow marked_, acquires_;       // accesses only
  RowStack sets_, closed_;
  std::vector<Reach> reach_ = std::vector<Reach>(1);  // by row of sets_
  std::vector<Change> changes_;                       // of rows that were there before the event that made the change
  int blocks_ = 1;
};

}  // namespace ordeal::model
