// How are these runs doing? One line each, of one machine or of a rack of them.
#pragma once
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "stress/night/run_state.h"

namespace ordeal::stress {

struct SeenRun {
  std::string directory;
  RunState state;
};

// DIR itself if it holds a run, or else those directly below it that do, in the order of their names. An error if there is none.
absl::StatusOr<std::vector<std::string>> RunsIn(const std::string& directory);

// "running (12 s)", "stale (7 min)", "finished", "interrupted", with "resumed x2". `now` in seconds since 1970. A run that says it is running and
// has not been heard of for five minutes is stale: killed, stopped, or its machine is gone.
std::string StateWords(const RunState& state, double now);

// A head, a line a run, and their sum if they are several.
std::string WhatsUpTable(const std::vector<SeenRun>& runs, double now);

}  // namespace ordeal::stress
