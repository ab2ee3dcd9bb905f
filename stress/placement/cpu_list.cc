#include "stress/placement/cpu_list.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace ordeal::stress {
namespace {

bool ReadNumber(absl::string_view text, int* out) {
  return !text.empty() && text.find_first_not_of("0123456789") == absl::string_view::npos && absl::SimpleAtoi(text, out) && *out <= kHighestCpu;
}

// "5", "5-9" or "5-9:2".
bool ReadRange(absl::string_view text, std::vector<int>& out) {
  int from = 0, to = 0, step = 1;
  if (ReadNumber(text, &from)) {
    out.push_back(from);
    return true;
  }
  const std::vector<absl::string_view> ends = absl::StrSplit(text, '-');
  if (ends.size() != 2) return false;
  const std::vector<absl::string_view> last = absl::StrSplit(ends[1], ':');
  if (last.size() > 2 || !ReadNumber(ends[0], &from) || !ReadNumber(last[0], &to) || to < from) return false;
  if (last.size() == 2 && (!ReadNumber(last[1], &step) || step < 1)) return false;
  for (int cpu = from; cpu <= to; cpu += step) out.push_back(cpu);
  return true;
}

// How many of the numbers from `at` on lie `step` apart.
size_t RunLength(const std::vector<int>& cpus, size_t at, int step) {
  size_t end = at + 1;
  while (end < cpus.size() && cpus[end] - cpus[end - 1] == step) ++end;
  return end - at;
}

}  // namespace

absl::StatusOr<std::vector<int>> ParseCpuList(std::string_view text) {
  std::vector<int> cpus;
  const std::string list(text);
  for (absl::string_view part : absl::StrSplit(list, ','))
    if (!ReadRange(part, cpus))
      return absl::InvalidArgumentError(
          absl::StrCat("cpulist: expected OS numbers as in \"0,8,16-23,32-62:2\", got \"", part, "\" in \"", list, "\""));
  return cpus;
}

std::string CpuListText(const std::vector<int>& rising) {
  std::string out;
  for (size_t at = 0; at < rising.size();) {
    absl::StrAppend(&out, out.empty() ? "" : ",", rising[at]);
    const int step = at + 1 < rising.size() ? rising[at + 1] - rising[at] : 0;
    // Two neighbours are a range; two numbers far apart are better left alone, and the second may begin a range.
    const size_t length = step == 0 ? 1 : RunLength(rising, at, step);
    if (length < (step == 1 ? 2u : 3u)) {
      ++at;
      continue;
    }
    absl::StrAppend(&out, "-", rising[at + length - 1]);
    if (step > 1) absl::StrAppend(&out, ":", step);
    at += length;
  }
  return out.empty() ? "none" : out;
}

}  // namespace ordeal::stress
