// The libFuzzer target. No main of our own: libFuzzer calls these.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "base/exit_code.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/random.h"
#include "base/signals.h"
#include "base/summary.h"
#include "finding/bugs.h"
#include "fuzz/campaign.h"
#include "fuzz/tour.h"
#include "program/bytes.h"
#include "program/generate.h"
#include "program/mutate.h"

namespace ordeal {
namespace {

// What libFuzzer takes for coverage: reads-from and switch features of the executions. It clears them before every input.
// 4096: with 64 K of them libFuzzer itself would be the bottleneck.
__attribute__((section("__libfuzzer_extra_counters"))) u8 g_features[model::kFeatures];

std::unique_ptr<Campaign> g_campaign;
bool g_parent_of_jobs = false;

[[noreturn]] void Refuse(const absl::Status& s) {
  PrintError(s);
  _exit(kExitUsage);
}

// libFuzzer ends by exit(): here the run's summary is said, and the code corrected.
void AtEnd(int status, void*) {
  if (g_parent_of_jobs) {
    const char* file = std::getenv(kJobsFoundFile);  // libFuzzer's parent says 1 whatever its children met
    if (file != nullptr && status == 1 && std::filesystem::exists(file)) {
      unlink(file);
      std::fflush(stdout);
      PrintSummary("a job made a finding; its log and artefact are in this directory");
      _exit(kExitFinding);
    }
    return;
  }
  if (g_campaign == nullptr || g_campaign->executions() == 0) return;
  const int code = g_campaign->Finish(status);
  if (code != status) {
    std::fflush(stdout);
    std::fflush(stderr);
    _exit(code);
  }
}

// Files named on the command line must be readable inputs: a fuzzer would take any bytes, a person wants to know.
void CheckFiles(const FuzzFlags& flags) {
  for (const std::string& path : flags.files) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) continue;
    absl::StatusOr<Reproducer> r = ReadReproducer(path);
    if (!r.ok()) Refuse(r.status());
    for (const std::string& bug : r->bugs)
      if (absl::Status s = CheckBug(bug); !s.ok()) Refuse(absl::Status(s.code(), absl::StrCat(path, ": ", s.message())));
  }
}

// Our defaults go first, so that what the user says wins. Signals are ours: DESIGN's exit codes.
void AddDefaults(int* argc, char*** argv) {
  static std::vector<char*> args;
  static char defaults[][24] = {"-handle_int=0", "-handle_term=0", "-timeout=60", "-len_control=0"};
  args.push_back((*argv)[0]);
  for (char* d : defaults) args.push_back(d);
  for (int i = 1; i < *argc; ++i) args.push_back((*argv)[i]);
  args.push_back(nullptr);
  *argv = args.data();
  *argc = static_cast<int>(args.size()) - 1;
}

std::string ProgramBytes(const Program& program, const Reproducer& like) {
  Reproducer r = like;
  r.program = program;
  r.decisions.clear();
  r.expect = Expectation();
  return Encode(r);
}

size_t PutBytes(const std::string& bytes, uint8_t* data, size_t size, size_t max_size) {
  if (bytes.size() > max_size) return size;  // no room: the input stays
  std::memcpy(data, bytes.data(), bytes.size());
  return bytes.size();
}

// What a mutation starts from: the reproducer in the bytes, or, one time in eight, a fresh one: evolution alone would leave rare geometries out.
Reproducer StartFrom(const uint8_t* data, size_t size, Rng& rng, const GenerateOptions& options) {
  absl::StatusOr<Reproducer> r = ParseReproducer({reinterpret_cast<const char*>(data), size}, "input");
  if (r.ok() && rng.Below(8) != 0) return *std::move(r);
  Reproducer fresh;
  if (r.ok()) fresh = *std::move(r);
  if (!r.ok() && g_campaign != nullptr) {
    fresh.allocator = g_campaign->flags().allocator;
    fresh.model = g_campaign->flags().model;
    fresh.bugs = g_campaign->flags().bugs;
  }
  fresh.program = Generate(rng, options);
  return fresh;
}

GenerateOptions OptionsOf() { return {.max_ops = g_campaign->flags().max_ops, .max_cpus = g_campaign->flags().cpus}; }

}  // namespace
}  // namespace ordeal

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  using namespace ordeal;
  if (const char* cwd = std::getenv("BUILD_WORKING_DIRECTORY"); cwd != nullptr && chdir(cwd) != 0) {
    PrintError(absl::StrCat(cwd, ": cannot change to the directory that bazel run was called in"));
    _exit(kExitUsage);
  }
  InstallSignalHandlers("ordeal: interrupted; finishing the input (again to stop at once)");
  const bool under_afl = std::getenv("__AFL_SHM_ID") != nullptr;
  if (*argc == 1 && !under_afl) {
    const int code = Tour();
    std::fflush(stderr);
    _exit(code);
  }
  absl::StatusOr<FuzzFlags> flags = ParseFuzzFlags({*argv + 1, *argv + *argc});
  if (!flags.ok()) Refuse(flags.status());
  if (flags->help) {
    std::fputs(FuzzHelp(flags->helpfull).c_str(), stdout);
    std::fflush(stdout);
    _exit(kExitClean);
  }
  flags->abort_on_finding = under_afl;
  if (!flags->minimize_step && !flags->raw) CheckFiles(*flags);
  absl::StatusOr<std::unique_ptr<Campaign>> campaign = Campaign::Make(*flags);
  if (!campaign.ok()) Refuse(campaign.status());
  g_campaign = *std::move(campaign);
  on_exit(AtEnd, nullptr);
  AddDefaults(argc, argv);
  g_parent_of_jobs = flags->jobs && std::getenv(kJobsFoundFile) == nullptr;
  if (g_parent_of_jobs) {
    const std::string file = absl::StrCat("/tmp/ordeal-jobs-", getpid());
    setenv(kJobsFoundFile, file.c_str(), 1);
    return 0;
  }
  if (flags->fork || flags->merge || flags->minimizing || flags->minimize_step) return 0;  // the parent runs nothing, or only what it was given
  std::string canary;
  const bool alive = g_campaign->Canary(&canary);
  std::fprintf(stderr, "INFO: ordeal: allocator=%s model=%s; %s\n", flags->allocator.c_str(), flags->model.c_str(), canary.c_str());
  if (!alive) {
    PrintSummary(absl::StrCat("inconclusive: ", canary));
    std::fflush(stderr);
    _exit(kExitUnfit);
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ordeal::g_campaign->RunInput({data, size}, ordeal::g_features);
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned int seed) {
  using namespace ordeal;
  Rng rng(seed);
  const GenerateOptions options = OptionsOf();
  Reproducer r = StartFrom(data, size, rng, options);
  Mutate(r.program, rng, options);
  Focus(r.bugs, r.program);
  return PutBytes(ProgramBytes(r.program, r), data, size, max_size);
}

extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t* data1, size_t size1, const uint8_t* data2, size_t size2, uint8_t* out, size_t max_out_size,
                                            unsigned int seed) {
  using namespace ordeal;
  Rng rng(seed);
  const GenerateOptions options = OptionsOf();
  const Reproducer a = StartFrom(data1, size1, rng, options), b = StartFrom(data2, size2, rng, options);
  Program child = CrossOver(a.program, b.program, rng, options);
  Focus(a.bugs, child);
  return PutBytes(ProgramBytes(child, a), out, 0, max_out_size);
}
