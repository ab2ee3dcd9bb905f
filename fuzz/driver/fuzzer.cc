#include "fuzz/driver/fuzzer.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/exit_code.h"
#include "base/summary.h"
#include "fuzz/driver/features.h"
#include "fuzz/driver/watch.h"

namespace ordeal::driver {
namespace {

constexpr int64_t kDefaultMaxLen = 4096;

std::string Bytes(size_t n) {
  if (n < size_t{1} << 14) return absl::StrCat(n, "b");
  if (n < size_t{1} << 24) return absl::StrCat(n >> 10, "Kb");
  return absl::StrCat(n >> 20, "Mb");
}

}  // namespace

Fuzzer::Fuzzer(const Target& target, const Options& options, uint64_t seed) : target_(target), options_(options), rng_(seed), mutator_(target, rng_) {
  max_len_ = options.max_len;
}

const std::vector<uint32_t>& Fuzzer::Run(const Unit& unit, bool keep_artefact) {
  if (!target_.counters.empty()) std::memset(target_.counters.data(), 0, target_.counters.size());
  const auto begin = std::chrono::steady_clock::now();
  WatchInput(unit, keep_artefact);
  // A copy that ends where the input ends: a target that reads on is found by asan.
  const Unit copy = unit;
  rejected_ = target_.test_one_input(copy.data(), copy.size()) == -1;
  InputCameBack();
  ++runs_;
  const int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - begin).count();
  if ((runs_ & (runs_ - 1)) == 0 && SecondsSinceStart() >= 2) Say("pulse ");
  if (seconds > slowest_) {
    slowest_ = seconds;
    if (seconds >= options_.report_slow_units && keep_artefact) {
      std::fprintf(stderr, "Slowest unit: %ld s:\n", static_cast<long>(seconds));
      WriteArtifact(options_, "slow-unit-", unit, "");
    }
  }
  CollectFeatures(target_.counters, &features_);
  return features_;
}

// Whether the run that has just been made is worth keeping; keeps it.
bool Fuzzer::Consider(const Unit& unit, size_t parent) {
  if (rejected_) return false;
  const Corpus::Change change = corpus_.Consider(unit, features_, parent, options_.reduce_inputs != 0);
  if (change == Corpus::Change::kNone) return false;
  const bool reduced = change == Corpus::Change::kReduced;
  last_new_ = runs_;
  if (absl::Status s = Store(unit, reduced ? parent : corpus_.size() - 1, reduced); !s.ok() && stored_.ok()) stored_ = s;
  return true;
}

// The first directory receives what was made here; what was read from a file is there already.
absl::Status Fuzzer::Store(const Unit& unit, size_t entry, bool reduced) {
  if (mutator_.Sequence().rfind("MS: 0", 0) == 0) return absl::OkStatus();
  added_ += 1;
  if (options_.inputs.empty()) return absl::OkStatus();
  absl::StatusOr<std::string> path = WriteUnit(options_.inputs.front(), unit);
  if (!path.ok()) return path.status();
  if (reduced && !corpus_[entry].file.empty() && corpus_[entry].file != *path) unlink(corpus_[entry].file.c_str());
  written_.insert(*path);
  corpus_[entry].file = *std::move(path);
  return absl::OkStatus();
}

bool Fuzzer::Over() const {
  if (!stored_.ok() || AskedToStop()) return true;
  if (options_.runs >= 0 && runs_ >= options_.runs) return true;
  if (options_.max_total_time > 0 && SecondsSinceStart() >= options_.max_total_time) return true;
  return !options_.stop_file.empty() && access(options_.stop_file.c_str(), F_OK) == 0;
}

void Fuzzer::RunInitial(std::vector<Unit> units) {
  if (options_.shuffle != 0)
    for (size_t i = units.size(); i > 1; --i) std::swap(units[i - 1], units[rng_.Below(i)]);
  if (options_.prefer_small != 0) std::sort(units.begin(), units.end(), [](const Unit& a, const Unit& b) { return a.size() != b.size() ? a.size() < b.size() : a < b; });
  Run({}, true);  // the empty input: a target that fails on it fails on everything
  for (const Unit& u : units) {
    Run(u, true);
    Consider(u, Corpus::kNobody);
  }
}

absl::Status Fuzzer::ReadCorpora() {
  std::vector<UnitFile> files;
  for (const std::string& directory : options_.inputs) {
    absl::StatusOr<std::vector<UnitFile>> found = ListUnits(directory);
    if (!found.ok()) return found.status();
    if (options_.verbosity > 0) std::fprintf(stderr, "INFO: %8zu files found in %s\n", found->size(), directory.c_str());
    files.insert(files.end(), found->begin(), found->end());
  }
  size_t shortest = SIZE_MAX, longest = 0, total = 0;
  for (const UnitFile& f : files) {
    shortest = std::min(shortest, f.size);
    longest = std::max(longest, f.size);
    total += f.size;
    newest_file_ = std::max(newest_file_, f.modified);
  }
  if (max_len_ == 0) {
    max_len_ = std::max<int64_t>(kDefaultMaxLen, static_cast<int64_t>(longest));
    if (options_.verbosity > 0) std::fprintf(stderr, "INFO: -max_len is not provided; inputs larger than %ld bytes will not be generated\n", static_cast<long>(max_len_));
  }
  std::vector<Unit> units;
  for (const UnitFile& f : files)
    if (absl::StatusOr<Unit> u = ReadUnit(f.path, static_cast<size_t>(max_len_)); u.ok()) units.push_back(*std::move(u));
  if (units.empty()) {
    if (options_.verbosity > 0) std::fprintf(stderr, "INFO: A corpus is not provided, starting from an empty corpus\n");
    units.push_back({'\n'});
  } else if (options_.verbosity > 0) {
    std::fprintf(stderr, "INFO: seed corpus: files: %zu min: %zub max: %zub total: %zub rss: %ldMb\n", units.size(), shortest, longest, total, static_cast<long>(PeakRssMb()));
  }
  RunInitial(std::move(units));
  return absl::OkStatus();
}

void Fuzzer::MutateAndRun() {
  const size_t parent = corpus_.Pick(rng_);
  Unit unit = corpus_[parent].unit;
  base_ = Sha1(unit);
  const Unit other = options_.cross_over != 0 ? corpus_[corpus_.Pick(rng_)].unit : Unit();
  mutator_.Begin();
  for (int64_t i = 0; i < options_.mutate_depth && !Over(); ++i) {
    mutator_.Mutate(&unit, other, static_cast<size_t>(std::max<int64_t>(limit_, static_cast<int64_t>(unit.size()))));
    Run(unit, true);
    const size_t before = corpus_.size();
    if (!Consider(unit, parent)) continue;
    Say(corpus_.size() > before ? "NEW   " : "REDUCE", absl::StrCat(" L: ", unit.size(), "/", corpus_.longest(), " ", mutator_.Sequence()));
    break;
  }
}

// What other processes have put into the first directory since.
absl::Status Fuzzer::Reload() {
  absl::StatusOr<std::vector<UnitFile>> files = ListUnits(options_.inputs.front());
  if (!files.ok()) return files.status();
  int64_t newest = newest_file_;
  const size_t before = corpus_.size();
  for (const UnitFile& f : *files) {
    if (f.modified <= newest_file_ || Over()) continue;
    newest = std::max(newest, f.modified);
    if (written_.contains(f.path)) continue;
    absl::StatusOr<Unit> unit = ReadUnit(f.path, static_cast<size_t>(max_len_));
    if (!unit.ok()) continue;  // reduced away meanwhile
    mutator_.Begin();
    Run(*unit, true);
    Consider(*unit, Corpus::kNobody);
  }
  newest_file_ = newest;
  if (corpus_.size() > before) Say("RELOAD");
  return absl::OkStatus();
}

int Fuzzer::Loop() {
  reloaded_at_ = SecondsSinceStart();
  if (absl::Status s = ReadCorpora(); !s.ok()) {
    PrintError(s);
    return kExitUsage;
  }
  mutator_.Begin();
  Say("INITED");
  const int64_t control = target_.mutate != nullptr && !options_.len_control_given ? 0 : options_.len_control;
  limit_ = control == 0 ? max_len_ : std::min<int64_t>(max_len_, std::max<int64_t>(4, static_cast<int64_t>(corpus_.longest())));
  if (corpus_.size() == 0) {
    if (options_.runs != 0)
      std::fprintf(stderr, "WARNING: no interesting inputs were found so far. Is the code instrumented for coverage?\n"
                           "This may also happen if the target rejected all inputs we tried so far\n");
    corpus_.Begin({'\n'});
  }
  while (!Over()) {
    if (options_.reload > 0 && !options_.inputs.empty() && SecondsSinceStart() - reloaded_at_ >= options_.reload) {
      reloaded_at_ = SecondsSinceStart();
      if (absl::Status s = Reload(); !s.ok() && stored_.ok()) stored_ = s;
    }
    if (control > 0 && limit_ < max_len_) {
      const auto log = static_cast<int64_t>(std::log2(static_cast<double>(limit_) + 1)) + 1;
      if (runs_ - last_new_ > control * log) limit_ = std::min(max_len_, limit_ + log), last_new_ = runs_;
    }
    MutateAndRun();
  }
  Say("DONE  ");
  Finish();
  if (stored_.ok()) return kExitClean;
  PrintError(stored_);
  return kExitUsage;
}

int Fuzzer::RunFiles() {
  std::fprintf(stderr, "%s: Running %zu inputs %ld time(s) each.\n", options_.program.c_str(), options_.inputs.size(), static_cast<long>(std::max<int64_t>(options_.runs, 1)));
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
  std::fprintf(stderr, "***\n*** NOTE: fuzzing was not performed, you have only\n***       executed the target code on a fixed set of inputs.\n***\n");
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

std::string Fuzzer::MadeBy() const { return absl::StrCat(mutator_.Sequence(), "; base unit: ", base_); }

void Fuzzer::Say(const char* event, const std::string& more) {
  if (options_.verbosity <= 0) return;
  std::string text = absl::StrFormat("#%d\t%s", runs_, event);
  if (corpus_.features() > 0) absl::StrAppend(&text, " ft: ", corpus_.features());
  if (corpus_.size() > 0) absl::StrAppend(&text, " corp: ", corpus_.size(), "/", Bytes(corpus_.bytes()));
  if (limit_ > 0) absl::StrAppend(&text, " lim: ", limit_);
  const int64_t seconds = SecondsSinceStart();
  absl::StrAppend(&text, " exec/s: ", seconds > 0 ? runs_ / seconds : 0, " rss: ", PeakRssMb(), "Mb", more, "\n");
  std::fputs(text.c_str(), stderr);
}

void Fuzzer::Finish() {
  const int64_t seconds = SecondsSinceStart();
  if (options_.verbosity > 0) std::fprintf(stderr, "Done %ld runs in %ld second(s)\n", static_cast<long>(runs_), static_cast<long>(seconds));
  if (options_.print_final_stats == 0) return;
  std::fprintf(stderr,
               "stat::number_of_executed_units: %ld\nstat::average_exec_per_sec:     %ld\nstat::new_units_added:          %ld\n"
               "stat::slowest_unit_time_sec:    %ld\nstat::peak_rss_mb:              %ld\n",
               static_cast<long>(runs_), static_cast<long>(seconds > 0 ? runs_ / seconds : 0), static_cast<long>(added_), static_cast<long>(slowest_),
               static_cast<long>(PeakRssMb()));
}

}  // namespace ordeal::driver
