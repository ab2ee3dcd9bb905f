#include "stress/night/hang_judge.h"

#include <algorithm>

#include "base/check.h"

namespace ordeal::stress {

double HangJudge::Counted(double step, std::span<const WorkerReading> workers) const {
  double least = step;
  for (size_t i = 0; i < workers.size(); ++i) {
    const WorkerReading &now = workers[i], &then = last_[i];
    if (!now.at_work || !then.at_work) continue;
    if (now.ran < 0 || then.ran < 0) return 0;
    if (!now.asleep) least = std::clamp(now.ran - then.ran, 0.0, least);
  }
  return least;
}

std::optional<Hang> HangJudge::Look(double now, std::span<const WorkerReading> workers) {
  ORDEAL_CHECK(workers.size() == last_.size(), "a reading of every worker");
  const double counted = last_look_ ? Counted(std::clamp(now - *last_look_, 0.0, longest_step_), workers) : 0;
  std::optional<Hang> found;
  for (size_t i = 0; i < workers.size(); ++i) {
    const bool still = last_look_ && workers[i].at_work && last_[i].at_work && workers[i].progress == last_[i].progress;
    still_[i] = still ? still_[i] + counted : 0;
    if (still_[i] >= hang_after_ && (!found || still_[i] > found->seconds)) found = Hang{i, still_[i]};
  }
  last_look_ = now;
  last_.assign(workers.begin(), workers.end());
  return found;
}

}  // namespace ordeal::stress
