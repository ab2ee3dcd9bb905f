// What will be run, where, and for how long?
#pragma once
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "stress/flags/flags.h"
#include "stress/placement/topology.h"
#include "stress/scenario/scenario.h"

namespace ordeal::stress {

struct Plan {
  std::vector<Scenario> scenarios;  // of one epoch, in order; those that cannot be run have a reason
  double slice_seconds = 1;
  u64 hash = 0;     // of what makes rounds comparable
  int threads = 2;  // of a crew
  int crews = 1;    // at most
};

// FailedPrecondition (exit 2): too few processors. Otherwise what was asked for that does not exist.
absl::StatusOr<Plan> MakePlan(const NightFlags& flags, const Topology& topology);

// --dryrun, --list.
std::string PlanText(const Plan& plan, const NightFlags& flags, const Topology& topology);
std::string ScenarioList(const Plan& plan);

}  // namespace ordeal::stress
