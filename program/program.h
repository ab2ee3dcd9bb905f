// What is a test? Operations for a few CPUs and the geometry they run on: plain data.
//
// A CPU has kRegisters private variables that hold object pointers; CPUs meet in kSlots shared slots. Op ids are explicit and stable:
// deleting an op leaves the ids of the others, and so the decisions keyed by them, in place.
#pragma once
#include <compare>
#include <vector>

#include "memory/order.h"
#include "memory/geometry.h"

namespace ordeal {

inline constexpr int kRegisters = 8;   // a..h of each CPU
inline constexpr int kSlots = 8;       // s0..s7, shared
inline constexpr int kFields = 3;      // 64-bit words 0..2 of an object; word 0 overlays the free list link
inline constexpr int kMaxCgroups = 2;
inline constexpr int kMaxOps = 256;

enum class OpKind : u8 {
  kAlloc,    // reg = alloc(); `charge`: accounted to that cgroup
  kFree,     // free(reg); the register is empty afterwards
  kWrite,    // reg->field = a token of this op (plain store)
  kRead,     // reads reg->field (plain load) and compares with the newest token of this lifetime
  kPublish,  // slot = reg, by `publish`; the register is empty afterwards: the object has been handed over
  kConsume,  // reg = slot, by `consume`; waits a little while the slot is empty
  kForward,  // slot2 = slot: consume by `consume`, then publish by `publish`, the object itself untouched
};
inline constexpr int kOpKinds = 7;

// How a pointer is handed over. The user's side of the contract.
enum class Publish : u8 { kPlain, kOnce, kWmb, kRelease, kMb, kXchg };
//   plain store | WRITE_ONCE | smp_wmb(); WRITE_ONCE | smp_store_release | smp_mb(); WRITE_ONCE | xchg
enum class Consume : u8 { kPlain, kOnce, kRmb, kAcquire, kXchg, kXchgAcquire, kXchgRelaxed };
//   plain load | READ_ONCE | READ_ONCE; smp_rmb() | smp_load_acquire | xchg(slot, 0) and its suffixes
inline constexpr int kPublishes = 6;
inline constexpr int kConsumes = 7;

struct Op {
  u16 id = 0;
  u8 cpu = 0;
  OpKind kind = OpKind::kAlloc;
  u8 reg = 0;
  u8 slot = 0;
  u8 slot2 = 0;
  u8 field = 0;
  u8 charge = 0;  // 0: not charged; 1..: the cgroup (1 where the geometry has none: the one page counter)
  Publish publish = Publish::kRelease;
  Consume consume = Consume::kAcquire;
  auto operator<=>(const Op&) const = default;
};

// Ops of one CPU run in the order in which they stand; the order between CPUs is the scheduler's.
struct Program {
  Geometry geometry;
  std::vector<Op> ops;
  bool operator==(const Program&) const = default;
};

}  // namespace ordeal
