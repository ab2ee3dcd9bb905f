// What did one execution look like to the axioms? Events in program order, who read from whom, coherence, dependencies.
//
// Events of one thread are numbered in program order; an index says nothing across threads. One instruction may be several
// events: the two halves of an RMW, the pieces of an access of mixed size. Plain data; built by trace_to_graph.h or by hand.
#pragma once
#include <vector>

#include "memory/order.h"

namespace ordeal::model {

inline constexpr int kInitialThread = -1;
inline constexpr int kNotThere = -1;

// Barriers (linux-kernel.bell, enum Barriers). kBarrier is the compiler's barrier(): it orders nothing here.
enum class FenceKind : u8 { kBarrier, kRmb, kWmb, kMb, kBeforeAtomic, kAfterAtomic, kAfterSpinlock, kAfterUnlockLock };
inline constexpr int kFenceKinds = 8;

constexpr FenceKind FenceOf(Order o) {
  switch (o) {
    case Order::kRmb: return FenceKind::kRmb;
    case Order::kWmb: return FenceKind::kWmb;
    case Order::kMb: return FenceKind::kMb;
    case Order::kBeforeAtomic: return FenceKind::kBeforeAtomic;
    case Order::kAfterAtomic: return FenceKind::kAfterAtomic;
    case Order::kAfterSpinlock: return FenceKind::kAfterSpinlock;
    case Order::kAfterUnlockLock: return FenceKind::kAfterUnlockLock;
    default: return FenceKind::kBarrier;  // a barrier that is not there
  }
}

// Lock events (lock.cat): spin_lock is LKR then LKW, an RMW pair; spin_unlock is UL. They carry their order by themselves.
enum class LockKind : u8 { kNone, kLockRead, kLockWrite, kUnlock };

struct GraphEvent {
  enum class Kind : u8 { kRead, kWrite, kFence };

  int thread = kInitialThread;
  Kind kind = Kind::kWrite;
  Order order = Order::kOnce;  // of an access: kPlain..kNoReturn; both halves of an RMW have the order of the whole
  FenceKind fence = FenceKind::kBarrier;
  LockKind lock = LockKind::kNone;
  bool rmw = false;                   // belongs to a read-modify-write, also to a failed one; not set on lock events
  int partner = kNotThere;            // the other half of a successful RMW or of a lock
  int location = kNotThere;           // index into Graph::co
  int rf = kNotThere;                 // reads: the write read from; kNotThere: not known, no edge
  int instruction = kNotThere;        // events of one thread that share a number are one instruction; kNotThere: one by itself
  std::vector<int> addr, data, ctrl;  // the reads that it depends on, direct (without carry-dep)
};

struct Graph {
  std::vector<GraphEvent> events;
  std::vector<std::vector<int>> co;  // by location: its writes, oldest first, the initial write at the front

  int size() const { return static_cast<int>(events.size()); }
  int Add(GraphEvent e) {
    events.push_back(std::move(e));
    return size() - 1;
  }
};

// Is b an event of the same instruction as a? Pieces of one instruction are not in program order, except an RMW's read halves
// before its write halves.
inline bool SameInstruction(const GraphEvent& a, const GraphEvent& b) {
  return a.thread == b.thread && a.instruction != kNotThere && a.instruction == b.instruction;
}

}  // namespace ordeal::model
