// How do the threads of a crew start together? They meet at a gate, and then wait for the same tick of the timebase.
//
// A barrier alone lets the last one in go first: litmus7 measured 0 weak outcomes of a million with it, where the timebase gives thousands.
#pragma once
#include <atomic>
#include <thread>

#include "memory/native/access.h"
#include "stress/crew/timebase.h"

namespace ordeal::stress {

enum class Sync : u8 {
  kTimebase,  // each round begins at one tick
  kSpin,      // each round begins as each thread sees that all are there
  kNone,      // rounds follow each other: threads meet at the ends of batches only
};

// One a crew. `gave_up` is looked at while waiting: true ends every wait, for good.
class Gate {
 public:
  Gate(int threads, const std::atomic<bool>& gave_up) : threads_(threads), gave_up_(gave_up) {}

  // All threads come here with the same numbers, 1, 2, 3...; nobody leaves before all came. `delay`: ticks from the last arrival to the start, 0 for
  // a mere barrier. A full barrier for all that the threads did before.
  void Meet(u64 number, u64 delay) {
    if (arrived_.fetch_add(1) + 1 == number * static_cast<u64>(threads_)) {
      start_.store(Ticks() + delay, std::memory_order_relaxed);  // ordered by open_
      open_.store(number);
    } else {
      // With more threads than processors the one that is waited for may need this one.
      for (int turn = 1; open_.load() < number; ++turn) {
        if (turn % 256 != 0) native::Relax();
        else if (gave_up_.load(std::memory_order_relaxed)) return;
        else std::this_thread::yield();
      }
    }
    if (delay == 0) return;
    // Nobody can be a whole round ahead: start_ is this round's.
    const u64 start = start_.load(std::memory_order_relaxed);
    while (static_cast<i64>(start - Ticks()) > 0) native::Relax();
  }

 private:
  const int threads_;
  const std::atomic<bool>& gave_up_;
  alignas(256) std::atomic<u64> arrived_ = 0;
  alignas(256) std::atomic<u64> open_ = 0;
  std::atomic<u64> start_ = 0;
};

}  // namespace ordeal::stress
