// Who decides in exact mode, and what is an access there?
//
// The machine behind exact.h: engine.h's accesses come here instead of to the views. Internal to memory/model/.
#pragma once
#include <chrono>

#include "base/random.h"
#include "memory/model/exact.h"
#include "memory/model/exact_access.h"
#include "memory/model/growing_graph.h"
#include "memory/model/prefix_judge.h"

namespace ordeal::model {

class ExactMachine {
 public:
  ExactMachine(int cpus, Body body, void* self, const ExactOptions& options);
  ExactResult Explore(const std::function<void(const Execution&)>& visit);

  // ---- from inside a body
  bool Perform(const Access& access, u64 old[2], Dep* result);  // did it write?
  void Fence(Order order, At at);
  void BeginOp();
  void Spin(bool gives_up);
  void StopWhenKept();
  OpenPromises PromisesOpen() const;
  void CpuDone();
  u64 Newest(Addr a, u8 bytes) const;

 private:
  enum class End : u8 { kNone, kFinished, kDeadlock, kUnfulfilled, kTooLong, kSplit };
  enum class Move : u8 { kNewest, kStale, kAppend, kInsert, kWait, kPromise, kKeep, kDoNotKeep };
  static constexpr int kMaxOptions = 256;
  struct Option {
    Move move;
    int place = 0;  // in coherence: of the store to read, or for the store to make; kKeep: the promised read
    u64 value = 0;  // kPromise
  };
  // One attempt at an access: performed, or put off.
  struct Attempt {
    bool waited = false, for_lock = false, wrote = false, gives_up = false;
    bool may_be_promised = false;          // if it waited
    int first = 0, reads = 0, writes = 0;  // its events
  };
  // A question that had more than one answer.
  struct Frame {
    u32 attempt, question;
    int events, deviations;  // when the attempt began
    std::vector<Option> options;
    size_t current;
  };
  // A value that may be promised, from this round on.
  using Stores = std::vector<u64>;  // which they are in any execution (NameOf), sorted
  struct Known {
    u64 value;
    int round;  // of promises in which it is offered first, from 1
    // The stores through which, by way of promises, it was computed, whichever run it was learned in; its own among them.
    Stores from;
    bool from_the_beginning() const { return round <= 1; }
  };
  // Of a write, or of a read that was promised what it read.
  struct Origin {
    Stores from;    // through which, by way of promises, the value was computed
    int round = 0;  // of promises, the first in which it could be promised
  };
  struct Chances {
    double stale = 0, insert = 0;
  };
  struct CpuState {
    bool waiting = false;
    bool for_lock = false;
    bool may_be_promised = false;                     // when nobody else can go on
    bool asked = false;                               // ... which is now: a promise, and nothing else
    bool gives_up = false;                            // in a loop of a few turns: goes on without a store if none can come
    bool in_vain = false;                             // and so it does, to the end of its op
    bool read_old = false;                            // in this turn: there was something newer to be read
    int declined = kNotThere;                         // the newest event when it began to wait
    int parts[GrowingGraph::kMaxParts], n_parts = 0;  // what it waits for a store to; none: for any
    Chances chances;
    u64 reads_now = 0, reads_before = 0;  // of one turn of a spin loop
  };
  // The access that is being attempted.
  struct Current {
    const Access* access;
    int parts[GrowingGraph::kMaxParts], n_parts;
    int first;                           // its first event
    int place[GrowingGraph::kMaxParts];  // of what each part reads
    bool backward;                       // some part so far has edges back in time
    bool fresh;                          // some part reads a store made since the wait, or is promised a value
    u64 old[2], written[2];
    bool wrote;
  };

  // ---- one execution (exact_machine.cc, exact_waiting.cc)
  void RunOnce();
  [[noreturn]] void EndAs(End end);
  bool CanGoOn(int cpu) const;
  bool TooLong() const;
  int Next(int other_than) const;  // the lowest CPU that can go on; -1: none
  void PutOff(bool for_lock);
  void Wait(const int* parts, int n_parts, const Attempt& a);
  int Unstick();  // nobody can go on: who does all the same? -1: nobody
  [[noreturn]] void EndStuck();
  int InVain() const;  // no store can come any more: the lowest CPU that would give up; -1: none, or one may come
  void WakeLower();
  void SwitchAtRandom();
  bool IsReplay() const { return attempt_ < attempts_.size(); }
  bool IsOpen(int promised_read) const;  // made in this execution so far and not kept yet: in a replay the graph has later ones, too
  bool PromisesAreKept() const;
  void BeginAttempt();
  void FinishAttempt(const Attempt& a);
  void Replayed(const Attempt& a, u64 old[2]) const;
  bool Allowed();  // the graph as it is now, by the axioms as a whole
  void ShrinkTo(int events);

  // ---- the LKMM is judged event by event (prefix_judge.h), as long as no promise was kept
  bool Tracking() const { return options_given_.rung == Rung::kLkmm && !graph_.AnyKept(); }
  bool Deferring() const { return at_.n_parts > 1 && at_.access->reads() && at_.access->kind != Access::Kind::kLoad; }
  void Track();             // the newest events
  void TrackInstruction();  // those of an RMW in several parts, of which only now is known whether it writes

  // ---- the choices of one access (exact_access.cc)
  bool Attempted();  // false: it waited, and has to try again
  bool ReadPart(int part);
  void WritePart(int part);
  void OfferStores(int part);
  void OfferPlaces(int part);
  bool Apply(int part, const Option& o);  // false: not a choice after all
  bool ApplyRmw();
  bool PlainHere(int part) const;
  bool Test(int part, const Option& o);
  bool Judged(int part, const Option& o);  // ... by the axioms alone
  void TakeBack(const Current& before, int events);

  // ---- promises (exact_promises.cc)
  bool MayPromise() const;
  bool MayWaitForAPromise();
  bool MayBring(int cpu) const;  // what the running CPU is promised
  bool AnotherStores() const;
  bool RoomForAPromise();  // in this execution, by max_promises
  int ToBePromised();      // the lowest CPU that waits and may be; -1: none
  void OfferPromises(int part);
  void Learn(int location, u64 value);
  u64 NameOfWrite() const;                                   // the one that the access at hand makes
  Stores ComputedFrom(const std::vector<int>& reads) const;  // by way of promises
  Stores FromOf(int location, u64 value) const;              // what every way to this value, for the running CPU, has in common
  void LearnOf(size_t atom_and_cpu, u64 value, Stores from);
  void LearnFromClient();  // before the first execution: ExactOptions::storable
  void Note(int event, Origin origin);
  int RoundOf(int location, u64 value) const;
  bool IsOfThisRound() const;  // ... and not of one before, the execution
  void KeepPromises();
  bool TestKeep(int read, int write);

  // ---- CPUs that are alike (exact_symmetry.cc)
  bool Symmetric() const { return exhaustive() && !options_given_.alike.empty(); }
  bool Alike(int a, int b) const;
  bool InOrder(int cpu) const;  // false: another of its class has to come before it, or behind it, where this one is now
  bool InOrderIfItWaits();
  bool ComesToBeWrong(int a, int b) const;
  bool AllInOrder() const;  // at the end
  struct Place {
    int least;
    bool known;  // it is that; else it or more
  };
  Place PlaceInOrder(int cpu, size_t access) const;
  void CountOrbit(Execution* e) const;

  // ---- events (exact_events.cc)
  void AddPartRead(int part, int rf, u64 value);
  void AddPartWrite(int part, int place, u64 value);
  std::vector<int> DataOfWrite() const;
  void FillIn(GraphEvent* e, ExactEvent* info, int part) const;
  void ReadsOf(Dep d, std::vector<int>* out) const;
  int GranuleOf(int part) const { return static_cast<int>(graph_.granule_of(at_.parts[part]) - at_.access->address / 8); }

  // ---- the decisions (explore.cc, exact_passes.cc)
  using Tester = bool (ExactMachine::*)(int, const Option&);
  Option Ask(int part, Tester test);
  Option AskAtRandom(int part, Tester test);
  Option AskUniformly(int part, Tester test, int from);
  bool TestPlace(int part, const Option& o) { return Test(part, o); }
  bool TestPromise(int write, const Option& o) { return o.move == Move::kDoNotKeep || TestKeep(o.place, write); }
  void Offer(Option o) {
    if (n_options_ < kMaxOptions) options_[n_options_++] = o;
  }
  static int Cost(Move m) { return m == Move::kStale || m == Move::kInsert || m == Move::kWait ? 1 : 0; }
  bool exhaustive() const { return options_given_.runs == 0; }
  using Visit = std::function<void(const Execution&)>;
  bool AllPasses(const Visit& visit);  // false: an atom was split
  bool WithoutPromises(const Visit& visit);
  bool AllWithin(int bound, int counted, const Visit& visit);
  bool Buffers() const;  // does the rung allow load buffering?
  void BeginAgain();
  void DrawPolicy();
  void AtRandom(const Visit& visit);
  bool Backtrack();
  void Count(int counted, const Visit& visit);
  bool MustStop();
  void ForgetAll();

  // ---- stopping, and going on another day (exact_standing.cc)
  void Locate(int counted);
  bool Restore(const Standing& from);  // false: it is none of these options

  const int cpus_;
  const Body body_;
  void* const self_;
  const ExactOptions options_given_;
  ExactResult result_;
  GrowingGraph graph_;
  PrefixJudge prefix_;
  bool fits_ = true;  // what was tracked so far is allowed
  CpuState cpu_[kMaxCpus];
  End end_ = End::kNone;
  bool stopping_ = false;  // as soon as its promises are kept
  Current at_{};

  std::vector<Attempt> attempts_;
  std::vector<Frame> frames_;
  u32 attempt_ = 0, question_ = 0;  // of this execution so far
  size_t frame_ = 0;                // the next one to be asked for
  int now_ = 0;                     // events so far: less than the graph has while it is replayed
  int deviations_ = 0, deviations_before_ = 0, events_before_ = 0;
  int bound_ = -1;                           // of deviations
  bool cut_ = false;                         // the bound left something out
  bool left_out_ = false;                    // ... in a pass that is over
  const Standing* from_standing_ = nullptr;  // until it is left behind
  bool promising_ = false;                   // promises are offered in this pass
  bool could_promise_ = false;               // ... and would have been, somewhere
  bool spun_ = false;                        // in this execution a loop waited for a store to anything

  bool declined_free_ = false;  // the access could have gone on with a store that it declined before
  Option options_[kMaxOptions];
  int n_options_ = 0;

  std::vector<Origin> origins_;             // by event
  std::vector<std::vector<Known>> values_;  // stored in some execution, by atom * kMaxCpus + cpu
  int round_ = 0;                           // of promises; 0: a pass without
  std::vector<u16> from_;                   // answers to the next questions: where to go on
  bool values_grew_ = false, storers_grew_ = false;
  bool chains_left_out_ = false;  // by max_promises
  u32 longest_ = 0;               // attempts of the longest execution

  Rng rng_;
  Chances drawn_[kMaxCpus];  // of this random run, and:
  double promise_ = 0, switch_ = 0;
  bool waits_ = true;  // the lowest CPU goes on, and loads may wait: each execution in one way
  std::chrono::steady_clock::time_point deadline_;
};

}  // namespace ordeal::model
