#include "memory/litmus/primitives.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace ordeal::litmus {
namespace {

using model::FenceKind;

struct Named {
  absl::string_view name;
  Primitive primitive;
};

constexpr Primitive Access(Form form, Order order) { return {.form = form, .order = order}; }
constexpr Primitive Fence(FenceKind fence) { return {.form = Form::kFence, .fence = fence}; }
constexpr Primitive Atomic(RmwOp rmw, Returns returns = Returns::kNothing) {
  return {.form = Form::kAtomic, .order = returns == Returns::kNothing ? Order::kNoReturn : Order::kFull, .rmw = rmw, .returns = returns};
}
constexpr Primitive AtomicOne(RmwOp rmw, Returns returns = Returns::kNothing) {
  Primitive p = Atomic(rmw, returns);
  p.form = Form::kAtomicOne;
  return p;
}

constexpr Named kPlainlyNamed[] = {
    {"READ_ONCE", Access(Form::kLoadPlace, Order::kOnce)},
    {"WRITE_ONCE", Access(Form::kStorePlace, Order::kOnce)},
    {"smp_load_acquire", Access(Form::kLoad, Order::kAcquire)},
    {"smp_store_release", Access(Form::kStore, Order::kRelease)},
    {"smp_store_mb", Access(Form::kStorePlaceMb, Order::kOnce)},
    {"rcu_dereference", Access(Form::kLoadPlace, Order::kOnce)},
    {"lockless_dereference", Access(Form::kLoadPlace, Order::kOnce)},
    {"rcu_assign_pointer", Access(Form::kStorePlace, Order::kRelease)},
    {"atomic_read", Access(Form::kLoad, Order::kOnce)},
    {"atomic_read_acquire", Access(Form::kLoad, Order::kAcquire)},
    {"atomic_set", Access(Form::kStore, Order::kOnce)},
    {"atomic_set_release", Access(Form::kStore, Order::kRelease)},
    {"smp_mb", Fence(FenceKind::kMb)},
    {"smp_rmb", Fence(FenceKind::kRmb)},
    {"smp_wmb", Fence(FenceKind::kWmb)},
    {"smp_mb__before_atomic", Fence(FenceKind::kBeforeAtomic)},
    {"smp_mb__after_atomic", Fence(FenceKind::kAfterAtomic)},
    {"smp_mb__after_spinlock", Fence(FenceKind::kAfterSpinlock)},
    {"smp_mb__after_unlock_lock", Fence(FenceKind::kAfterUnlockLock)},
    {"barrier", Fence(FenceKind::kBarrier)},
    {"smp_read_barrier_depends", {}},  // address dependencies order anyway
    {"spin_lock", Access(Form::kLock, Order::kAcquire)},
    {"spin_unlock", Access(Form::kUnlock, Order::kRelease)},
    {"spin_trylock", Access(Form::kTryLock, Order::kAcquire)},
    {"spin_is_locked", Access(Form::kIsLocked, Order::kOnce)},
    {"atomic_add", Atomic(RmwOp::kAdd)},
    {"atomic_sub", Atomic(RmwOp::kSub)},
    {"atomic_inc", AtomicOne(RmwOp::kAdd)},
    {"atomic_dec", AtomicOne(RmwOp::kSub)},
    {"atomic_and", Atomic(RmwOp::kAnd)},
    {"atomic_or", Atomic(RmwOp::kOr)},
    {"atomic_xor", Atomic(RmwOp::kXor)},
    {"atomic_andnot", Atomic(RmwOp::kAndNot)},
};

// Each also with _relaxed, _acquire, _release.
constexpr Named kWithSuffixes[] = {
    {"xchg", Access(Form::kXchg, Order::kFull)},
    {"cmpxchg", Access(Form::kCmpxchg, Order::kFull)},
    {"atomic_xchg", Access(Form::kXchg, Order::kFull)},
    {"atomic_cmpxchg", Access(Form::kCmpxchg, Order::kFull)},
    {"atomic_add_unless", Access(Form::kAddUnless, Order::kFull)},
    {"atomic_inc_not_zero", Access(Form::kIncNotZero, Order::kFull)},
    {"atomic_add_return", Atomic(RmwOp::kAdd, Returns::kNew)},
    {"atomic_sub_return", Atomic(RmwOp::kSub, Returns::kNew)},
    {"atomic_inc_return", AtomicOne(RmwOp::kAdd, Returns::kNew)},
    {"atomic_dec_return", AtomicOne(RmwOp::kSub, Returns::kNew)},
    {"atomic_fetch_add", Atomic(RmwOp::kAdd, Returns::kOld)},
    {"atomic_fetch_sub", Atomic(RmwOp::kSub, Returns::kOld)},
    {"atomic_fetch_inc", AtomicOne(RmwOp::kAdd, Returns::kOld)},
    {"atomic_fetch_dec", AtomicOne(RmwOp::kSub, Returns::kOld)},
    {"atomic_fetch_and", Atomic(RmwOp::kAnd, Returns::kOld)},
    {"atomic_fetch_or", Atomic(RmwOp::kOr, Returns::kOld)},
    {"atomic_fetch_xor", Atomic(RmwOp::kXor, Returns::kOld)},
    {"atomic_fetch_andnot", Atomic(RmwOp::kAndNot, Returns::kOld)},
    {"atomic_sub_and_test", Atomic(RmwOp::kSub, Returns::kNewIsZero)},
    {"atomic_inc_and_test", AtomicOne(RmwOp::kAdd, Returns::kNewIsZero)},
    {"atomic_dec_and_test", AtomicOne(RmwOp::kSub, Returns::kNewIsZero)},
    {"atomic_add_negative", Atomic(RmwOp::kAdd, Returns::kNewIsNegative)},
};

}  // namespace

std::optional<Primitive> FindPrimitive(absl::string_view name) {
  for (const Named& named : kPlainlyNamed)
    if (named.name == name) return named.primitive;
  Order order = Order::kFull;
  if (absl::ConsumeSuffix(&name, "_relaxed")) {
    order = Order::kOnce;
  } else if (absl::ConsumeSuffix(&name, "_acquire")) {
    order = Order::kAcquire;
  } else if (absl::ConsumeSuffix(&name, "_release")) {
    order = Order::kRelease;
  }
  for (const Named& named : kWithSuffixes) {
    if (named.name != name) continue;
    Primitive p = named.primitive;
    p.order = order;
    return p;
  }
  return std::nullopt;
}

bool IsRcu(absl::string_view name) {
  for (absl::string_view prefix : {"rcu_", "srcu_", "call_rcu", "call_srcu", "synchronize_rcu", "synchronize_srcu", "smp_mb__after_srcu_read_unlock"})
    if (absl::StartsWith(name, prefix)) return !FindPrimitive(name);
  return false;
}

}  // namespace ordeal::litmus
