#include "stress/plan.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "stress/night/batch_seed.h"
#include "stress/night/test_id.h"
#include "stress/placement/placement.h"

namespace ordeal::stress {
namespace {

constexpr double kLongestSlice = 2, kShortestSlice = 0.05;
constexpr size_t kCrewsShown = 8;

// So that each scenario has two turns at least, wherever the threads are placed.
double SliceFor(const NightFlags& flags, size_t scenarios) {
  if (flags.slice_seconds > 0) return flags.slice_seconds;
  if (!std::isfinite(flags.seconds)) return kLongestSlice;
  return std::clamp(flags.seconds / (2.2 * static_cast<double>(std::max<size_t>(scenarios, 1))), kShortestSlice, kLongestSlice);
}

}  // namespace

absl::StatusOr<Plan> MakePlan(const NightFlags& flags, const Topology& topology) {
  absl::StatusOr<std::vector<Scenario>> scenarios = ChooseScenarios(flags.scenarios);
  if (!scenarios.ok()) return scenarios.status();
  Plan plan;
  plan.scenarios = *std::move(scenarios);
  const int usable = static_cast<int>(topology.usable().size());
  if (usable < flags.min_cpus)
    return absl::FailedPreconditionError(
        absl::StrCat("this machine has ", usable, " usable processors, expected --min_cpus=", flags.min_cpus, " or more"));
  plan.threads = flags.placement.oversubscribe ? flags.threads : std::min(flags.threads, usable);
  plan.crews = flags.crews;
  size_t run = 0;
  for (Scenario& s : plan.scenarios) {
    const int cpus = s.kind == ScenarioKind::kCorpus ? s.reproducer.program.geometry.cpus : 1;
    if (cpus > usable && !flags.placement.oversubscribe && s.not_run.empty())
      s.not_run = absl::StrCat("needs ", cpus, " processors, ", usable, " are usable");
    run += s.not_run.empty();
  }
  if (run == 0) return absl::FailedPreconditionError("no scenario can be run here; --list says why");
  plan.slice_seconds = SliceFor(flags, run);
  const absl::StatusOr<u64> binary = BinaryHash();
  if (!binary.ok()) return binary.status();
  plan.hash = PlanHash(flags.plan, *binary);
  return plan;
}

std::string ScenarioList(const Plan& plan) {
  std::string s;
  for (const Scenario& scenario : plan.scenarios) {
    absl::StrAppendFormat(&s, "%-42s ", scenario.name);
    if (!scenario.not_run.empty()) absl::StrAppend(&s, "not run: ", scenario.not_run);
    else if (scenario.kind == ScenarioKind::kDrawn) absl::StrAppend(&s, "programs drawn anew; nothing may go wrong");
    else if (scenario.kind == ScenarioKind::kMix) absl::StrAppend(&s, "the real malloc at work; nothing may go wrong");
    else if (scenario.model_allows().empty()) absl::StrAppend(&s, "nothing goes wrong: ", scenario.reproducer.expect.headline);
    else
      absl::StrAppend(&s, scenario.wanted(), ", model: ", scenario.model_allows(),
                      MachineCanShow(scenario) ? "" : absl::StrCat("; hidden by this machine's ", RungOfThisMachine()));
    s += "\n";
  }
  return s;
}

std::string PlanText(const Plan& plan, const NightFlags& flags, const Topology& topology) {
  std::string s = absl::StrCat("machine    ", topology.Describe(), topology.this_system() ? "" : " (described, not this one)", "\nscenarios  ",
                               plan.scenarios.size(), " of ", absl::StrFormat("%.2f", plan.slice_seconds), " s each, one after the other\n");
  if (std::isfinite(flags.seconds)) absl::StrAppendFormat(&s, "time       %.0f s\n", flags.seconds);
  for (u64 epoch = 0; epoch < (flags.placement.policy == Policy::kRotate ? RotatedPolicies().size() : 1); ++epoch) {
    const absl::StatusOr<Placement> p = stress::Place(topology, flags.placement, plan.threads, plan.crews, flags.seed, epoch);
    if (!p.ok()) return absl::StrCat(s, "epoch ", epoch, ": ", std::string(p.status().message()), "\n");
    absl::StrAppend(&s, "epoch ", epoch, "\n", PlacementText(*p, kCrewsShown));
  }
  return absl::StrCat(s, "scenarios\n", ScenarioList(plan));
}

}  // namespace ordeal::stress
