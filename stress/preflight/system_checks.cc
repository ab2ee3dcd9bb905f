#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "stress/preflight/checks.h"

namespace ordeal::stress {
namespace {

constexpr double kMiB = 1024.0 * 1024;
constexpr double kLeastMemory = 256 * kMiB, kGoodMemory = 1024 * kMiB;

std::string Size(double bytes) {
  return bytes < 10 * 1024 * kMiB ? absl::StrFormat("%.0f MiB", bytes / kMiB) : absl::StrFormat("%.0f GiB", bytes / kMiB / 1024);
}

// "24129648 kB"
std::optional<double> Available(const Machine& m) {
  double kib = 0;
  const std::vector<std::string> words = absl::StrSplit(m.files.After("/proc/meminfo", "MemAvailable"), ' ');
  if (!absl::SimpleAtod(words[0], &kib)) return std::nullopt;
  return kib * 1024;
}

}  // namespace

Check CheckMemory(const Machine& m) {
  const std::optional<double> available = Available(m), limit = ReadCgroupLimits(m.files).memory;
  if (!available && !limit) return {Level::kOk, "memory", "unknown", "a run keeps to a few hundred MiB"};
  const std::string value = absl::StrCat(available ? absl::StrCat(Size(*available), " available") : "unknown", ", ",
                                         limit ? absl::StrCat("cgroup limit ", Size(*limit)) : "no cgroup limit");
  const double least = std::min(available.value_or(1e30), limit.value_or(1e30));
  if (least < kLeastMemory)
    return {Level::kBad, "memory", value, absl::StrCat("less than ", Size(kLeastMemory), ": the kernel would end the run some time in the night")};
  if (least < kGoodMemory) return {Level::kWarn, "memory", value, absl::StrCat("less than ", Size(kGoodMemory), ": crews must be few")};
  return {Level::kOk, "memory", value, "a run keeps to a few hundred MiB"};
}

Check CheckHugePages(const Machine& m) {
  const std::string text = m.files.Text("/sys/kernel/mm/transparent_hugepage/enabled");
  const size_t open = text.find('['), close = text.find(']');
  if (open == std::string::npos || close == std::string::npos || close < open)
    return {Level::kOk, "thp", "unknown", "this kernel has no transparent huge pages: no --pages=thp"};
  const std::string mode = text.substr(open + 1, close - open - 1);
  if (mode == "never") return {Level::kWarn, "thp", mode, "--pages=thp does nothing: echo madvise >/sys/kernel/mm/transparent_hugepage/enabled"};
  if (mode == "always") return {Level::kOk, "thp", mode, "--pages=4k asks for small pages where it needs them"};
  return {Level::kOk, "thp", mode, "--pages=thp asks for huge pages, all else has small ones"};
}

Check CheckCorePattern(const Machine& m) {
  const std::string pattern = m.files.Text("/proc/sys/kernel/core_pattern");
  if (pattern.empty()) return {Level::kOk, "core_pattern", "unknown", "where a core goes when the code under test crashes"};
  if (pattern[0] == '|') return {Level::kOk, "core_pattern", pattern, "a program takes the core: coredumpctl, abrt or apport has it"};
  if (absl::StrContains(pattern, "%p") || absl::StrContains(pattern, "%t") || pattern[0] == '/')
    return {Level::kOk, "core_pattern", pattern, "a file for each crash"};
  const bool pid = m.files.Text("/proc/sys/kernel/core_uses_pid") == "1";
  if (pid) return {Level::kOk, "core_pattern", pattern, "a file for each crash, with the process's number"};
  return {Level::kWarn, "core_pattern", pattern,
          "one file in the current directory, a second crash overwrites the first: sysctl kernel.core_pattern=/var/tmp/core.%e.%p"};
}

Check CheckCoreLimit(const Machine& m) {
  const std::string limits = m.files.After("/proc/self/limits", "Max core file size");
  const std::vector<std::string> words = absl::StrSplit(limits, ' ', absl::SkipEmpty());
  if (words.empty()) return {Level::kOk, "core_limit", "unknown", "whether a core is written when the code under test crashes"};
  if (words[0] == "unlimited") return {Level::kOk, "core_limit", words[0], "a crash of the code under test leaves a whole core"};
  if (words[0] == "0") return {Level::kWarn, "core_limit", "0", "a crash of the code under test leaves no core: ulimit -c unlimited"};
  return {Level::kWarn, "core_limit", absl::StrCat(words[0], " bytes"), "a core may be cut off: ulimit -c unlimited"};
}

}  // namespace ordeal::stress
