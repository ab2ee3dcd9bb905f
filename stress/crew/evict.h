// How does a line leave the caches? By the instruction that user space has for it.
#pragma once
#include "memory/order.h"

namespace ordeal::stress {

inline void EvictLine(u64 address) {
#if defined(__x86_64__)
  __builtin_ia32_clflush(reinterpret_cast<const void*>(address));
#elif defined(__aarch64__)
  asm volatile("dc civac, %0" ::"r"(address) : "memory");
#elif defined(__powerpc64__)
  asm volatile("dcbf 0, %0" ::"r"(address) : "memory");
#else
  (void)address;
#endif
}

}  // namespace ordeal::stress
