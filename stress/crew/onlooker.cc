#include "stress/crew/onlooker.h"

#include "stress/crew/escape.h"

namespace ordeal::stress {

double ProcessorSeconds(clockid_t clock) {
  timespec t;
  if (clock_gettime(clock, &t) != 0) return 0;
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

void Onlooker::Look() {
  for (size_t i = 0; i < threads_.size(); ++i) {
    Watched& w = *threads_[i];
    const u64 round = w.round.load(std::memory_order_relaxed);
    clockid_t clock;
    if (round == 0 || pthread_getcpuclockid(w.thread, &clock) != 0) continue;
    const double seconds = ProcessorSeconds(clock);
    if (round != seen_[i].round) {
      seen_[i] = {round, seconds};
    } else if (seconds - seen_[i].seconds > stuck_seconds_) {
      w.thrown = round;
      ThrowOut(w.thread);
      seen_[i].seconds = seconds;
    }
  }
}

}  // namespace ordeal::stress
