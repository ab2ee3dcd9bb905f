// Do we answer litmus tests as an oracle (herd7) does? Runs directories of tests whose answers lie beside them, and prints every difference.
//
//   bazel run //memory/litmus:conformance -- [--model=lkmm] [--runs=N] [--seconds=S] [--verbose] DIR...
//
// Exhaustively, S seconds a test at most (10), and then every difference counts; or by N random runs, and then only what they must
// not show does: a state that the oracle lacks, a verdict or a data race that it rules out. What the oracle says is read by
// conformance_oracle.h; a test without an answer is not run. The table's columns from `buffering` to `unknown` are the states that were
// missed, by cause.
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/exit_code.h"
#include "base/file.h"
#include "base/signals.h"
#include "base/suggest.h"
#include "base/summary.h"
#include "memory/litmus/comparison.h"
#include "memory/litmus/conformance_oracle.h"

namespace ordeal::litmus {
namespace {

struct Options {
  ComparisonPlan how;
  std::vector<std::string> directories;
};

absl::StatusOr<std::vector<std::string>> TestsIn(const std::string& directory) {
  std::vector<std::string> files;
  std::error_code error;
  for (auto at = std::filesystem::recursive_directory_iterator(directory, error); !error && at != std::filesystem::recursive_directory_iterator();
       at.increment(error))
    if (at->path().extension() == ".litmus") files.push_back(at->path().string());
  if (error) return absl::NotFoundError(absl::StrCat(directory, ": ", error.message()));
  std::ranges::sort(files);
  return files;
}

struct Directory {
  std::string name;
  std::vector<std::string> files;
  Oracle oracle;
};

absl::StatusOr<Directory> ReadDirectory(const std::string& name, model::Rung rung) {
  absl::StatusOr<std::vector<std::string>> files = TestsIn(name);
  if (!files.ok()) return files.status();
  absl::StatusOr<Oracle> oracle = ReadOracle(name, rung);
  if (!oracle.ok()) return oracle.status();
  if (files->empty() && oracle->programs.empty())
    return absl::NotFoundError(absl::StrCat(name, ": got no *.litmus and no programs.jsonl, expected litmus tests"));
  return Directory{name, std::move(*files), std::move(*oracle)};
}

Tally RunDirectory(const Options& options, const Directory& d) {
  Tally tally;
  for (const std::string& file : d.files) {
    if (Interrupted()) break;
    const std::string name = std::filesystem::path(file).stem().string();
    const auto expected = d.oracle.answers.find(name);
    const absl::StatusOr<std::string> text = ReadFile(file, size_t{1} << 24);
    Compare(options.how, name, file, text, expected != d.oracle.answers.end() ? &expected->second : nullptr, &tally);
  }
  for (const OracleProgram& p : d.oracle.programs) {
    if (Interrupted()) break;
    Compare(options.how, p.name, absl::StrCat(d.name, "/programs.jsonl: ", p.name), p.text, &p.answer, &tally);
  }
  return tally;
}

// The columns beside the directory's name, whose width is that of the longest.
void PrintTable(const std::vector<Directory>& directories, const std::vector<Tally>& tallies, const Tally& all) {
  constexpr const char* kHead[] = {"tests",   "no answer", "in full",   "states",   "reached", "buffering",  "rare",
                                   "gave up", "unknown",   "forbidden", "verdicts", "races",   "unreadable", "CPU s"};
  size_t width = 9;
  for (const Directory& d : directories) width = std::max(width, d.name.size());
  absl::PrintF("\n%-*s", width, "directory");
  for (const char* head : kHead) absl::PrintF("  %s", head);
  const auto row = [&](const std::string& name, const Tally& t) {
    const u64* m = t.missed;
    absl::PrintF("\n%-*s  %5d  %9d  %7d  %6d  %7d  %9d  %4d  %7d  %7d  %9d  %8d  %5d  %10d  %5.1f", width, name, t.tests, t.no_answer, t.in_full,
                 t.states, t.reached, m[kLoadBuffering], m[kRare], m[kGaveUp], m[kUnknown], t.forbidden, t.verdicts, t.races, t.unreadable, t.cpu);
  };
  for (size_t k = 0; k < tallies.size(); ++k) row(directories[k].name, tallies[k]);
  if (tallies.size() > 1) row("all", all);
  absl::PrintF("\n");
}

absl::Status Flag(const std::string& arg, Options* o) {
  const size_t equals = std::min(arg.find('='), arg.size());
  const std::string flag = arg.substr(0, equals), value = arg.substr(std::min(equals + 1, arg.size()));
  if (arg == "--verbose") {
    o->how.verbose = true;
    return absl::OkStatus();
  }
  if (flag == "--runs" && absl::SimpleAtoi(value, &o->how.run.runs) && o->how.run.runs > 0) {
    o->how.run.exhaustive = false;
    return absl::OkStatus();
  }
  if (flag == "--runs") return absl::InvalidArgumentError(absl::StrCat(arg, ": expected a number of runs, 1 or more"));
  if (flag == "--seconds" && absl::SimpleAtod(value, &o->how.run.seconds) && o->how.run.seconds > 0) return absl::OkStatus();
  if (flag == "--seconds") return absl::InvalidArgumentError(absl::StrCat(arg, ": expected seconds, more than 0"));
  if (flag != "--model") return absl::InvalidArgumentError(absl::StrCat("no flag '", arg, "', expected --model, --runs, --seconds or --verbose"));
  for (int r = 0; r < model::kRungs; ++r) {
    o->how.run.rung = static_cast<model::Rung>(r);
    if (model::RungName(o->how.run.rung) == value && o->how.run.rung != model::Rung::kSequential) return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat(arg, ": expected sc, tso, armv8, armv8-ldar, power, lkmm, rc11 or coherence", DidYouMean(value, model::kRungNames)));
}

absl::StatusOr<std::vector<Directory>> ReadArguments(const std::vector<std::string>& args, Options* options) {
  for (const std::string& arg : args) {
    const absl::Status s = absl::StartsWith(arg, "-") ? Flag(arg, options) : absl::OkStatus();
    if (!s.ok()) return s;
    if (!absl::StartsWith(arg, "-")) options->directories.push_back(arg);
  }
  if (options->directories.empty())
    return absl::InvalidArgumentError("got no directory, expected [--model=lkmm] [--runs=N] [--seconds=S] [--verbose] DIR...");
  std::vector<Directory> directories;
  for (const std::string& name : options->directories) {
    absl::StatusOr<Directory> d = ReadDirectory(name, options->how.run.rung);
    if (!d.ok()) return d.status();
    directories.push_back(std::move(*d));
  }
  return directories;
}

int Main(const std::vector<std::string>& args) {
  Options options;
  const absl::StatusOr<std::vector<Directory>> directories = ReadArguments(args, &options);
  if (!directories.ok()) {
    PrintError(directories.status());
    return kExitUsage;
  }
  InstallSignalHandlers("conformance: interrupted, finishing this test (again: stop at once)");
  options.how.run.stop = [] { return Interrupted(); };
  std::vector<Tally> tallies;
  Tally all;
  for (const Directory& d : *directories) {
    tallies.push_back(RunDirectory(options, d));
    all.Add(tallies.back());
  }
  PrintTable(*directories, tallies, all);
  const u64 answered = all.tests - all.no_answer;
  PrintSummary(absl::StrCat("conformance on ", std::string(model::RungName(options.how.run.rung)), ": ", answered, " of ", all.tests,
                            " tests compared, ", all.in_full, " in full, ", all.reached, " of ", all.states, " states reached, ", all.differences(),
                            " differences", Interrupted() ? ", interrupted" : ""));
  return all.differences() > 0 ? kExitNotMet : Interrupted() ? kExitInterrupted : kExitClean;
}

}  // namespace
}  // namespace ordeal::litmus

int main(int argc, char** argv) {
  if (const char* cwd = std::getenv("BUILD_WORKING_DIRECTORY"); cwd != nullptr && chdir(cwd) != 0) {
    ordeal::PrintError(absl::StrCat(cwd, ": cannot change to the directory that bazel run was called in"));
    return ordeal::kExitUsage;
  }
  return ordeal::litmus::Main({argv + 1, argv + argc});
}
