// How is code tested that was written against std::atomic? By another atomic: same members, same signatures, on any Memory policy.
//
//   template <class T> using atomic = ordeal::atomic<T, M>;    // in the ported class, itself a template on M
//   ordeal::atomic_thread_fence<M>(std::memory_order_acquire);
//
// Each memory_order becomes the weakest of the vocabulary's orders that is at least as strong, so what passes here may still be wrong by
// C11 alone, and a bug found here is one. Where the two differ:
//   * values come back bare, not tracked: dependencies end here. Code that orders a relaxed load by a dependency (no C11 guarantee but
//     for consume) is reported as if it had none; memory_order_consume is acquire, as in every compiler
//   * acquire and release fences are full ones: smp_rmb and smp_wmb do not order loads with stores
//   * seq_cst accesses have a full fence on both sides: sequentially consistent also to accesses that are not seq_cst
//   * no wait/notify, no volatile, no floating-point arithmetic
//   * a retry that waits for another thread must say so by M::spin()
// Better where it can be had: M::Word with named Sites (docs/adding_an_allocator.md).
#pragma once
#include <atomic>
#include <bit>
#include <cstddef>
#include <type_traits>

#include "memory/memory.h"

namespace ordeal {
namespace atomic_detail {

template <size_t kBytes>
struct Bits;
template <>
struct Bits<1> {
  using Type = u8;
};
template <>
struct Bits<2> {
  using Type = u16;
};
template <>
struct Bits<4> {
  using Type = u32;
};
template <>
struct Bits<8> {
  using Type = u64;
};

template <Order O>
inline constexpr Site<O> kUnnamed{kNoSite};

constexpr std::memory_order FailureOrder(std::memory_order success) {  // as the standard derives it
  if (success == std::memory_order_acq_rel) return std::memory_order_acquire;
  if (success == std::memory_order_release) return std::memory_order_relaxed;
  return success;
}

// f(Site) for a read-modify-write: the vocabulary has nothing between acquire or release and full.
template <class F>
auto WithRmwSite(std::memory_order order, F f) {
  switch (order) {
    case std::memory_order_relaxed: return f(kUnnamed<Order::kOnce>);
    case std::memory_order_consume:
    case std::memory_order_acquire: return f(kUnnamed<Order::kAcquire>);
    case std::memory_order_release: return f(kUnnamed<Order::kRelease>);
    default: return f(kUnnamed<Order::kFull>);
  }
}

}  // namespace atomic_detail

template <class M>
void atomic_thread_fence(std::memory_order order) {
  if (order != std::memory_order_relaxed) M::mb(atomic_detail::kUnnamed<Order::kMb>);
}

template <class T, class M>
class atomic {
  static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= 8);
  using Rep = typename atomic_detail::Bits<sizeof(T)>::Type;
  using Mo = std::memory_order;
  static constexpr bool kIsPointer = std::is_pointer_v<T>;
  static constexpr bool kHasArithmetic = kIsPointer || (std::is_integral_v<T> && !std::is_same_v<T, bool>);
  template <Order O>
  static constexpr Site<O> kAt = atomic_detail::kUnnamed<O>;

 public:
  using value_type = T;
  static constexpr bool is_always_lock_free = true;
  bool is_lock_free() const { return true; }

  atomic() = default;                                   // the memory as it is
  atomic(T value) { word_.set_plain(ToRep(value)); }    // NOLINT: implicit as std's. While CPUs run; not atomic, as std's
  void init(T value) { M::poke(word_, ToRep(value)); }  // in the initial image, before they run
  atomic(const atomic&) = delete;
  atomic& operator=(const atomic&) = delete;

  T load(Mo order = Mo::seq_cst) const {
    switch (order) {
      case Mo::relaxed: return FromVal(word_.read_once(kAt<Order::kOnce>));
      case Mo::seq_cst: break;
      default: return FromVal(word_.load_acquire(kAt<Order::kAcquire>));
    }
    M::mb(kAt<Order::kMb>);
    const T value = FromVal(word_.read_once(kAt<Order::kOnce>));
    M::mb(kAt<Order::kMb>);
    return value;
  }
  void store(T value, Mo order = Mo::seq_cst) {
    switch (order) {
      case Mo::relaxed: word_.write_once(ToRep(value), kAt<Order::kOnce>); return;
      case Mo::seq_cst: break;
      default: word_.store_release(ToRep(value), kAt<Order::kRelease>); return;
    }
    M::mb(kAt<Order::kMb>);
    word_.write_once(ToRep(value), kAt<Order::kOnce>);
    M::mb(kAt<Order::kMb>);
  }
  T exchange(T value, Mo order = Mo::seq_cst) {
    return atomic_detail::WithRmwSite(order, [&](auto site) { return FromVal(word_.xchg(ToRep(value), site)); });
  }

  // Never fails spuriously. A failed cmpxchg of the kernel orders nothing, so the order of failure is fences.
  bool compare_exchange_strong(T& expected, T desired, Mo success, Mo failure) {
    if (failure == Mo::seq_cst) M::mb(kAt<Order::kMb>);
    typename M::template Val<Rep> seen = ToRep(expected);
    const bool ok = atomic_detail::WithRmwSite(success, [&](auto site) { return M::untracked(word_.cmpxchg(seen, ToRep(desired), site)); });
    if (ok) return true;
    expected = FromVal(seen);
    if (failure != Mo::relaxed) M::mb(kAt<Order::kMb>);
    return false;
  }
  bool compare_exchange_strong(T& expected, T desired, Mo order = Mo::seq_cst) {
    return compare_exchange_strong(expected, desired, order, atomic_detail::FailureOrder(order));
  }
  bool compare_exchange_weak(T& expected, T desired, Mo success, Mo failure) { return compare_exchange_strong(expected, desired, success, failure); }
  bool compare_exchange_weak(T& expected, T desired, Mo order = Mo::seq_cst) { return compare_exchange_strong(expected, desired, order); }

  operator T() const { return load(); }  // NOLINT: implicit as std's
  T operator=(T value) {                 // NOLINT: returns the value, as std's
    store(value);
    return value;
  }

  // T* takes a count of elements, as std's.
  using Difference = std::conditional_t<kIsPointer, std::ptrdiff_t, T>;
  T fetch_add(Difference d, Mo order = Mo::seq_cst)
    requires kHasArithmetic
  {
    return atomic_detail::WithRmwSite(order, [&](auto site) { return FromVal(word_.fetch_add(Scaled(d), site)); });
  }
  T fetch_sub(Difference d, Mo order = Mo::seq_cst)
    requires kHasArithmetic
  {
    return atomic_detail::WithRmwSite(order, [&](auto site) { return FromVal(word_.fetch_sub(Scaled(d), site)); });
  }
#define ORDEAL_FETCH(name)                                                                                    \
  T name(T x, Mo order = Mo::seq_cst)                                                                         \
    requires(kHasArithmetic && !kIsPointer)                                                                   \
  {                                                                                                           \
    return atomic_detail::WithRmwSite(order, [&](auto site) { return FromVal(word_.name(ToRep(x), site)); }); \
  }
  ORDEAL_FETCH(fetch_and)
  ORDEAL_FETCH(fetch_or)
  ORDEAL_FETCH(fetch_xor)
#undef ORDEAL_FETCH

  // `requires` comes from the fetch_ that each calls.
  T operator++(int) { return fetch_add(1); }
  T operator--(int) { return fetch_sub(1); }
  T operator++() { return static_cast<T>(fetch_add(1) + 1); }
  T operator--() { return static_cast<T>(fetch_sub(1) - 1); }
  T operator+=(Difference d) { return static_cast<T>(fetch_add(d) + d); }
  T operator-=(Difference d) { return static_cast<T>(fetch_sub(d) - d); }
  T operator&=(T x) { return static_cast<T>(fetch_and(x) & x); }
  T operator|=(T x) { return static_cast<T>(fetch_or(x) | x); }
  T operator^=(T x) { return static_cast<T>(fetch_xor(x) ^ x); }

 private:
  static Rep ToRep(T value) { return std::bit_cast<Rep>(value); }
  template <class V>
  static T FromVal(V v) {
    return std::bit_cast<T>(static_cast<Rep>(M::untracked(v)));
  }
  static Rep Scaled(Difference d) {
    if constexpr (kIsPointer) return static_cast<Rep>(d) * sizeof(std::remove_pointer_t<T>);
    else return static_cast<Rep>(d);
  }

  typename M::template Word<Rep> word_;
};

}  // namespace ordeal
