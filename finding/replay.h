// Does this reproducer still give what it says? Run from its decisions as often as asked, and judged once.
#pragma once
#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "finding/investigate.h"
#include "run/machine.h"

namespace ordeal {

struct ReplayResult {
  int times = 0;    // executions from the decisions
  int same = 0;     // of these, with the hash of the first
  int effects = 0;  // of these, with something suspicious
  u32 unmet = 0;    // decisions that did not apply, in the first
  Outcome first;
  std::optional<Finding> finding;  // absent: nothing found, or forbidden by the model
  bool met = true;                 // the expectations of the file, if it states any
  Tally tally;
};

// Plants the reproducer's bugs (they stay planted). InvalidArgument or NotFound for a name that does not exist.
absl::StatusOr<ReplayResult> Replay(const Reproducer& r, int times, Budget budget = {});

absl::StatusOr<model::Rung> ParseRung(const std::string& name);  // of rung.h

// Reads a reproducer from a file: its text or its byte form. Errors name the file (and line).
absl::StatusOr<Reproducer> ReadReproducer(const std::string& path);
absl::StatusOr<Reproducer> ParseReproducer(std::string_view content, const std::string& name);

}  // namespace ordeal
