#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/exit_code.h"
#include "base/file.h"
#include "base/summary.h"
#include "fuzz/driver/modes.h"
#include "fuzz/driver/process.h"
#include "fuzz/driver/unit.h"

namespace ordeal::driver {
namespace {

void Announce(const std::vector<std::string>& command) {
  std::fprintf(stderr, "CRASH_MIN: executing: %s 2>&1\n", absl::StrJoin(command, " ").c_str());
}

}  // namespace

int MinimizeCrash(const Options& options, const std::vector<std::string>& argv) {
  if (options.inputs.size() != 1) {
    std::fprintf(stderr, "ERROR: -minimize_crash should be given one input file\n");
    return kExitUsage;
  }
  std::vector<std::string> base = Without(argv, {"minimize_crash", "exact_artifact_path"});
  std::erase(base, options.inputs.front());
  if (options.runs <= 0 && options.max_total_time == 0) {
    std::fprintf(stderr, "INFO: you need to specify -runs=N or -max_total_time=N with -minimize_crash=1\nINFO: defaulting to -max_total_time=600\n");
    base.push_back("-max_total_time=600");
  }
  std::string current = options.inputs.front();
  for (;;) {
    absl::StatusOr<Unit> unit = ReadUnit(current, 0);
    if (!unit.ok()) {
      PrintError(unit.status());
      return kExitUsage;
    }
    std::fprintf(stderr, "CRASH_MIN: minimizing crash input: '%s' (%zu bytes)\n", current.c_str(), unit->size());
    std::vector<std::string> command = base;
    command.push_back(current);
    Announce(command);
    const std::string log = absl::StrCat(current, ".minimize.log");
    const int code = RunAgain(command, log);
    std::remove(log.c_str());
    if (code == kExitClean) {
      std::fprintf(stderr, "ERROR: the input %s did not crash\n", current.c_str());
      return kExitUsage;
    }
    std::fprintf(stderr, "CRASH_MIN: '%s' (%zu bytes) caused a crash. Will try to minimize it further\n", current.c_str(), unit->size());
    const std::string shorter =
        options.exact_artifact_path.empty() ? absl::StrCat(options.artifact_prefix, "minimized-from-", Sha1(*unit)) : options.exact_artifact_path;
    command.insert(command.end(), {"-minimize_crash_internal_step=1", "-exact_artifact_path=" + shorter});
    Announce(command);
    if (RunAgain(command, "") == kExitClean) {
      std::fprintf(stderr, "CRASH_MIN: failed to minimize beyond %s (%zu bytes), exiting\n", current.c_str(), unit->size());
      return kExitClean;
    }
    current = shorter;
    std::fprintf(stderr, "*********************************\n");
  }
}

}  // namespace ordeal::driver
