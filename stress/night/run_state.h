// How far has a run come? The one file that resuming starts from.
#pragma once
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "memory/order.h"
#include "stress/night/tally.h"

namespace ordeal::stress {

enum class RunStatus { kRunning, kFinished, kInterrupted };
const char* RunStatusName(RunStatus status);  // "running", ...

struct RunState {
  u64 plan = 0;        // PlanHash
  u64 seed = 0;        // of the campaign
  u64 next_epoch = 0;  // all before it are in the tally, it and all later ones are not
  NightTally tally{};
  double plan_done = 0;  // the share of the plan that is done, 0 to 1
  double seconds = 0;    // of running, all parts together
  u64 resumed = 0;       // times
  RunStatus status = RunStatus::kRunning;
  std::string host{}, architecture{}, shard{};  // "1/4"; empty: the only one
  double written = 0;                           // when, in seconds since 1970: the run's heartbeat
  bool operator==(const RunState&) const = default;
};

// With a check sum over all of it: what was cut, mixed or changed by hand is not resumed from.
std::string RunStateToText(const RunState& state);
absl::StatusOr<RunState> RunStateFromText(const std::string& text, const std::string& what);

// DIR/state.json. For those who only look: takes no lock.
absl::StatusOr<RunState> ReadRunState(const std::string& directory);

}  // namespace ordeal::stress
