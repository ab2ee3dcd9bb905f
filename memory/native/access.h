// Which instruction is an access of a given order? One place that maps the vocabulary's orders to the compiler's.
//
// An order must reach a builtin as a constant: g++ silently turns a run-time order into seq_cst, and an order that was planted weaker would
// be the strongest of all. So run-time orders are switched to constants here; with a constant order the switch is gone.
#pragma once
#include <type_traits>

#include "memory/order.h"

#if defined(__SANITIZE_THREAD__)
#define ORDEAL_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define ORDEAL_TSAN 1
#endif
#endif

namespace ordeal::native {

template <class T>
[[gnu::always_inline]] inline T Load(const T* p, Order o) {
  switch (o) {
    case Order::kPlain: return *p;
    case Order::kAcquire: return __atomic_load_n(p, __ATOMIC_ACQUIRE);
    default: return __atomic_load_n(p, __ATOMIC_RELAXED);
  }
}

template <class T>
[[gnu::always_inline]] inline void Store(T* p, T v, Order o) {
  switch (o) {
    case Order::kPlain: *p = v; return;
    case Order::kRelease: __atomic_store_n(p, v, __ATOMIC_RELEASE); return;
    default: __atomic_store_n(p, v, __ATOMIC_RELAXED); return;
  }
}

// smp_rmb orders loads with loads, smp_wmb stores with stores: C11's acquire and release fences are the weakest that do.
[[gnu::always_inline]] inline void Fence(Order o) {
  switch (o) {
    case Order::kRmb: __atomic_thread_fence(__ATOMIC_ACQUIRE); return;
    case Order::kWmb: __atomic_thread_fence(__ATOMIC_RELEASE); return;
    case Order::kMb: __atomic_thread_fence(__ATOMIC_SEQ_CST); return;
    case Order::kBeforeAtomic:
    case Order::kAfterAtomic:
    case Order::kAfterSpinlock:
    case Order::kAfterUnlockLock:
#if defined(__x86_64__)
      __atomic_signal_fence(__ATOMIC_SEQ_CST);  // the atomic or the lock itself is a full barrier
#else
      __atomic_thread_fence(__ATOMIC_SEQ_CST);
#endif
      return;
    default: return;
  }
}

// f(order as an integral_constant), for an RMW of order `o`.
template <class F>
[[gnu::always_inline]] inline auto WithRmwOrder(Order o, F f) {
  switch (o) {
    case Order::kAcquire: return f(std::integral_constant<int, __ATOMIC_ACQUIRE>());
    case Order::kRelease: return f(std::integral_constant<int, __ATOMIC_RELEASE>());
    case Order::kFull: {
      auto result = f(std::integral_constant<int, __ATOMIC_SEQ_CST>());
#if !defined(__x86_64__)
      // The kernel's atomics without a suffix are full barriers to all accesses around them; C11's seq_cst ones to seq_cst ones only.
      __atomic_thread_fence(__ATOMIC_SEQ_CST);
#endif
      return result;
    }
    default: return f(std::integral_constant<int, __ATOMIC_RELAXED>());
  }
}

template <class T>
[[gnu::always_inline]] inline bool CompareExchange(T* p, T& old, T desired, Order o) {
  // A failed try_cmpxchg orders nothing.
  return WithRmwOrder(o, [&](auto order) { return __atomic_compare_exchange_n(p, &old, desired, false, order.value, __ATOMIC_RELAXED); });
}

struct alignas(16) Pair {
  u64 lo, hi;
};

// Compares and exchanges 16 bytes. On x86-64 by hand: compilers make it a library call, which may take a lock.
[[gnu::always_inline]] inline bool CompareExchangePair(Pair* p, u64& lo, u64& hi, u64 new_lo, u64 new_hi, [[maybe_unused]] Order o) {
#if defined(__x86_64__) && !defined(ORDEAL_TSAN)
  bool equal;
  asm volatile("lock cmpxchg16b %1" : "=@ccz"(equal), "+m"(*p), "+a"(lo), "+d"(hi) : "b"(new_lo), "c"(new_hi) : "memory");
  return equal;
#else
#if defined(__powerpc64__) && defined(__clang__)
  static_assert(__atomic_always_lock_free(sizeof(Pair), nullptr), "a library would be called, which may lock: compile with -mcpu=power8 or newer");
#endif
  Pair old{lo, hi};
  Pair desired{new_lo, new_hi};
  const bool equal = WithRmwOrder(o, [&](auto order) {
    unsigned __int128 expected, want;
    __builtin_memcpy(&expected, &old, sizeof expected);
    __builtin_memcpy(&want, &desired, sizeof want);
    const bool ok = __atomic_compare_exchange_n(reinterpret_cast<unsigned __int128*>(p), &expected, want, false, order.value, __ATOMIC_RELAXED);
    __builtin_memcpy(&old, &expected, sizeof old);
    return ok;
  });
  lo = old.lo;
  hi = old.hi;
  return equal;
#endif
}

// One turn of a waiting loop.
[[gnu::always_inline]] inline void Relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield" ::: "memory");
#elif defined(__powerpc64__)
  asm volatile("or 1,1,1; or 2,2,2" ::: "memory");  // low, then medium priority again
#else
  asm volatile("" ::: "memory");
#endif
}

}  // namespace ordeal::native
