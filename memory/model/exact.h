// What are all the executions of a few CPUs that a model allows, or random ones among them, and nothing else?
//
// Exact mode. The same bodies as in Run() (engine.h) run on the same fibers, but the axioms of the rung decide every choice: an execution is a
// graph that grows access by access; whatever goes back in time (a stale read, a store placed before another one, a promise that is
// kept) is judged at once, and a forbidden prefix is cut, because the axioms are monotone. What reads the newest store and appends is
// never judged: it has edges into it only.
//
// Exhaustive: the lowest CPU that can go on goes on. A load takes a store that is there, or waits; once woken it may only take a
// store made since. So every graph whose po | rf is acyclic is built exactly once. The others (load buffering) come to a point where every
// CPU waits, and need promises: the load of the lowest CPU returns a value that some execution is known to store there, and a later store
// of that value may keep the promise; an execution that leaves one unkept is dropped. Values out of thin air do not arise: a promise is
// kept only by a store that the axioms allow it to read, so none that depends on it. Which load is promised what is a function of the graph,
// too. What is learned in one round of promises is offered in the next; an execution belongs to the first round that knows its values.
//
// Accesses of mixed size are events by atoms, the smallest pieces that any access tells apart (trace_to_graph.h): an extension of the
// models, which know no sizes. One exploration at a time per process; not thread-safe; Run() must not be in progress.
#pragma once
#include <functional>
#include <source_location>
#include <vector>

#include "memory/model/engine.h"
#include "memory/model/judge.h"

namespace ordeal::model {

// Where an exploration stopped: with the same bodies and options another one goes on from there and visits the rest.
struct Standing {
  int bound = -1, counted = -1;   // of deviations: this pass's, and those that earlier passes have visited
  bool cut = false;               // this pass's bound has left something out
  std::vector<u16> answers = {};  // to the questions so far; empty: at the beginning
  int round = 0;                  // of promises; 0: in a pass before them
  bool left_out = false;          // a bound has, in an earlier pass
  bool buffers = false;           // some load may be promised a value
  bool grew = false;              // something was learned in this round
  u32 longest = 0;                // accesses of the longest execution so far
  struct Atom {
    u32 granule;
    u8 bytes;
    bool operator==(const Atom&) const = default;
  };
  struct Value {
    u32 atom;  // of `atoms`
    int cpu;   // stores it
    u64 value;
    int round;  // from which on it may be promised
    bool operator==(const Value&) const = default;
  };
  std::vector<Atom> atoms = {};
  std::vector<Value> values = {};
};

struct ExactOptions {
  Rung rung = Rung::kLkmm;  // kSequential is no model of this kind
  u64 runs = 0;             // 0: all executions, each once; else so many random ones, not all of which complete
  u64 seed = 1;             // of the random ones
  u32 max_steps = 1000;     // accesses of one execution, all CPUs together; a longer one is counted and dropped, and so is one of 1000 events or so
  int max_deviations = -1;  // stale reads, insertions and waits together in one execution (a promise costs the wait that it ends); -1: no bound
  bool widen = false;       // first the executions with no deviation, then one, two, four...: what fails simply is found first
  const Standing* from = nullptr;  // go on from there
  double seconds = 0;              // of wall-clock time, looked at between executions; 0: no bound
  bool promises = true;            // load buffering; without it executions whose po | rf has a cycle are missing
  int max_promises = -1;           // loads that are promised something in one execution, when all are explored; -1: no bound
  // What the CPUs could store, besides what they are seen to in executions without promises, from a client that knows the code: values that may be
  // promised from the first round on. A value may be stored only where it was read, by way of a branch.
  struct Storable {
    u64 address;  // as engine.h's
    u8 bytes;     // 1..8, in one granule
    int cpu;
    u64 value;
  };
  std::vector<Storable> storable = {};
  // May the load of this op and CPU be promised? Null: any load that does not acquire. A client that knows the code (litmus) says no where
  // every store after it is ordered behind it anyway.
  bool (*may_promise)(void* self, int cpu, u16 op) = nullptr;
  std::function<void()> before = nullptr;  // called before each execution is begun, one that comes to nothing included
  // Called when an access turned out to tell the bytes of an atom apart late, or in the pass of promises a CPU stores where it was never seen to:
  // everything visited so far will be visited again.
  std::function<void()> again = nullptr;
  // By CPU: its class, or -1. Those of one class run the same code on the same locations, and neither Spin() nor Stop(). Of executions that
  // differ only by exchanging such CPUs one is built and visited. Empty: no two are alike. Random runs pay no heed to it. Deviations are
  // those of the execution that is built.
  std::vector<int> alike;
  bool show_wild = false;                // executions that reach out of the arena are visited, too: Execution::ending is kWild
  std::function<bool()> stop = nullptr;  // true: the exploration ends before the next execution
};

// One event of the graph, beyond what the axioms see.
struct ExactEvent {
  u64 value = 0;  // read or written, in place within its granule of eight bytes
  Addr address = 0;
  AccessKey key;
  u16 site = 0;
  std::source_location where;
  int previous = kNotThere;  // the CPU's access of this location before
};

struct Execution {
  const Graph& graph;
  const std::vector<ExactEvent>& events;
  Ending ending;  // kFinished, kStopped, kDeadlock or (if asked for) kWild
  bool race;      // a data race by the rung's own definition (LKMM and RC11 have one)
  int race_first, race_second;
  const RunResult& run;  // kWild: who went where
  // With ExactOptions::alike: of how many executions, itself included, this is the one that was built, and by CPU the lowest one that is
  // alike and does the very same. The others are this one with CPUs of a class exchanged that do not do the same.
  u64 orbit = 1;
  int same_as[kMaxCpus] = {};
};

struct ExactResult {
  bool complete = false;                   // exhaustive: nothing was left out by a bound, the clock or `stop`
  bool complete_but_for_promises = false;  // the same of the executions without load buffering
  bool complete_but_for_chains = false;    // the same of the executions with no more promises than ExactOptions::max_promises
  u64 executions = 0;                      // complete and allowed
  u64 representatives = 0;                 // ... of which so many were built: fewer where CPUs are alike
  u64 unfulfilled = 0;                     // a wait for a store that never came, or a promise that nobody kept: no execution
  u64 repeated = 0;                        // promises were kept, but the execution was seen in a round or a pass before
  u64 too_long = 0, wild = 0;              // no executions: dropped and counted (wild: but with show_wild)
  u64 refused = 0;                         // choices that the axioms forbade, before they became part of an execution
  u64 refused_late = 0;                    // complete executions that only plain-coherence forbids, which is not looked at on the way
  u64 judged = 0;                          // calls of the axioms on a whole graph
  bool cut_by_deviations = false, cut_by_time = false;
  int deviations = -1;         // all executions with so many deviations were seen; -1: not that many, or all when `complete`
  double explored = 1;         // cut by time: the estimated part of the choices that was looked at, 0..1 (Knuth, Math. Comp. 29, 1975)
  Standing at;                 // cut by time: where to go on
  bool resumable = false;      // ... which is known
  bool no_such_place = false;  // `from` is not where an exploration of these bodies with these options stopped; nothing was done
};

// Calls `visit` after each execution; PeekNewest() gives final values then.
ExactResult Explore(int cpus, Body body, void* self, const ExactOptions& options, const std::function<void(const Execution&)>& visit);

}  // namespace ordeal::model
