// What do the executions of one program come to, on one rung? All of them where that is possible, else as many as the bound allows.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "finding/verdict.h"
#include "run/machine.h"

namespace ordeal {

// What a question may cost. Counted in executions, not in seconds: the same answer on every machine.
struct Bound {
  u64 executions = 3000;  // begun, on one rung, fewest deviations first; one of more than 64 events counts for more, by the cube
  u32 samples = 0;        // random ones, where the above were not all and none of them fails
  // Load buffering, most of the cost: the most loads of one execution that read what is stored after them. 0: none, and kAll means all the
  // others. -1: any number, but one where that is too much and nothing fails.
  int promises = -1;
};

// With which of a reproducer's bugs?
enum class Planted : u8 { kAll, kNotTheUsers };

// Not thread-safe. The machine keeps the program of the last Load(), and its bugs stay planted.
class Trials {
 public:
  // Called after each execution; false: enough. `exact` is null for sequential and random executions.
  using Visit = std::function<bool(const Outcome& outcome, const model::Execution* exact)>;

  explicit Trials(Machine& machine) : machine_(machine) {}

  // Names of bugs were checked before.
  void Load(const Reproducer& r, Planted planted = Planted::kAll);
  // Beside the bugs, until the next Load().
  void Apply(const Repair& repair);

  // `again`: all visited so far will be visited again (ExactOptions::again).
  Count On(model::Rung rung, const Bound& bound, const Visit& visit = nullptr, const std::function<void()>& again = nullptr);

  Machine& machine() { return machine_; }
  const Program& program() const { return program_; }

 private:
  Count Sequentially(const Bound& bound, const Visit& visit);
  Count Exactly(model::Rung rung, const Bound& bound, const Visit& visit, const std::function<void()>& again);
  Count Explored(model::Rung rung, const Bound& bound, const Visit& visit, const std::function<void()>& again);
  bool SampleOne(model::RunOptions options, const Visit& visit, Count* count);
  void Sample(model::Rung rung, const Bound& bound, const Visit& visit, Count* count);

  Machine& machine_;
  Program program_;
};

// The weakest program that keeps the contract by itself: every publish at least a release, every consume at least an acquire, and a slot's
// lock taken by both sides or by neither.
Program EnforceContract(Program program);

}  // namespace ordeal
