// How is a workload run by real threads, so that it is known how well they met? A crew: one thread a part, batch after batch.
//
// Between batches the threads trade parts, and each judges its share of the cells.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "stress/crew/gate.h"
#include "stress/crew/workload.h"
#include "stress/night/tally.h"
#include "stress/night/watchdog.h"

namespace ordeal::stress {

struct CrewOptions {
  Sync sync = Sync::kTimebase;
  u64 seed = 1;
  double seconds = 1;                                       // stop after the batch in which they end ...
  u64 rounds = ~u64{0};                                     // ... or these rounds
  u32 kept = 1;                                             // wrong rounds whose text is kept, at most, of each outcome
  double stuck_seconds = 2;                                 // of a thread's own processor time, in one round: then it is thrown out
  bool evict = true;                                        // before some rounds some threads lose their cache
  std::function<absl::Status(int thread)> pin;              // called first by each thread; null: the kernel places them
  std::function<bool(int thread)> still_there;              // called by each thread after each batch; null: it is
  std::function<absl::Status(int thread, u64 batch)> move;  // called by each thread before each batch, to go elsewhere; null: it stays
  std::function<WorkerPulse*(int thread)> pulse;            // of each thread, for a watchdog: a beat a batch; null: none
};

struct CrewResult {
  absl::Status status;  // a thread could not be pinned: nothing was run
  std::map<std::string, u64> outcomes;
  Meters meters;  // seconds: of this crew
  u64 contract_broken = 0;
  std::map<std::string, std::vector<std::string>> kept;  // texts of wrong rounds, by outcome
  bool interrupted = false;
};

// The sum of both; of texts as many as `kept`.
void AddTo(CrewResult& all, CrewResult more, u32 kept);

// Runs until its time or its rounds are over, or Interrupted() (base/signals.h). InstallEscape() first. Thread-safe for different workloads.
CrewResult RunCrew(Workload& workload, const CrewOptions& options);

}  // namespace ordeal::stress
