// The search: run inputs, keep what shows something new, mutate it, say how it goes.
#pragma once
#include <string>
#include <unordered_set>
#include <vector>

#include "base/random.h"
#include "fuzz/driver/corpus.h"
#include "fuzz/driver/mutation.h"
#include "fuzz/driver/options.h"
#include "fuzz/driver/target.h"

namespace ordeal::driver {

// One a process, not thread-safe. StartWatching comes first.
class Fuzzer {
 public:
  Fuzzer(const Target& target, const Options& options, uint64_t seed);

  // Reads the corpora and fuzzes until -runs, -max_total_time, -stop_file or SIGUSR1 ends it. Returns the exit code; an input that fails ends
  // the process. The first directory receives what is kept.
  int Loop();

  // Runs each file -runs times, or once. Returns the exit code.
  int RunFiles();

  // Mutates the one input of -minimize_crash_internal_step=1 until a shorter one fails, which ends the process.
  int MinimizeStep();

  // Runs the unit. `features` is what it showed, until the next run.
  const std::vector<uint32_t>& Run(const Unit& unit, bool keep_artefact);
  bool rejected() const { return rejected_; }  // the target said -1: not to be kept

  // For the report of an input that fails.
  std::string MadeBy() const;

 private:
  absl::Status ReadCorpora();
  void RunInitial(std::vector<Unit> units);
  void MutateAndRun();
  bool Consider(const Unit& unit, size_t parent);
  absl::Status Store(const Unit& unit, size_t entry, bool reduced);
  absl::Status Reload();
  bool Over() const;
  void Say(const char* event, const std::string& more = "");
  void Finish();

  const Target& target_;
  const Options options_;
  Rng rng_;
  Mutator mutator_;
  Corpus corpus_;
  std::vector<uint32_t> features_;
  std::string base_ = std::string(40, '0');  // the SHA-1 of what is being mutated
  bool rejected_ = false;
  int64_t max_len_ = 0, limit_ = 0;  // -max_len as it was settled, and what -len_control has come to
  int64_t runs_ = 0, added_ = 0, slowest_ = 0, last_new_ = 0;
  int64_t reloaded_at_ = 0, newest_file_ = INT64_MIN;
  std::unordered_set<std::string> written_;  // the files that this process made
  absl::Status stored_;
};

}  // namespace ordeal::driver
