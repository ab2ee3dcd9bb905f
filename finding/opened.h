// What does a reproducer's own execution show? Everything that is needed to go on from there.
#pragma once
#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "finding/investigate.h"

namespace ordeal {

struct Opened {
  std::unique_ptr<Machine> machine;  // with the program and the bugs, which stay planted
  std::unique_ptr<Investigator> investigator;
  std::optional<Finding> finding;  // the facts, without headline and owner; absent: nothing found, or forbidden by the model
};

// InvalidArgument or NotFound for a model, an allocator or a bug that does not exist.
absl::StatusOr<Opened> Open(const Reproducer& r, Budget budget = {});

}  // namespace ordeal
