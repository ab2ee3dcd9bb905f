#include <cstdio>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/exit_code.h"
#include "base/summary.h"
#include "finding/explain.h"
#include "finding/replay.h"
#include "tools/verbs.h"

namespace ordeal {
namespace {

int ReplayFile(const std::string& path, int times) {
  absl::StatusOr<Reproducer> r = ReadReproducer(path);
  if (!r.ok()) {
    PrintError(r.status());
    return kExitUsage;
  }
  absl::StatusOr<ReplayResult> result = Replay(*r, times);
  if (!result.ok()) {
    PrintError(absl::StrCat(path, ": ", result.status().message()));
    return kExitUsage;
  }
  const bool deterministic = result->same == result->times;
  std::printf("%s: ", path.c_str());
  if (result->finding) {
    std::printf("reproduced %d/%d%s, execution %016llx: %s\n", result->effects, result->times,
                deterministic ? " (deterministic)" : " (NOT deterministic)", static_cast<unsigned long long>(result->first.run.hash),
                Summary(*result->finding).c_str());
  } else if (result->tally.forbidden > 0) {
    std::printf("not a finding: the memory model forbids this execution\n");
  } else {
    std::printf("nothing found in %d executions\n", result->times);
  }
  if (result->unmet > 0) std::printf("%s: %u of %zu decisions did not apply\n", path.c_str(), result->unmet, r->decisions.size());
  if (result->first.run.ending == model::Ending::kUnkept)
    std::printf("%s: no execution: a load was promised a value that nobody stores\n", path.c_str());
  if (!deterministic) return kExitUnfit;
  if (r->expect == Expectation()) return result->finding ? kExitFinding : kExitClean;
  if (!result->met)
    std::printf("%s: expected violation '%s', headline '%s', owner '%s'\n", path.c_str(), r->expect.violation.c_str(), r->expect.headline.c_str(),
                r->expect.owner.c_str());
  return result->met ? kExitClean : kExitNotMet;
}

}  // namespace

int ReplayVerb(const std::vector<std::string>& args) {
  absl::StatusOr<VerbArgs> a = ParseVerbArgs("replay", args);
  int times = 0;
  if (a.ok() && (!absl::SimpleAtoi(a->Get("times", "1000"), &times) || times < 1 || times > 1000000))
    a = absl::InvalidArgumentError(absl::StrCat("replay: --times=", a->Get("times", ""), ": expected 1..1000000"));
  if (!a.ok()) {
    PrintError(a.status());
    return kExitUsage;
  }
  int worst = kExitClean, good = 0;
  for (const std::string& file : a->files) {
    const int code = ReplayFile(file, times);
    good += code == kExitClean || code == kExitFinding;
    if (worst == kExitClean || code == kExitUsage || (code != kExitClean && worst == kExitFinding)) worst = code;
  }
  PrintSummary(absl::StrCat("replayed ", a->files.size(), a->files.size() == 1 ? " file, " : " files, ", good, " as expected"));
  return worst;
}

}  // namespace ordeal
