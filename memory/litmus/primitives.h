// Which function of the kernel is this, and what does the model know of it?
//
// The names are those of tools/memory-model/linux-kernel.def, and a few that older tests have.
#pragma once
#include <optional>

#include "absl/strings/string_view.h"
#include "memory/litmus/test.h"

namespace ordeal::litmus {

// *place is written as in READ_ONCE(*place); pointer as in smp_load_acquire(pointer).
enum class Form : u8 {
  kNothing,       // ()
  kFence,         // ()
  kLoadPlace,     // (*place)
  kLoad,          // (pointer)
  kStorePlace,    // (*place, value)
  kStore,         // (pointer, value)
  kStorePlaceMb,  // (*place, value): and smp_mb()
  kXchg,          // (pointer, value)
  kCmpxchg,       // (pointer, expected, value)
  kAtomic,        // (value, pointer)
  kAtomicOne,     // (pointer): the value is 1
  kAddUnless,     // (pointer, value, unless)
  kIncNotZero,    // (pointer)
  kLock,          // (pointer), and the following too
  kUnlock,
  kTryLock,
  kIsLocked,
};

// Of an atomic operation. A zero test and a negative test look at the new value.
enum class Returns : u8 { kNothing, kOld, kNew, kNewIsZero, kNewIsNegative };

struct Primitive {
  Form form = Form::kNothing;
  Order order = Order::kPlain;
  model::FenceKind fence = model::FenceKind::kBarrier;
  RmwOp rmw = RmwOp::kXchg;
  Returns returns = Returns::kNothing;
};

std::optional<Primitive> FindPrimitive(absl::string_view name);

// RCU and SRCU.
bool IsRcu(absl::string_view name);

}  // namespace ordeal::litmus
