#include "stress/crew/timebase.h"

#include <algorithm>

namespace ordeal::stress {

double Now() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

double TicksPerSecond() {
  static const double rate = [] {
    const double from = Now();
    const u64 first = Ticks();
    while (Now() - from < 0.02) {
    }
    const u64 last = Ticks();
    return static_cast<double>(last - first) / (Now() - from);
  }();
  return rate;
}

u64 TicksOfNanoseconds(u64 ns) { return std::max<u64>(1, static_cast<u64>(static_cast<double>(ns) * 1e-9 * TicksPerSecond())); }

}  // namespace ordeal::stress
