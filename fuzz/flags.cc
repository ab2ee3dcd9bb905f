#include "fuzz/flags.h"

#include <algorithm>

#include "absl/flags/flag.h"
#include "absl/flags/reflection.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/suggest.h"
#include "finding/bugs.h"
#include "fuzz/libfuzzer_flags.h"
#include "run/machine.h"

ABSL_FLAG(std::string, allocator, "slub", "allocator under test: slub, locked");
ABSL_FLAG(std::string, model, "lkmm", "memory model: lkmm, power, armv8, armv8-ldar, tso, rc11, sc, sequential");
ABSL_FLAG(int, cpus, 4, "most CPUs of a generated program, 2..8");
ABSL_FLAG(int, max_ops, 24, "most operations of a generated program, 2..256");
ABSL_FLAG(int, schedules, 8, "executions of each input, 1..10000");
ABSL_FLAG(int, promises, 2, "executions of every second input in which a load returns what is stored after it (load buffering), 0..1000");
ABSL_FLAG(std::vector<std::string>, bug, {}, "bugs to plant, comma separated; `ordeal bugs` lists them");
ABSL_FLAG(std::string, expect, "", "exit 0 only if the finding is this bug's");
ABSL_FLAG(std::string, report, "all", "all: races and latent breaches of the contract are findings, too; damage: effects only");
ABSL_FLAG(bool, raw, false, "files are any bytes, as a fuzzer makes them: of what is no reproducer a program is drawn");
ABSL_FLAG(std::string, emit, "", "directory for everything that is made of a finding");

namespace ordeal {
namespace {

constexpr std::string_view kOurs[] = {"allocator", "model",  "cpus", "max_ops", "schedules", "promises", "bug",
                                      "expect",    "report", "emit", "raw",     "help",      "helpfull"};

absl::Status Bad(const std::string& what) { return absl::InvalidArgumentError(what); }

std::pair<std::string, std::string> SplitFlag(const std::string& arg) {
  const size_t eq = arg.find('=');
  return {arg.substr(0, eq), eq == std::string::npos ? "" : arg.substr(eq + 1)};
}

absl::Status SetOurs(const std::string& arg) {
  const auto [name, value] = SplitFlag(arg);
  if (std::find(std::begin(kOurs), std::end(kOurs), name) == std::end(kOurs))
    return Bad(absl::StrCat("unknown flag --", name, DidYouMean(name, kOurs), "; --help lists the flags"));
  if (arg.find('=') == std::string::npos) return Bad(absl::StrCat("--", name, " has no value: expected --", name, "=VALUE"));
  std::string error;
  if (!absl::FindCommandLineFlag(name)->ParseFrom(value, &error)) return Bad(absl::StrCat("--", name, "=", value, ": ", error));
  return absl::OkStatus();
}

absl::Status SetLibFuzzer(const std::string& arg, FuzzFlags* f) {
  const auto [name, value] = SplitFlag(arg);
  if (std::find(std::begin(kLibFuzzerFlags), std::end(kLibFuzzerFlags), name) == std::end(kLibFuzzerFlags)) {
    if (std::find(std::begin(kOurs), std::end(kOurs), name) != std::end(kOurs))
      return Bad(absl::StrCat("unknown flag -", name, " (did you mean --", name, "?): one dash is libFuzzer's, two are ours"));
    return Bad(absl::StrCat("unknown libFuzzer flag -", name, DidYouMean(name, kLibFuzzerFlags), "; -help=1 lists them"));
  }
  if (arg.find('=') == std::string::npos) return Bad(absl::StrCat("-", name, " has no value: expected -", name, "=VALUE"));
  int64_t number = 0;
  if (std::find(std::begin(kLibFuzzerTexts), std::end(kLibFuzzerTexts), name) == std::end(kLibFuzzerTexts) && !absl::SimpleAtoi(value, &number))
    return Bad(absl::StrCat("-", name, "=", value, ": expected a whole number"));
  const bool on = number != 0;
  if (name == "artifact_prefix") f->artifact_prefix = std::string(value);
  if (name == "exact_artifact_path") f->exact_artifact_path = std::string(value);
  if (name == "jobs") f->jobs = on;
  if (name == "fork") f->fork = on;
  if (name == "merge") f->merge = on;
  if (name == "minimize_crash") f->minimizing = on;
  if (name == "minimize_crash_internal_step") f->minimize_step = on;
  return absl::OkStatus();
}

absl::Status InRange(const char* name, int value, int low, int high) {
  if (value >= low && value <= high) return absl::OkStatus();
  return Bad(absl::StrCat("--", name, "=", value, ": expected ", low, "..", high));
}

absl::Status Check(const FuzzFlags& f) {
  const std::vector<std::string_view> allocators = AllocatorNames();
  if (std::find(allocators.begin(), allocators.end(), f.allocator) == allocators.end())
    return Bad(absl::StrCat("--allocator=", f.allocator, ": no such allocator", DidYouMean(f.allocator, allocators), "; --help lists them"));
  if (absl::Status s = ParseRung(f.model).status(); !s.ok()) return Bad(absl::StrCat("--model=", f.model, ": ", s.message()));
  if (absl::Status s = InRange("cpus", f.cpus, 2, kMaxCpus); !s.ok()) return s;
  if (absl::Status s = InRange("max_ops", f.max_ops, 2, kMaxOps); !s.ok()) return s;
  if (absl::Status s = InRange("schedules", f.schedules, 1, 10000); !s.ok()) return s;
  if (absl::Status s = InRange("promises", f.promises, 0, 1000); !s.ok()) return s;
  std::vector<std::string_view> bugs;
  for (const Bug& b : Bugs()) bugs.push_back(b.name);
  for (const std::string& b : f.bugs)
    if (absl::Status s = CheckBug(b); !s.ok()) return Bad(absl::StrCat("--bug=", b, ": ", s.message()));
  if (f.expect.empty()) return absl::OkStatus();
  const Bug* expected = FindBug(f.expect);
  if (expected == nullptr || expected->headline[0] == 0)
    return Bad(absl::StrCat("--expect=", f.expect, ": no such bug", DidYouMean(f.expect, bugs), "; `ordeal bugs` lists them"));
  if (f.jobs || f.fork) return Bad("--expect with -jobs or -fork: the parent cannot know what its children met; run it without");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<FuzzFlags> ParseFuzzFlags(const std::vector<std::string>& args) {
  FuzzFlags f;
  for (const std::string& arg : args) {
    if (arg == "--help" || arg == "-h" || arg == "-help") {
      f.help = true;
    } else if (arg == "--helpfull") {
      f.help = f.helpfull = true;
    } else if (arg.rfind("--", 0) == 0) {
      if (absl::Status s = SetOurs(arg.substr(2)); !s.ok()) return s;
    } else if (arg.size() > 1 && arg[0] == '-') {
      if (absl::Status s = SetLibFuzzer(arg.substr(1), &f); !s.ok()) return s;
    } else {
      f.files.push_back(arg);
    }
  }
  f.allocator = absl::GetFlag(FLAGS_allocator);
  f.model = absl::GetFlag(FLAGS_model);
  f.cpus = absl::GetFlag(FLAGS_cpus);
  f.max_ops = absl::GetFlag(FLAGS_max_ops);
  f.schedules = absl::GetFlag(FLAGS_schedules);
  f.promises = absl::GetFlag(FLAGS_promises);
  f.bugs = absl::GetFlag(FLAGS_bug);
  f.expect = absl::GetFlag(FLAGS_expect);
  f.emit = absl::GetFlag(FLAGS_emit);
  f.raw = absl::GetFlag(FLAGS_raw);
  const std::string report = absl::GetFlag(FLAGS_report);
  if (report != "all" && report != "damage") return Bad(absl::StrCat("--report=", report, ": expected all or damage"));
  f.report = report == "all" ? ReportWhat::kAll : ReportWhat::kDamage;
  if (absl::Status s = Check(f); !s.ok()) return s;
  // A bug whose catalogue entry is an effect also races without one; those executions are its lesser signs, not other findings.
  if (const Bug* expected = FindBug(f.expect)) {
    const std::string_view headline = expected->headline;
    f.report = headline == "race" || headline == "contract/latent" ? ReportWhat::kAll : ReportWhat::kDamage;
  }
  return f;
}

std::string FuzzHelp(bool full) {
  std::string text =
      "slab_fuzzer: finds allocator bugs in schedules of alloc, free, publish and consume on a modelled weak memory.\n"
      "\n"
      "  slab_fuzzer                                              a tour of one minute\n"
      "  slab_fuzzer -max_total_time=600 CORPUS_DIR               fuzz; inputs are kept in the directory\n"
      "  slab_fuzzer --bug=user.publish_relaxed -runs=200000      plant a bug and find it\n"
      "  slab_fuzzer FILE...                                      run files again\n"
      "\n"
      "  --allocator=slub    slub, locked\n"
      "  --model=lkmm        lkmm, power, armv8, tso, sc, sequential; armv8-ldar, rc11\n"
      "  --bug=NAME[,NAME]   plant bugs (`ordeal bugs` lists them)\n"
      "  --expect=NAME       exit 0 only if that bug's finding is made, 3 if it is not made within the budget\n"
      "  --report=all        all, damage: effects only, no races and no latent breaches\n"
      "  --cpus=4            most CPUs of a program, 2..8\n"
      "  --raw=1             files may be any bytes, as afl-fuzz keeps them\n"
      "  --emit=DIR          write report.html, witness.ordeal and all else of the finding there\n"
      "  -runs=N -max_total_time=SECONDS -seed=N                  libFuzzer's: inputs, time, seed (0: drawn and printed)\n"
      "  -artifact_prefix=PATH -minimize_crash=1 -merge=1 -jobs=N -fork=N\n"
      "  -help=1             all of libFuzzer's flags; --helpfull: all of ours\n"
      "\n"
      "exit: 0 nothing found (or the expected), 1 usage, 2 silent canary, 3 expectation not met, 70 hang, 71 memory, 72 interrupted, 77 finding\n";
  if (full) {
    text += "\n";
    for (const std::string_view each : kOurs) {
      const std::string name(each);
      if (const absl::CommandLineFlag* flag = absl::FindCommandLineFlag(name); flag != nullptr && name != "help" && name != "helpfull")
        absl::StrAppend(&text, "  --", name, "=", flag->DefaultValue(), "  ", flag->Help(), "\n");
    }
  }
  return text;
}

}  // namespace ordeal
