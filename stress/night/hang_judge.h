// Does a worker hang, or did it only not get its turn? A pure function of readings, so that it can be tested without waiting.
//
// Only time counts in which *every* worker at work had its processor or had chosen to sleep: who spins or sleeps because it waits for a starved
// one does not hang. So neither SIGSTOP nor a crowded machine is a hang; a worker that spins, or all of them asleep, is.
#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "memory/order.h"

namespace ordeal::stress {

struct WorkerReading {
  u64 progress = 0;
  bool at_work = false;  // between rounds nobody has to make progress
  bool asleep = false;   // waits for something that is not the processor
  double ran = 0;        // seconds on a processor, since the thread began; negative: could not be read
};

struct Hang {
  size_t worker = 0;
  double seconds = 0;  // that it could have run
};

class HangJudge {
 public:
  // `longest_step`: between two looks no more than that is counted, since whoever looks may have been stopped himself.
  HangJudge(size_t workers, double hang_after, double longest_step)
      : hang_after_(hang_after), longest_step_(longest_step), last_(workers), still_(workers) {}

  // `now` in seconds of a clock that only goes forwards. The first look only takes its bearings.
  std::optional<Hang> Look(double now, std::span<const WorkerReading> workers);

 private:
  double Counted(double step, std::span<const WorkerReading> workers) const;

  double hang_after_, longest_step_;
  std::optional<double> last_look_;
  std::vector<WorkerReading> last_;
  std::vector<double> still_;  // counted seconds without progress
};

}  // namespace ordeal::stress
