#include <cstdio>

#include "base/exit_code.h"
#include "base/summary.h"
#include "stress/night/compare_runs.h"
#include "stress/night/run_state.h"
#include "tools/verbs.h"

namespace ordeal {

int CompareRunsVerb(const std::vector<std::string>& args) {
  const absl::StatusOr<VerbArgs> a = ParseVerbArgs("compare-runs", args);
  const auto first = a.ok() ? stress::ReadRunState(a->files[0]) : a.status(), second = a.ok() ? stress::ReadRunState(a->files[1]) : a.status();
  for (const absl::StatusOr<stress::RunState>* run : {&first, &second}) {
    if (run->ok()) continue;
    PrintError(run->status());
    return kExitUsage;
  }
  std::fputs(stress::CompareRuns(first->tally, second->tally).c_str(), stdout);
  PrintSummary("compared by Fisher's exact test at 1 %, rates with 95 %");
  return kExitClean;
}

}  // namespace ordeal
