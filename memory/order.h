// What does one access or barrier promise? The words of the kernel's memory model, as plain data shared by every memory.
#pragma once
#include <cstdint>

namespace ordeal {

using u8 = uint8_t;
using u16 = uint16_t;
using u32 = uint32_t;
using u64 = uint64_t;
using i16 = int16_t;
using i32 = int32_t;
using i64 = int64_t;

// The order of an access, or the kind of a barrier. Names are the LKMM's (tools/memory-model/linux-kernel.def):
//   kPlain     an ordinary C access: no promise at all, subject to data races
//   kOnce      READ_ONCE, WRITE_ONCE, and the _relaxed form of an RMW
//   kAcquire   smp_load_acquire, and the _acquire form of an RMW
//   kRelease   smp_store_release, and the _release form of an RMW
//   kFull      an RMW without suffix: as if between two smp_mb()
//   kNoReturn  a void atomic (atomic_inc): its read half orders nothing, smp_rmb does not see it
//   kRmb, kWmb, kMb                   smp_rmb(), smp_wmb(), smp_mb()
//   kBeforeAtomic, kAfterAtomic       smp_mb__before_atomic(), smp_mb__after_atomic()
//   kAfterSpinlock, kAfterUnlockLock  smp_mb__after_spinlock(), smp_mb__after_unlock_lock()
//   kNone      a barrier that is not there (a planted omission)
enum class Order : u8 {
  kPlain,
  kOnce,
  kAcquire,
  kRelease,
  kFull,
  kNoReturn,
  kRmb,
  kWmb,
  kMb,
  kBeforeAtomic,
  kAfterAtomic,
  kAfterSpinlock,
  kAfterUnlockLock,
  kNone,
};
inline constexpr int kOrders = 14;

constexpr bool IsBarrier(Order o) { return o >= Order::kRmb; }

constexpr const char* OrderName(Order o) {
  constexpr const char* kNames[kOrders] = {"plain", "once", "acquire",       "release",      "full",           "noreturn",          "rmb",
                                           "wmb",   "mb",   "before_atomic", "after_atomic", "after_spinlock", "after_unlock_lock", "none"};
  return kNames[static_cast<int>(o)];
}

}  // namespace ordeal
