// How is a litmus test answered?
//
// Its threads run on the engine like any code under test (memory/model/engine.h): exhaustively, every execution that the rung allows
// once; or by a number of random runs, half on the views of search mode, each judged by the axioms, half in exact mode.
#pragma once
#include "absl/status/statusor.h"
#include "memory/litmus/state.h"
#include "memory/model/exact.h"

namespace ordeal::litmus {

struct RunPlan {
  model::Rung rung = model::Rung::kLkmm;
  double seconds = 10;       // of an exhaustive search; 0: none
  u64 runs = 0;              // random ones, when there is no exhaustive search or it was not complete
  bool exhaustive = true;
  u64 seed = 1;
  int turns = kDefaultTurns; // of a loop
  bool promises = true;      // load buffering
  const volatile bool* stop = nullptr;
};

struct RunReport {
  Answer answer;
  bool complete = false;     // every execution was seen (loops: with so many turns)
  u64 runs = 0;              // random runs made; 0: none
  u64 executions = 0;        // exhaustive: each once; random: those that completed and are allowed
  u64 forbidden = 0;         // search mode made them, the axioms refused them: before the filter
  u64 leaked = 0;            // ... and after it: 0, or a bug of ours
  u64 judged = 0, unfulfilled = 0, wild = 0;
};

// An error: more threads or memory than the engine has. One test at a time per process.
absl::StatusOr<RunReport> RunTest(const Test& test, const RunPlan& plan);

}  // namespace ordeal::litmus
