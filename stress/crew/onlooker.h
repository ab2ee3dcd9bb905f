// Who gets a thread out of a round that does not end? Somebody outside, who looks at its processor time.
#pragma once
#include <atomic>
#include <ctime>
#include <vector>

#include <pthread.h>

#include "memory/order.h"

namespace ordeal::stress {

// Of a clock that counts a thread's own processor time; 0 if there is none.
double ProcessorSeconds(clockid_t clock);

// One thread, as it is seen from outside.
struct Watched {
  pthread_t thread{};
  std::atomic<u64> round = 0;   // the number of the round that it is in, never used twice; 0: in none
  std::atomic<u64> thrown = 0;  // the last round that it was thrown out of, or was meant to be
};

// Not thread-safe: one onlooker, in one thread.
class Onlooker {
 public:
  Onlooker(std::vector<Watched*> threads, double stuck_seconds)
      : threads_(std::move(threads)), stuck_seconds_(stuck_seconds), seen_(threads_.size()) {}

  // Throws out (escape.h) whoever has spent too much of its own processor time in one round. Starvation is no reason. It may come too late, when
  // the thread is in the next round: who finds itself thrown out compares `thrown`.
  void Look();

 private:
  struct Seen {
    u64 round = 0;
    double seconds = 0;
  };
  const std::vector<Watched*> threads_;
  const double stuck_seconds_;
  std::vector<Seen> seen_;
};

}  // namespace ordeal::stress
