// How is a window between two accesses opened wide on a real machine? By making a thread wait in front of one of its accesses.
//
// The wait is turns of a waiting loop: no fence, no access. It orders nothing, but what a store buffer holds has left it afterwards: so it helps to
// find interleavings and hides weak memory, and whoever plans delays leaves many rounds without.
#pragma once
#include "memory/native/access.h"

namespace ordeal::native {

// Of the calling thread.
struct Delay {
  u32 accesses = 0;  // how many more until it waits; 0: never (for the next 2^32 - 1)
  u32 turns = 0;     // of the waiting loop
};
inline constinit thread_local Delay g_delay;

// NativePlanted calls this before each access.
[[gnu::always_inline]] inline void BeforeAccess() {
  if (--g_delay.accesses == 0) [[unlikely]] {
    for (u32 i = 0; i < g_delay.turns; ++i) Relax();
  }
}

}  // namespace ordeal::native
