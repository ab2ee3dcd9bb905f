// What made one execution different from the default one? Plain data, small enough to mail.
//
// The default execution of a program switches only when a CPU cannot go on, reads the newest store and appends every store
// to its location's modification order. A Decision is one deviation. It is keyed by the place where it is taken, (op, k-th access
// of that op), so that deleting an op or another decision leaves the rest in place.
#pragma once
#include <compare>
#include <vector>

#include "memory/order.h"

namespace ordeal {

enum class DecisionKind : u8 {
  kSwitch,    // before this access, CPU `cpu` runs on instead
  kReadFrom,  // this load reads the store made at `store` instead of the newest one
  kInsert,    // this store goes right before the store made at `store` in modification order
  kPromise,   // this load returns `value`, which the store made at `store`, later, is to bring (load buffering)
};

// One access of a program: the k-th (from 1) of an op. k = 0 is the moment before the first; {kInitOp, 0} the initial value.
struct AccessKey {
  u16 op = 0;
  u16 k = 0;
  auto operator<=>(const AccessKey&) const = default;
};
inline constexpr u16 kInitOp = 0xffff;
inline constexpr AccessKey kInitialValue{kInitOp, 0};

struct Decision {
  AccessKey at;
  DecisionKind kind = DecisionKind::kSwitch;
  u8 cpu = 0;                       // kSwitch
  AccessKey store = kInitialValue;  // kReadFrom, kInsert, kPromise
  u64 value = 0;                    // kPromise: as the load returns it
  auto operator<=>(const Decision&) const = default;
};
using Decisions = std::vector<Decision>;  // sorted by key when replayed

}  // namespace ordeal
