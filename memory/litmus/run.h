// How is a litmus test answered?
//
// Its threads run on the engine like any code under test (memory/model/engine.h): exhaustively, every execution that the rung allows
// once; or by a number of random runs, a quarter on the views of search mode, each judged by the axioms, the rest in exact mode.
#pragma once
#include "absl/status/statusor.h"
#include "memory/litmus/state.h"
#include "memory/model/exact.h"

namespace ordeal::litmus {

// Where an exhaustive search stopped.
struct Rest {
  model::Standing at;
  bool symmetry = true;  // RunPlan::symmetry
};

struct RunPlan {
  model::Rung rung = model::Rung::kLkmm;
  double seconds = 10;  // of an exhaustive search; 0: none
  u64 runs = 0;         // random ones, when there is no exhaustive search or it was not complete
  bool exhaustive = true;
  u64 seed = 1;
  int turns = kDefaultTurns;             // of a loop
  bool promises = true;                  // load buffering
  bool symmetry = true;                  // of executions that differ by alike threads (alike.h) one is built; all are counted
  const Rest* from = nullptr;            // an exhaustive search goes on from here
  std::function<bool()> stop = nullptr;  // true: enough
};

struct RunReport {
  Answer answer;
  bool complete = false;    // every execution was seen (loops: with so many turns)
  u64 runs = 0;             // random runs made; 0: none
  u64 representatives = 0;  // exhaustive: the executions that were built
  u64 executions = 0;       // exhaustive: each once; random: those that completed and are allowed
  u64 forbidden = 0;        // search mode made them, the axioms refused them: before the filter
  u64 judged = 0, unfulfilled = 0, wild = 0;
  bool given_up_first = false;  // an exhaustive search came to nothing before the random runs
  double explored = 1;          // of it: the estimated part
  int deviations = -1;          // ... and every execution with so many was seen (ExactResult)
  bool alike = false;           // ... or one that differs by alike threads
  bool resumable = false;       // ... and where it goes on
  Rest rest;
  bool begun_again = false;    // what was seen too late made all executions count anew: none of an earlier piece is to be added
  bool no_such_place = false;  // RunPlan::from was not one of this test
};

// An error: more threads or memory than the engine has. One test at a time per process.
absl::StatusOr<RunReport> RunTest(const Test& test, const RunPlan& plan);

}  // namespace ordeal::litmus
