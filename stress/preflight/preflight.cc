#include "stress/preflight/preflight.h"

#include <algorithm>
#include <thread>

#include "absl/strings/str_format.h"
#include "stress/placement/binding.h"
#include "stress/preflight/checks.h"

namespace ordeal::stress {

const char* LevelName(Level level) { return level == Level::kOk ? "ok" : level == Level::kWarn ? "warn" : "bad"; }

Trials TryThisMachine() {
  Trials out;
  const absl::StatusOr<Topology> topology = Topology::Load("native");
  out.topology = topology.status();
  out.pinning = topology.status();
  if (!topology.ok()) return out;
  out.usable = static_cast<int>(topology->usable().size());
  // In a thread of its own: ours stays where it is.
  std::thread([&] {
    for (const Seat& seat : topology->usable())
      if (out.pinning.ok()) out.pinning = PinThisThread(*topology, seat);
  }).join();
  return out;
}

std::vector<Check> Preflight(const Machine& machine) {
  std::vector<Check> checks;
  for (const auto check : {CheckCpus, CheckAffinity, CheckQuota, CheckPinning, CheckLoad, CheckPressure, CheckGovernor, CheckSmt, CheckTimebase,
                           CheckMemory, CheckHugePages, CheckCorePattern, CheckCoreLimit})
    checks.push_back(check(machine));
  return checks;
}

Level Worst(const std::vector<Check>& checks) {
  Level worst = Level::kOk;
  for (const Check& c : checks) worst = std::max(worst, c.level);
  return worst;
}

std::string PreflightText(const std::vector<Check>& checks) {
  size_t width = 0;
  for (const Check& c : checks) width = std::max(width, std::min<size_t>(c.value.size(), 44));
  std::string out;
  for (const Check& c : checks)
    absl::StrAppendFormat(&out, "%-4s  %-12s  %-*s  %s\n", LevelName(c.level), c.what, static_cast<int>(width), c.value, c.why);
  return out;
}

}  // namespace ordeal::stress
