#include "stress/flags/args.h"

#include <algorithm>
#include <vector>

#include "absl/flags/reflection.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/file.h"
#include "base/suggest.h"
#include "stress/flags/table.h"

namespace ordeal::stress {
namespace {

absl::Status Bad(const std::string& what) { return absl::InvalidArgumentError(what); }
absl::Status Unknown(const std::string& name) {
  std::vector<std::string_view> all(std::begin(kPlanFlags), std::end(kPlanFlags));
  all.insert(all.end(), std::begin(kOtherFlags), std::end(kOtherFlags));
  return Bad(absl::StrCat("unknown flag --", name, DidYouMean(name, all), "; --helpfull lists them all"));
}

absl::Status Set(const std::string& name, const std::string& value) {
  std::string error;
  absl::CommandLineFlag* flag = absl::FindCommandLineFlag(name);
  if (flag == nullptr) return Unknown(name);
  if (!flag->ParseFrom(value, &error)) return Bad(absl::StrCat("--", name, "=", value, ": ", error));
  return absl::OkStatus();
}

}  // namespace

bool IsOneOf(std::string_view name, std::span<const std::string_view> names) { return std::ranges::find(names, name) != names.end(); }

absl::Status TakeFlag(const std::string& arg) {
  const bool two = absl::StartsWith(arg, "--");
  const std::string body = arg.substr(two ? 2 : 1);
  const size_t eq = body.find('=');
  std::string name = body.substr(0, eq), value = eq == std::string::npos ? "true" : body.substr(eq + 1);
  if (eq == std::string::npos && absl::StartsWith(name, "no") && IsOneOf(name.substr(2), kSwitches)) name = name.substr(2), value = "false";
  if (!IsOneOf(name, kPlanFlags) && !IsOneOf(name, kOtherFlags)) return Unknown(name);
  if (!two) return Bad(absl::StrCat(arg, ": flags take two dashes here (one is libFuzzer's, for slab_fuzzer)"));
  if (eq == std::string::npos && !IsOneOf(name, kSwitches)) return Bad(absl::StrCat("--", name, " has no value: expected --", name, "=VALUE"));
  return Set(name, value);
}

// The flags that a run was started with.
absl::Status TakeFlagsOf(const std::string& directory) {
  const absl::StatusOr<std::string> text = ReadFile(directory + "/flags.txt", 1 << 20);
  if (!text.ok()) return text.status();
  int number = 0;
  for (const absl::string_view line : absl::StrSplit(*text, '\n')) {
    ++number;
    if (line.empty() || line[0] == '#') continue;
    const absl::Status s = absl::StartsWith(line, "--") ? TakeFlag(std::string(line)) : Bad(absl::StrCat("got '", line, "', expected --FLAG=VALUE"));
    if (!s.ok()) return Bad(absl::StrCat(directory, "/flags.txt:", number, ": ", s.message()));
  }
  for (const std::string_view name : kOfOneRun)
    if (absl::Status s = Set(std::string(name), IsOneOf(name, kSwitches) ? "false" : ""); !s.ok()) return s;
  return absl::OkStatus();
}

}  // namespace ordeal::stress
