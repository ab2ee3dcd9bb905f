// The Fuzzer where it does not search: files that were named, and one that is to become shorter.
#include <algorithm>
#include <chrono>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "base/exit_code.h"
#include "base/summary.h"
#include "fuzz/driver/fuzzer.h"

namespace ordeal::driver {

int Fuzzer::RunFiles() {
  std::fprintf(stderr, "%s: Running %zu inputs %ld time(s) each.\n", options_.program.c_str(), options_.inputs.size(),
               static_cast<long>(std::max<int64_t>(options_.runs, 1)));
  for (const std::string& path : options_.inputs) {
    absl::StatusOr<Unit> unit = ReadUnit(path, static_cast<size_t>(options_.max_len));
    if (!unit.ok()) {
      PrintError(unit.status());
      return kExitUsage;
    }
    std::fprintf(stderr, "Running: %s\n", path.c_str());
    const auto begin = std::chrono::steady_clock::now();
    for (int64_t i = 0; i < std::max<int64_t>(options_.runs, 1); ++i) Run(*unit, false);
    std::fprintf(stderr, "Executed %s in %ld ms\n", path.c_str(),
                 static_cast<long>(std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin).count()));
  }
  std::fprintf(stderr,
               "***\n*** NOTE: fuzzing was not performed, you have only\n***       executed the target code on a fixed set of inputs.\n***\n");
  return kExitClean;
}

int Fuzzer::MinimizeStep() {
  absl::StatusOr<Unit> unit = ReadUnit(options_.inputs.front(), 0);
  if (!unit.ok()) {
    PrintError(unit.status());
    return kExitUsage;
  }
  if (options_.verbosity > 0) std::fprintf(stderr, "INFO: Starting MinimizeCrashInputInternalStep: %zu\n", unit->size());
  if (unit->size() < 2) {
    std::fprintf(stderr, "INFO: The input is small enough, exiting\n");
    return kExitClean;
  }
  while (!Over()) {
    Unit shorter = *unit;
    mutator_.Begin();
    for (int64_t i = 0; i < options_.mutate_depth && !Over(); ++i) {
      mutator_.Mutate(&shorter, {}, unit->size() - 1);
      if (shorter.size() < unit->size()) Run(shorter, true);
    }
    if (mutator_.Sequence().rfind("MS: 0", 0) == 0) ++runs_;  // nothing to do is a try, too: an end must come
  }
  return kExitClean;
}

}  // namespace ordeal::driver
