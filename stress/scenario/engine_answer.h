// What does the modelled memory say to something that a real machine did? The same program, searched rung by rung for the same violation.
//
// It gets a witness that replays anywhere, with its verdict; or the statement that no rung explains it within the bound, which is either a
// bug of the allocator that lies below the vocabulary (its compiler's, the machine's), or a bug of ours.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "finding/verdict.h"

namespace ordeal::stress {

struct EngineBudget {
  u64 executions = 20'000;  // of the exhaustive look, on each rung
  u64 searched = 200'000;   // random ones, for a witness
};

struct EngineAnswer {
  std::string rung;                // the strongest that shows it: "sequential", "SC", ...; empty: none did
  std::vector<Count> counts;       // rung by rung, of the executions with this very violation; the last is the one that showed it
  std::optional<Finding> witness;  // analysed; absent: none was met
  std::string text;                // all this in lines, for people
};

// The reproducer's bugs are planted afterwards. Not while crews run: it is one thread's engine, and bugs are the process's.
// NotFound: no such allocator or bug; unknown violation.
absl::StatusOr<EngineAnswer> AskEngine(const Reproducer& reproducer, const std::string& violation, const EngineBudget& budget = {});

}  // namespace ordeal::stress
