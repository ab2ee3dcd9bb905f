// How does a night go? Epoch by epoch: threads are placed, controls are run, each scenario gets its slice; what goes wrong is kept and put to the
// engine; then a checkpoint.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "stress/flags/flags.h"
#include "stress/night/journal.h"
#include "stress/night/judgement.h"
#include "stress/night/run_directory.h"
#include "stress/night/screen.h"
#include "stress/night/watchdog.h"
#include "stress/placement/topology.h"
#include "stress/plan.h"
#include "stress/scenario/engine_answer.h"
#include "stress/scenario/slice.h"

namespace ordeal::stress {

// An error of the run's files is one of what was typed or of the disk (exit 1), never of the machine that was to be tested (2).
inline absl::Status OfTheDisk(const absl::Status& s) { return s.ok() ? s : absl::UnavailableError(s.message()); }

class Night {
 public:
  // A new run directory, or the one that is gone on with.
  static absl::StatusOr<std::unique_ptr<Night>> Make(const NightFlags& flags, const Plan& plan, const Topology& topology);

  // To the end of the plan, the first thing that ends it, or the first signal. What came of it is in the directory then, and in the report.
  absl::StatusOr<NightReport> Run();

  Night(const Night&) = delete;
  const std::string& directory() const { return directory_.path(); }
  u64 seed() const { return directory_.state().seed; }

 private:
  Night(const NightFlags& flags, const Plan& plan, const Topology& topology, RunDirectory directory, Journal journal, StatusMode mode);
  absl::Status Epoch();
  absl::Status Place(int threads, u64 epoch);
  absl::Status RunCanaries(NightTally* tally);
  absl::Status RunScenario(const Scenario& scenario, u64 epoch, NightTally* tally);
  absl::Status Keep(const Scenario& scenario, const Hit& hit, u64 epoch, ScenarioTally* tally);
  absl::Status KeepMix(const Scenario& scenario, const Hit& hit, u64 epoch, ScenarioTally* tally);
  absl::Status Note(const Scenario& scenario, const Hit& hit, const std::string& signature, bool is_new, u64 epoch, ScenarioTally* tally);
  std::string CommandFor(const std::string& signature) const;
  bool IsExpected(const Scenario& scenario, const Hit& hit, const absl::StatusOr<EngineAnswer>& answer) const;
  absl::Status Progress();
  absl::Status WatchHeat();
  absl::Status WriteCopies() const;
  void Show(const std::string& scenario);
  void Alarmed(const Alarm& alarm);
  std::string Arms() const;
  std::string Hidden() const;
  absl::Status Close();
  SliceOptions Options(u64 seed, double seconds);
  NightReport Report() const;
  double Elapsed() const;
  double Done() const;  // share of the plan
  bool Over() const;

  const NightFlags flags_;
  const Plan plan_;
  const Topology topology_;
  RunDirectory directory_;
  Journal journal_;
  Placement placement_;
  RunEnd end_ = RunEnd::kCompleted;
  std::map<std::string, int> asked_;  // by scenario and outcome: hits that were put to the engine
  std::vector<WorkerPulse> pulses_;   // of every thread of every crew
  StatusDisplay display_;
  double checkpoint_ = 0, canary_ = -1e18, status_ = 0, epoch_began_ = 0;
  double throttled_ = -1;  // of all cores, as last counted; negative: not yet
  bool stop_ = false;
};

}  // namespace ordeal::stress
