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

inline constexpr int kRegisters = 8;  // a..h of each CPU
inline constexpr int kSlots = 8;      // s0..s7, shared
inline constexpr int kFields = 3;     // 64-bit words 0..2 of an object; word 0 overlays the free list link
inline constexpr int kMaxCgroups = 2;
inline constexpr int kMaxOps = 256;
inline constexpr int kMaxIrq = 99;
inline constexpr int kMaxInterrupts = 8;  // of one op

enum class OpKind : u8 {
  kAlloc,    // reg = alloc(); `charge`: accounted to that cgroup
  kFree,     // free(reg); the register is empty afterwards. `later`: put aside, and given to its slab when somebody flushes
  kWrite,    // reg->field = a token of this op (plain store)
  kRead,     // reads reg->field (plain load) and compares with the newest token of this lifetime
  kPublish,  // slot = reg, by `publish`; the register is empty afterwards: the object has been handed over
  kConsume,  // reg = slot, by `consume`; waits a little while the slot is empty
  kForward,  // slot2 = slot: consume by `consume`, then publish by `publish`, the object itself untouched
  // Of an object that counts its references (an alloc with `counted`); each register and each slot that holds it has one.
  kShare,  // slot = reg, by `publish`, with one more reference; the register keeps its own
  kPut,    // gives the reference of reg back, by `put`; who gives back the last frees the object
  // Of a list that one CPU makes longer while another takes it apart: tty_buffer.
  kLend,      // reg->next = 0; slot = reg, by `publish`; the register keeps the object as the tail of a list
  kLink,      // reg2->next = 0; reg->next = reg2; reg is empty afterwards, reg2 the new tail
  kTakeNext,  // reg2 = reg->next; waits a little while there is none. Then reg is the CPU's alone, and reg2 the new head
  // What allocators offer beside: nothing, where this one does not.
  kDrain,    // gives back what the CPU's stock holds
  kOffline,  // `cgroup` goes away
  kStats,    // reads the statistics while others change them
  kShrink,   // gives empty slabs back
  kFlush,    // gives what CPU `to` has put aside to its slabs
  kDestroy,  // this CPU uses the cache no more; the last to say so destroys it. The last op of every CPU that has ops, or of none
  kMigrate,  // this CPU's task goes on on CPU `to`; waits until none is there
};
inline constexpr int kOpKinds = 19;

// How a pointer is handed over. The user's side of the contract.
enum class Publish : u8 { kPlain, kOnce, kWmb, kRelease, kMb, kXchg, kLocked };
//   plain store | WRITE_ONCE | smp_wmb(); WRITE_ONCE | smp_store_release | smp_mb(); WRITE_ONCE | xchg | plain store under the slot's lock
enum class Consume : u8 { kPlain, kOnce, kRmb, kAcquire, kXchg, kXchgAcquire, kXchgRelaxed, kLocked };
//   plain load | READ_ONCE | READ_ONCE; smp_rmb() | smp_load_acquire | xchg(slot, 0) and its suffixes | plain load under the slot's lock
inline constexpr int kPublishes = 7;
inline constexpr int kConsumes = 8;

// How a reference is given back.
enum class Put : u8 { kFull, kRefcount, kShortcut };
//   atomic_dec_and_test | refcount_t | smp_load_acquire(&count) == 1 || atomic_dec_and_test
inline constexpr int kPuts = 3;

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
  u8 reg2 = 0;
  Put put = Put::kFull;
  bool counted = false;  // alloc: the object counts its references, one so far
  u8 cgroup = 0;         // offline: from 1
  bool later = false;    // free
  u8 to = 0;             // flush, migrate: a CPU
  u8 irq = 0;            // 0: an op like the others. Else an interrupt: runs in the middle of the next op of its CPU that is none, before the
                         // access of this number there (at its end, if it has fewer; by itself, if no such op follows)
  auto operator<=>(const Op&) const = default;
};

// Ops of one CPU run in the order in which they stand; the order between CPUs is the scheduler's.
struct Program {
  Geometry geometry;
  std::vector<Op> ops;
  bool operator==(const Program&) const = default;
};

}  // namespace ordeal
