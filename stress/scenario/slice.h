// What does a scenario come to in a slice of the night? Crews run it side by side, as they were placed.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "stress/crew/crew.h"
#include "stress/crew/program_workload.h"
#include "stress/scenario/scenario.h"

namespace ordeal::stress {

struct SliceOptions {
  u64 seed = 1;
  double seconds = 1;
  u64 rounds = ~u64{0};  // of all crews together, about
  int crews = 1;         // at most; programs have threads_each CPUs at most, mixes as many
  int threads_each = 2;
  Sync sync = Sync::kTimebase;
  Watch watch = Watch::kFull;
  bool delays = true, evict = true;
  // Of thread t of crew c; null: the kernel's choice.
  std::function<absl::Status(int crew, int thread)> pin;
  std::function<bool(int crew, int thread)> still_there;
  std::function<absl::Status(int crew, int thread, u64 batch)> move;  // to another processor before a batch; null: threads stay
  std::function<WorkerPulse*(int crew, int thread)> pulse;            // for a watchdog; null: none
  // The memory of crew c; null: the kernel's choice.
  std::function<absl::Status(int crew, void* start, size_t bytes)> place;
};

// What went wrong, once of each kind.
struct Hit {
  std::string outcome;    // a violation's name
  Reproducer reproducer;  // the program, as it ran; of a mix: nothing
  std::string seen;       // line by line, as the clocks ordered it
};

struct SliceResult {
  CrewResult result;
  std::vector<Hit> hits;
};

// Plants the scenario's bugs and leaves them planted. Pinning refused, no memory: an error, and nothing counts. Ends early if Interrupted().
absl::StatusOr<SliceResult> RunSlice(const Scenario& scenario, const SliceOptions& options);

// The same for a positive control: outcomes "weak" and "strong".
absl::StatusOr<CrewResult> RunCanary(std::string_view name, const SliceOptions& options);

}  // namespace ordeal::stress
