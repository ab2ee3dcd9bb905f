// The main() of a fuzz target where there is no libFuzzer (g++; POWER): the same command line, status lines, artefacts and exit codes.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/exit_code.h"
#include "base/file.h"
#include "base/summary.h"
#include "fuzz/driver/afl.h"
#include "fuzz/driver/fuzzer.h"
#include "fuzz/driver/modes.h"
#include "fuzz/driver/options.h"
#include "fuzz/driver/target.h"
#include "fuzz/driver/watch.h"

namespace ordeal::driver {
namespace {

// True if all are files: they are run, not fuzzed. A directory that is not there is refused, or made.
absl::StatusOr<bool> AllFiles(const Options& o) {
  size_t files = 0;
  for (const std::string& path : o.inputs) files += std::filesystem::is_regular_file(path) ? 1 : 0;
  if (files == o.inputs.size() && files > 0) return true;
  for (const std::string& path : o.inputs) {
    if (std::filesystem::is_directory(path)) continue;
    if (o.create_missing_dirs == 0) return absl::NotFoundError(absl::StrCat("The required directory \"", path, "\" does not exist"));
    if (absl::Status s = EnsureDirectory(path); !s.ok()) return s;
  }
  return false;
}

int Refuse(const absl::Status& s) {
  PrintError(s);
  return kExitUsage;
}

int Main(int argc, char** argv) {
  const Target target = LinkedTarget();
  // The target may change the command line; -jobs and -minimize_crash start the one that was typed.
  const std::vector<std::string> typed(argv, argv + argc);
  if (target.initialize != nullptr) target.initialize(&argc, &argv);
  if (UnderAfl()) return RunUnderAfl(target);
  absl::StatusOr<Options> options = ParseOptions({argv + 1, argv + argc});
  if (!options.ok()) return Refuse(options.status());
  options->program = typed.front();
  const Options& o = *options;
  if (o.help != 0) {
    std::fputs(Help(typed.front()).c_str(), stderr);
    return kExitClean;
  }
  if (o.minimize_crash != 0) return MinimizeCrash(o, typed);
  absl::StatusOr<bool> files = AllFiles(o);
  if (!files.ok()) {
    std::fprintf(stderr, "ERROR: %s\n", std::string(files.status().message()).c_str());
    return kExitUsage;
  }
  if (o.jobs > 0) return RunJobs(o, typed);
  const uint64_t seed = o.seed != 0 ? static_cast<uint64_t>(o.seed) : std::random_device()();
  if (o.verbosity > 0) {
    std::fprintf(stderr, "INFO: Ordeal's own driver, in place of libFuzzer (-help=1 lists its flags)\nINFO: Seed: %lu\nINFO: %zu Extra Counters\n",
                 static_cast<unsigned long>(seed), target.counters.size());
    for (const std::string& flag : o.ignored) std::fprintf(stderr, "INFO: %s has a meaning for libFuzzer alone, ignored\n", flag.c_str());
  }
  if (o.merge != 0) return Merge(target, o);
  Fuzzer fuzzer(target, o, seed);
  StartWatching(o, [&] { return fuzzer.MadeBy(); });
  if (o.minimize_crash_internal_step != 0) return fuzzer.MinimizeStep();
  return *files ? fuzzer.RunFiles() : fuzzer.Loop();
}

}  // namespace
}  // namespace ordeal::driver

int main(int argc, char** argv) { return ordeal::driver::Main(argc, argv); }
