#include <algorithm>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "stress/placement/cpu_list.h"
#include "stress/preflight/checks.h"

namespace ordeal::stress {
namespace {

constexpr char kCpu[] = "/sys/devices/system/cpu/";

std::vector<int> Online(const Machine& m) { return ParseCpuList(m.files.Text(absl::StrCat(kCpu, "online"))).value_or(std::vector<int>()); }

bool HasWord(const std::string& text, absl::string_view word) {
  const std::vector<absl::string_view> words = absl::StrSplit(text, absl::ByAnyChar(" \t\n"));
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

Check CheckCpus(const Machine& m) {
  const size_t online = Online(m).size();
  const std::string value = absl::StrCat(m.trials.usable, " usable of ", online > 0 ? absl::StrCat(online) : "an unknown number", " online");
  if (!m.trials.topology.ok()) return {Level::kBad, "cpus", "unknown", std::string(m.trials.topology.message())};
  if (m.trials.usable < 2)
    return {Level::kBad, "cpus", value, "two threads never run at the same moment; widen the cpuset or taskset, or take a larger machine"};
  if (static_cast<size_t>(m.trials.usable) < online) return {Level::kWarn, "cpus", value, "the rest is kept from this process: see affinity"};
  return {Level::kOk, "cpus", value, "crews of as many threads can run at once"};
}

Check CheckAffinity(const Machine& m) {
  const std::string allowed = m.files.After("/proc/self/status", "Cpus_allowed_list");
  const absl::StatusOr<std::vector<int>> cpus = ParseCpuList(allowed);
  if (!cpus.ok()) return {Level::kOk, "affinity", "unknown", "which CPUs a cpuset or taskset leaves to us"};
  size_t missing = 0;
  for (const int cpu : Online(m)) missing += std::find(cpus->begin(), cpus->end(), cpu) == cpus->end();
  if (missing == 0) return {Level::kOk, "affinity", allowed, "no cpuset and no taskset keeps a CPU from us"};
  return {Level::kWarn, "affinity", allowed,
          absl::StrCat("a cpuset, a container or taskset keeps ", missing, " CPUs from us; start from a shell without")};
}

Check CheckQuota(const Machine& m) {
  const std::optional<double> cpus = ReadCgroupLimits(m.files).cpus;
  if (!cpus) return {Level::kOk, "quota", "none", "no cgroup stops threads in the middle of a round"};
  const std::string value = absl::StrFormat("%.2f CPUs", *cpus);
  if (*cpus >= m.trials.usable) return {Level::kOk, "quota", value, "as much as the usable CPUs can take"};
  return {Level::kWarn, "quota", value,
          "the cgroup stops all threads when it is spent (cpu.max, cfs_quota); raise it, or use no more threads than that"};
}

Check CheckPinning(const Machine& m) {
  if (m.trials.pinning.ok()) return {Level::kOk, "pinning", "works", "tried on every usable CPU, and read back"};
  return {Level::kBad, "pinning", "refused", absl::StrCat(std::string(m.trials.pinning.message()), "; placements mean nothing without it")};
}

Check CheckLoad(const Machine& m) {
  const std::vector<std::string> loads = absl::StrSplit(m.files.Text("/proc/loadavg"), ' ');
  double load = 0;
  if (!absl::SimpleAtod(loads[0], &load)) return {Level::kOk, "load", "unknown", "how many others want to run"};
  const std::string value = absl::StrFormat("%.2f on %d", load, m.trials.usable);
  if (load <= 0.5 * m.trials.usable) return {Level::kOk, "load", value, "others leave the CPUs to us"};
  return {Level::kWarn, "load", value, "others run beside us: threads of a crew will miss each other; see the overlap meter, or stop the others"};
}

Check CheckPressure(const Machine& m) {
  const std::string some = m.files.After("/proc/pressure/cpu", "some");
  const std::vector<std::string> parts = absl::StrSplit(some, absl::ByAnyChar(" ="));
  double percent = 0;
  if (parts.size() < 6 || parts[0] != "avg10" || !absl::SimpleAtod(parts[1], &percent))
    return {Level::kOk, "pressure", "unknown", "how long threads wait for a CPU"};
  const std::string value = absl::StrFormat("%.1f %% of 10 s, %s %% of 5 min", percent, parts[5]);
  if (percent < 10) return {Level::kOk, "pressure", value, "threads hardly wait for a CPU"};
  return {Level::kWarn, "pressure", value, "threads that are ready wait for a CPU: others are at work, or a quota is spent"};
}

Check CheckGovernor(const Machine& m) {
  std::map<std::string, int> governors;
  for (const int cpu : Online(m))
    if (const std::string governor = m.files.Text(absl::StrCat(kCpu, "cpu", cpu, "/cpufreq/scaling_governor")); !governor.empty())
      ++governors[governor];
  if (governors.empty()) return {Level::kOk, "governor", "unknown", "virtual machines have none; rates may vary with the host's"};
  const std::string value = absl::StrJoin(governors, ", ", [](std::string* out, const auto& g) { absl::StrAppend(out, g.first, " on ", g.second); });
  if (governors.size() == 1 && governors.begin()->first == "performance") return {Level::kOk, "governor", value, "clocks do not sink between rounds"};
  return {Level::kWarn, "governor", value, "clocks change with the load, and so do skews and rates: cpupower frequency-set -g performance"};
}

Check CheckSmt(const Machine& m) {
  const std::string control = m.files.Text(absl::StrCat(kCpu, "smt/control")), active = m.files.Text(absl::StrCat(kCpu, "smt/active"));
  if (control.empty()) return {Level::kOk, "smt", "unknown", "`ordeal topo` shows the siblings that hwloc found"};
  if (active == "1") return {Level::kOk, "smt", control, "siblings share a core: placement smt can be done"};
  if (control == "off")
    return {Level::kWarn, "smt", control, "the machine could, and is told not to: no placement smt; echo on >/sys/devices/system/cpu/smt/control"};
  return {Level::kOk, "smt", control, "no siblings here: no placement smt"};
}

Check CheckTimebase(const Machine& m) {
  const std::string clock = "/sys/devices/system/clocksource/clocksource0/";
  const std::string current = m.files.Text(clock + "current_clocksource"), available = m.files.Text(clock + "available_clocksource");
  const std::string value = current.empty() ? "unknown" : current;
  if (m.arch != "x86_64") return {Level::kOk, "timebase", value, "read by one instruction, the same on all cores by the architecture"};
  const std::string flags = m.files.After("/proc/cpuinfo", "flags");
  const bool invariant = HasWord(flags, "constant_tsc") && HasWord(flags, "nonstop_tsc");
  if (!flags.empty() && !invariant)
    return {Level::kWarn, "timebase", absl::StrCat(value, ", TSC not invariant"),
            "rounds that start by the TSC start askew when clocks change: --sync=spin"};
  if (current.empty() || flags.empty()) return {Level::kOk, "timebase", value, "rounds start by the TSC"};
  // The kernel strikes "tsc" from the list when it has seen it go wrong.
  if (!HasWord(available, "tsc"))
    return {Level::kWarn, "timebase", absl::StrCat(value, ", TSC given up by the kernel"),
            "cores do not agree on the TSC (dmesg | grep -i tsc): --sync=spin"};
  if (current != "tsc")
    return {Level::kOk, "timebase", absl::StrCat(value, ", TSC invariant"), "rounds start by the TSC, which the kernel trusts too"};
  return {Level::kOk, "timebase", "tsc, invariant", "rounds start by it on all cores alike"};
}

}  // namespace ordeal::stress
