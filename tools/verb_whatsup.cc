#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/exit_code.h"
#include "base/summary.h"
#include "stress/night/whats_up.h"
#include "tools/verbs.h"

namespace ordeal {

// Those that can be read are shown, whatever is wrong with the others.
int WhatsUpVerb(const std::vector<std::string>& args) {
  const absl::StatusOr<VerbArgs> a = ParseVerbArgs("whatsup", args);
  if (!a.ok()) {
    PrintError(a.status());
    return kExitUsage;
  }
  std::vector<stress::SeenRun> runs;
  std::vector<absl::Status> bad;
  for (const std::string& named : a->files) {
    const absl::StatusOr<std::vector<std::string>> directories = stress::RunsIn(named);
    if (!directories.ok()) {
      bad.push_back(directories.status());
      continue;
    }
    for (const std::string& directory : *directories) {
      absl::StatusOr<stress::RunState> state = stress::ReadRunState(directory);
      if (state.ok()) {
        runs.push_back({directory, *std::move(state)});
      } else {
        bad.push_back(state.status());
      }
    }
  }
  if (!runs.empty()) std::fputs(stress::WhatsUpTable(runs, absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch())).c_str(), stdout);
  for (const absl::Status& s : bad) PrintError(s);
  PrintSummary(absl::StrCat(runs.size(), runs.size() == 1 ? " run, " : " runs, ", bad.size(), " that cannot be read"));
  return bad.empty() ? kExitClean : kExitUsage;
}

}  // namespace ordeal
