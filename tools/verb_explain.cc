#include <cstdio>

#include "absl/strings/str_cat.h"
#include "base/exit_code.h"
#include "base/summary.h"
#include "finding/explain.h"
#include "finding/replay.h"
#include "tools/verbs.h"

namespace ordeal {

int ExplainVerb(const std::vector<std::string>& args) {
  absl::StatusOr<VerbArgs> a = ParseVerbArgs("explain", args, {"all"}, 1, 1);
  if (!a.ok()) {
    PrintError(a.status());
    return kExitUsage;
  }
  const std::string& path = a->files[0];
  absl::StatusOr<Reproducer> r = ReadReproducer(path);
  if (!r.ok()) {
    PrintError(r.status());
    return kExitUsage;
  }
  absl::StatusOr<ReplayResult> result = Replay(*r, 2);
  if (!result.ok()) {
    PrintError(absl::StrCat(path, ": ", result.status().message()));
    return kExitUsage;
  }
  if (!result->finding) {
    PrintSummary(absl::StrCat(path, result->tally.forbidden > 0 ? ": not a finding: the memory model forbids this execution" : ": nothing found"));
    return result->met ? kExitClean : kExitNotMet;
  }
  ExplainOptions options;
  options.everything = a->Has("all");
  std::fputs(Explain(*result->finding, path, options).c_str(), stdout);
  PrintSummary(absl::StrCat("finding: ", Summary(*result->finding)));
  return result->met ? kExitClean : kExitNotMet;
}

}  // namespace ordeal
