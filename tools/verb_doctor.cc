#include <sys/utsname.h>

#include <algorithm>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "base/exit_code.h"
#include "base/summary.h"
#include "stress/preflight/preflight.h"
#include "tools/verbs.h"

namespace ordeal {
namespace {

std::string NamesOf(const std::vector<stress::Check>& checks, stress::Level level) {
  std::string out;
  for (const stress::Check& c : checks)
    if (c.level == level) absl::StrAppend(&out, out.empty() ? "" : ", ", c.what);
  return out;
}

}  // namespace

int DoctorVerb(const std::vector<std::string>& args) {
  if (const absl::StatusOr<VerbArgs> a = ParseVerbArgs("doctor", args); !a.ok()) {
    PrintError(a.status());
    return kExitUsage;
  }
  utsname name{};
  const std::string arch = uname(&name) == 0 ? name.machine : "unknown";
  const std::vector<stress::Check> checks = stress::Preflight({stress::MachineFiles(""), arch, stress::TryThisMachine()});
  std::fputs(stress::PreflightText(checks).c_str(), stdout);
  const std::string bad = NamesOf(checks, stress::Level::kBad), warn = NamesOf(checks, stress::Level::kWarn);
  PrintSummary(
      absl::StrCat("doctor: ", bad.empty() ? "fit" : absl::StrCat("unfit: ", bad), warn.empty() ? "" : absl::StrCat("; to be bettered: ", warn)));
  return bad.empty() ? kExitClean : kExitUnfit;
}

}  // namespace ordeal
