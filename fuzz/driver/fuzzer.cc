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
#include "fuzz/driver/artefact.h"
#include "fuzz/driver/features.h"
#include "fuzz/driver/watch.h"

namespace ordeal::driver {
Fuzzer::Fuzzer(const Target& target, const Options& options, uint64_t seed) : target_(target), options_(options), rng_(seed), mutator_(target, rng_) {
  max_len_ = options.max_len;
}

const std::vector<uint32_t>& Fuzzer::Run(const Unit& unit, bool keep_artefact) {
  if (!target_.counters.empty()) std::memset(target_.counters.data(), 0, target_.counters.size());
  const auto begin = std::chrono::steady_clock::now();
  WatchInput(unit, keep_artefact);
  // A copy that ends where the input ends: a target that reads on is found by asan.
  const Unit copy = unit;  // NOLINT(performance-unnecessary-copy-initialization)
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

bool Fuzzer::Over() const {
  if (!stored_.ok() || AskedToStop()) return true;
  if (options_.runs >= 0 && runs_ >= options_.runs) return true;
  if (options_.max_total_time > 0 && SecondsSinceStart() >= options_.max_total_time) return true;
  return !options_.stop_file.empty() && access(options_.stop_file.c_str(), F_OK) == 0;
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
      std::fprintf(stderr,
                   "WARNING: no interesting inputs were found so far. Is the code instrumented for coverage?\n"
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

}  // namespace ordeal::driver
