// What time is it, in ticks that all CPUs count alike? The counter of the architecture, read without a fence: to read it orders nothing.
//
// x86: the TSC, invariant on anything from the last fifteen years (`ordeal doctor` looks). aarch64: the generic timer, which may tick at 25 MHz
// only. POWER: the timebase, 512 MHz. What is meant in nanoseconds must be converted: litmus7's delta of 2048 ticks is a microsecond on one
// machine and eighty on another.
#pragma once
#include <time.h>

#include "memory/order.h"

namespace ordeal::stress {

[[gnu::always_inline]] inline u64 Ticks() {
#if defined(__x86_64__)
  return __builtin_ia32_rdtsc();
#elif defined(__aarch64__)
  u64 t;
  asm volatile("mrs %0, cntvct_el0" : "=r"(t));
  return t;
#elif defined(__powerpc64__)
  return __builtin_ppc_get_timebase();
#else
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<u64>(t.tv_sec) * 1'000'000'000 + static_cast<u64>(t.tv_nsec);
#endif
}

// Measured against the monotonic clock, once a process (20 ms). Thread-safe.
double TicksPerSecond();
u64 TicksOfNanoseconds(u64 ns);  // at least 1

// The monotonic clock, in seconds.
double Now();

}  // namespace ordeal::stress
