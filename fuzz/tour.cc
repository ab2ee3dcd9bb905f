#include "fuzz/tour.h"

#include <cstdio>
#include <string>
#include <vector>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/exit_code.h"
#include "base/signals.h"
#include "base/summary.h"

namespace ordeal {
namespace {

// Runs this binary with these arguments and returns its exit code; -1 if it could not be started or died by a signal.
int RunSelf(const std::vector<std::string>& args) {
  std::vector<char*> argv;
  std::string self = "/proc/self/exe";
  char path[4096];
  const ssize_t n = readlink(self.c_str(), path, sizeof path - 1);
  if (n > 0) self.assign(path, static_cast<size_t>(n));
  argv.push_back(self.data());
  std::vector<std::string> copy = args;
  for (std::string& a : copy) argv.push_back(a.data());
  argv.push_back(nullptr);
  std::fflush(stderr);
  pid_t pid;
  if (posix_spawn(&pid, self.c_str(), nullptr, nullptr, argv.data(), environ) != 0) return -1;
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

struct Step {
  const char* what;
  std::vector<std::string> args;
};

}  // namespace

int Tour() {
  char directory[] = "/tmp/ordeal-tour-XXXXXX";
  if (mkdtemp(directory) == nullptr) {
    PrintError("cannot make a directory in /tmp for the tour's artefacts");
    return kExitUsage;
  }
  const std::string prefix = absl::StrCat("-artifact_prefix=", directory, "/");
  const std::vector<Step> steps = {
      {"The correct slub, fuzzed for 20 seconds on the Linux kernel's memory model. Nothing must be found.",
       {"-max_total_time=20", "-seed=1", "-verbosity=0", prefix}},
      {"Now a user who hands objects over without a release. Only weak memory shows it, and it is not the allocator's fault.",
       {"--bug=user.publish_relaxed", "--expect=user.publish_relaxed", "-runs=200000", "-seed=1", "-verbosity=0", prefix}},
      {"An allocator that stores a stride of 65536 in 16 bits: the true cause of the bug that began this project. No ordering at all.",
       {"--bug=acct.stride_u16", "--expect=acct.stride_u16", "-runs=200000", "-seed=1", "-verbosity=0", prefix}},
      {"An allocator that reads stride before obj_exts: an interleaving, whatever the memory. No barrier alone cures it.",
       {"--bug=slub.exts_reader_order", "--expect=slub.exts_reader_order", "-runs=200000", "-seed=1", "-verbosity=0", prefix}},
  };
  std::fprintf(stderr, "Ordeal: a tour of about a minute. (Ctrl-C ends it.)\n");
  int number = 0;
  for (const Step& s : steps) {
    std::fprintf(stderr, "\n[%d/%zu] %s\n    $ slab_fuzzer %s\n", ++number, steps.size(), s.what, absl::StrJoin(s.args, " ").c_str());
    const int code = RunSelf(s.args);
    if (Interrupted()) {
      PrintSummary("the tour was interrupted");
      return kExitInterrupted;
    }
    if (code != kExitClean) {
      PrintSummary(absl::StrCat("the tour's step ", number, " ended with exit code ", code, ", expected 0"));
      return code > 0 ? code : kExitUnfit;
    }
  }
  std::fprintf(stderr,
               "\nThe reproducers are in %s; `bazel run //tools:ordeal -- explain FILE` tells one in full.\n"
               "A real campaign:\n    bazel run //fuzz:slab_fuzzer -- -max_total_time=28800 corpus_dir\n",
               directory);
  PrintSummary("the tour is complete: the correct allocator was silent, three planted bugs were found and judged");
  return kExitClean;
}

}  // namespace ordeal
