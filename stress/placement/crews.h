// Which PUs make crews of a policy's shape? The arithmetic of placement; used by placement.cc alone.
#pragma once
#include <vector>

#include "absl/status/statusor.h"
#include "stress/placement/policy.h"
#include "stress/placement/topology.h"

namespace ordeal::stress {

// The PUs of one crew: thread i of the crew has seat i.
using Crew = std::vector<Seat>;

// Consecutive ones as far apart as they can be: packages take turns, within them nodes, then last caches, cores, siblings.
std::vector<Seat> SpreadOrder(const std::vector<Seat>& seats);

// Up to `most` crews of `threads` seats, each of the policy's shape, no entry of `pool` used twice; earlier entries are preferred. At least one
// crew, or a FailedPrecondition that says what this machine lacks.
absl::StatusOr<std::vector<Crew>> CrewsOf(Policy policy, const std::vector<Seat>& pool, int threads, int most);

}  // namespace ordeal::stress
