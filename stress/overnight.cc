// //stress:overnight and //stress:quick: programs on real threads of this machine, and what came of it.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "base/exit_code.h"
#include "base/signals.h"
#include "base/summary.h"
#include "base/version.h"
#include "stress/mixes/answering.h"
#include "stress/mixes/preload.h"
#include "stress/night.h"
#include "stress/night/summary.h"

namespace ordeal::stress {
namespace {

// What the machine cannot do is another thing than what was typed wrong.
int ExitOf(const absl::Status& s) {
  PrintError(s);
  return s.code() == absl::StatusCode::kFailedPrecondition ? kExitUnfit : kExitUsage;
}

int Main(const std::string& program, const std::vector<std::string>& args) {
  const absl::StatusOr<NightFlags> flags = ParseNightFlags(program, args);
  if (!flags.ok()) return ExitOf(flags.status());
  if (flags->help) {
    const bool all = std::find(args.begin(), args.end(), "--helpfull") != args.end();
    std::fputs(NightHelp(program, all).c_str(), stdout);
    return kExitClean;
  }
  // Starts this program again: before there are threads, and before anything is written.
  if (IsRealAllocator(flags->scenarios.allocator))
    if (const absl::Status s = Preload(flags->scenarios.allocator); !s.ok()) return ExitOf(s);
  const absl::StatusOr<Topology> topology = Topology::Load(flags->topology);
  if (!topology.ok()) return ExitOf(topology.status());
  const absl::StatusOr<Plan> plan = MakePlan(*flags, *topology);
  if (!plan.ok()) return ExitOf(plan.status());
  if (flags->list || flags->dryrun) {
    std::fputs(flags->list ? ScenarioList(*plan).c_str() : PlanText(*plan, *flags, *topology).c_str(), stdout);
    return kExitClean;
  }
  if (!topology->this_system()) return ExitOf(absl::FailedPreconditionError("a described machine can be planned (--dryrun) and not run on"));
  InstallSignalHandlers("finishing the round, then the summary (again: stop at once, the last checkpoint stays)");
  const absl::StatusOr<std::unique_ptr<Night>> night = Night::Make(*flags, *plan, *topology);
  if (!night.ok()) return ExitOf(night.status());
  std::fprintf(stderr, "%s %s  %s  malloc: %s  seed %llu  %s\n", program.c_str(), kVersion, topology->Describe().c_str(), AnsweringLibrary().c_str(),
               static_cast<unsigned long long>((*night)->seed()), (*night)->directory().c_str());
  const absl::StatusOr<NightReport> report = (*night)->Run();
  if (!report.ok()) return ExitOf(report.status());
  std::fputs(SummaryText(*report).c_str(), stderr);
  const Judgement j = Judge(*report);
  PrintSummary(absl::StrCat(j.word, " ", j.reason));
  return j.exit;
}

}  // namespace
}  // namespace ordeal::stress

int main(int argc, char** argv) {
  if (const char* cwd = std::getenv("BUILD_WORKING_DIRECTORY"); cwd != nullptr && chdir(cwd) != 0) {
    ordeal::PrintError(absl::StrCat(cwd, ": cannot change to the directory that bazel run was called in"));
    return ordeal::kExitUsage;
  }
  const std::string path = argv[0];
  return ordeal::stress::Main(path.substr(path.rfind('/') + 1), {argv + 1, argv + argc});
}
