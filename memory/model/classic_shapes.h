// The classic litmus shapes, written against the vocabulary and run on the engine. Support for tests, benchmarks and docs.
//
// A shape is one line: threads apart by '|', instructions by ';'.
//   x=1   WRITE_ONCE          x=rel 1   smp_store_release       x:=1   plain store
//   r0=x  READ_ONCE           r0=acq x  smp_load_acquire        r0:=x  plain load
//   mb wmb rmb                          the fences
//   x=1 data r0 | addr r0 | ctrl r0     the store depends on what r0 was loaded from; `ctrl` lasts to the end of the thread
//   r1=x addr r0                        the load's address depends on r0
//   r0=xchg x 1, r0=add x 1 and suffixes xchg_relaxed, xchg_acquire, xchg_release, add_relaxed...; inc x   void atomic
//   lock l; unlock l                  the locks are l and m
// The outcome is a conjunction, "1:r0=1 1:r1=0 x=2": registers by thread, and final values.
#pragma once
#include <string>
#include <vector>

#include "memory/model/engine.h"
#include "memory/model/exact.h"

namespace ordeal::model {

enum class Allowed : u8 { kNever, kSometimes };

struct Shape {
  const char* name;
  const char* code;
  const char* outcome;
  Allowed verdict;              // the LKMM's, by herd7
  bool load_buffering = false;  // every witness needs a promise: exact mode shows it, search mode does not
};

// The table: name, code, outcome, verdict.
const std::vector<Shape>& ClassicShapes();

class ShapeRunner {
 public:
  explicit ShapeRunner(const Shape& shape);
  ~ShapeRunner();
  // One execution; true if the outcome was reached.
  bool Run(const RunOptions& options, RunResult* result);
  // All executions, or random ones, by the axioms (exact.h); `also` is called after each. True if some reached the outcome.
  bool Explore(const ExactOptions& options, ExactResult* result, const std::function<void(const Execution&)>& also = [](const Execution&) {});
  int threads() const { return static_cast<int>(threads_.size()); }

 private:
  struct Instruction;
  bool Reached() const;
  static void Body(void* self, int cpu);
  void Execute(int cpu);
  std::vector<std::vector<Instruction>> threads_;
  struct Condition {
    int thread;  // -1: a final value
    int index;
    u64 value;
  };
  std::vector<Condition> outcome_;
  u64 registers_[kMaxCpus][8] = {};
};

}  // namespace ordeal::model
