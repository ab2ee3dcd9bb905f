// What happens when this program runs once on the modelled memory? A machine holds one program with one allocator, and gives an
// Outcome per execution.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "memory/model/engine.h"
#include "memory/model/exact.h"
#include "program/program.h"
#include "shadow/shadow.h"

namespace ordeal {

struct Outcome {
  model::RunResult run;
  std::vector<Report> reports;  // the shadow's, in order; empty: nothing wrong
  bool unjudged = false;        // what seemed wrong hangs on a load that returned what was not stored yet: nothing is said (Observer::unjudged)
  bool race_suspected = false;  // the race clocks could not order two accesses: the judge decides

  // The first report that is an effect, or null.
  const Report* effect() const;
  const Report* first(Violation v) const;
};

// Not thread-safe: the engine runs one execution at a time. Bugs are planted before Load, since the initial image honours them.
class Machine {
 public:
  virtual ~Machine() = default;
  virtual void Load(const Program& program) = 0;
  // Runs the loaded program once; max_steps is set by the program's size. With options.record the trace and the decisions are the engine's (model::RecordedTrace).
  virtual const Outcome& Run(const model::RunOptions& options) = 0;
  // All executions of the loaded program, or random ones, by the axioms of the rung (memory/model/exact.h). Shadow and contract watch as in
  // Run(); a race is there in Execution, `race_suspected` stays false. max_steps and `before` are the machine's.
  virtual model::ExactResult Explore(const model::ExactOptions& options,
                                     const std::function<void(const Outcome&, const model::Execution&)>& visit) = 0;
  virtual const char* allocator() const = 0;
};

// `allocator`: a name of AllocatorNames(). NotFound, with a suggestion, otherwise.
absl::StatusOr<std::unique_ptr<Machine>> MakeMachine(const std::string& allocator);
std::vector<std::string_view> AllocatorNames();

// Registers every Site table of the binary, for names in output. Idempotent.
void RegisterAllSites();

}  // namespace ordeal
