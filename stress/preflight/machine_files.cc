#include "stress/preflight/machine_files.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/file.h"

namespace ordeal::stress {
namespace {

void Narrow(std::optional<double>& limit, std::optional<double> other) {
  if (other && *other > 0 && (!limit || *other < *limit)) limit = other;
}

// "max" is none; so is -1, which Narrow passes over.
std::optional<double> CpusOf(absl::string_view quota, absl::string_view period) {
  double q = 0, p = 0;
  if (!absl::SimpleAtod(quota, &q) || !absl::SimpleAtod(period, &p) || p <= 0) return std::nullopt;
  return q / p;
}

void ReadGroup(const MachineFiles& files, const std::string& group, CgroupLimits& limits) {
  const std::vector<std::string> max = absl::StrSplit(files.Text(group + "/cpu.max"), ' ');
  if (max.size() == 2) Narrow(limits.cpus, CpusOf(max[0], max[1]));
  Narrow(limits.cpus, CpusOf(files.Text(group + "/cpu.cfs_quota_us"), files.Text(group + "/cpu.cfs_period_us")));
  Narrow(limits.memory, files.Number(group + "/memory.max"));
  // Version 1 writes "none" as the largest multiple of a page.
  if (const std::optional<double> bytes = files.Number(group + "/memory.limit_in_bytes"); bytes && *bytes < 1e18) Narrow(limits.memory, bytes);
}

}  // namespace

std::string MachineFiles::Text(const std::string& path) const {
  const absl::StatusOr<std::string> text = ReadFile(root_ + path, size_t{1} << 26);
  return text.ok() ? std::string(absl::StripAsciiWhitespace(*text)) : "";
}

std::optional<double> MachineFiles::Number(const std::string& path) const {
  double value = 0;
  if (!absl::SimpleAtod(Text(path), &value)) return std::nullopt;
  return value;
}

std::string MachineFiles::After(const std::string& path, const std::string& key) const {
  const std::string text = Text(path);
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    if (line.substr(0, key.size()) != key) continue;
    line.remove_prefix(key.size());
    line = absl::StripLeadingAsciiWhitespace(line);
    if (!line.empty() && line[0] == ':') line.remove_prefix(1);
    return std::string(absl::StripAsciiWhitespace(line));
  }
  return "";
}

CgroupLimits ReadCgroupLimits(const MachineFiles& files) {
  CgroupLimits limits;
  const std::string own = files.Text("/proc/self/cgroup");
  // "4:memory:/a/b" in version 1, "0::/a/b" in version 2. In a container the path may be one of the outside: then what exists of it counts, and
  // the top in any case.
  for (absl::string_view line : absl::StrSplit(own, '\n')) {
    const std::vector<absl::string_view> parts = absl::StrSplit(line, absl::MaxSplits(':', 2));
    if (parts.size() != 3) continue;
    const std::string top = absl::StrCat("/sys/fs/cgroup", parts[1].empty() ? "" : "/", parts[1]);
    for (std::string path(parts[2]);; path.resize(path.rfind('/'))) {
      if (path == "/") path.clear();
      ReadGroup(files, top + path, limits);
      if (path.empty() || path.rfind('/') == std::string::npos) break;
    }
  }
  return limits;
}

}  // namespace ordeal::stress
