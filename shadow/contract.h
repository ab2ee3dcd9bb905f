// Did the users order every access to an object before its free? A clock over the edges that users make: their publishes and
// consumes, never the allocator's locks and atomics. The allocation counts as an access (a store) of the CPU that made it.
//
// A fast filter for LKMM's answer; the exact judge decides. What it takes from the model:
//   publish  plain     carries nothing: no order of LKMM starts at a plain store.
//            once      only what an earlier full barrier (or the smp_wmb below) of this CPU puts before all later stores.
//            wmb       what this CPU's earlier marked publishes carried. Not the accesses since: object and free are plain, and a wmb
//                      orders stores against loads only; the free stores.
//            release   all that this CPU did, and all it took by marked loads (cumulative).
//            mb, xchg  the same, and from then on every later access and store of this CPU comes after it. What stands before a full
//                      barrier has reached every CPU, so that a mere chain of reads-from and dependencies or acquires (hb) carries it on.
//   consume  plain     takes nothing: no dependency starts at a plain load.
//            once, rmb, xchg_relaxed   for this object alone, by address dependency; what the message carried is pending until a
//                      release or full barrier of this CPU passes it on. A free stores: an smp_rmb adds nothing.
//            acquire, xchg_acquire, xchg   for all that follows; xchg is a full barrier too, even if it finds nothing.
// A message of one's own orders nothing (rfi), but keeps the dependency by which the CPU had the object before.
//
// Reports too much, never too little, where LKMM has an order that users rarely mean: a load (not a store) that gets from a release to
// the free through somebody's relaxed or wmb publish (hb alone); the read half of an xchg that publishes over another message; rmw sequences;
// an smp_rmb between two consumes; an access before a wmb publish where the free does not store into the object; control dependencies.
#pragma once
#include "memory/geometry.h"
#include "shadow/event.h"
#include "shadow/per_id.h"
#include "shadow/report.h"

namespace ordeal {

// How far the accesses of each CPU are known: 1 is its first of the execution.
struct alignas(16) KnownAccesses {
  i16 of[kMaxCpus] = {};
  void Join(const KnownAccesses& other) {
    for (int i = 0; i < kMaxCpus; ++i) of[i] = of[i] < other.of[i] ? other.of[i] : of[i];
  }
};

class ContractClock {
 public:
  ContractClock();
  void Begin(int cpus);
  void Access(const ShadowEvent& e, bool is_write);  // kTouch, and kAlloc as a write
  void Publish(const ShadowEvent& e);
  void Consume(const ShadowEvent& e);
  // The beginning of a free, or an access at which the object turned out wrong (kTouch): the execution ends there, and the same is owed.
  // Reports the first CPU whose accesses to the object are not all known.
  void Free(const ShadowEvent& e, Reports& reports) const;

 private:
  struct Cpu {
    KnownAccesses known;    // before all that this CPU does from now on
    KnownAccesses pending;  // its own, and read by marked loads: before the next release, and known at the next full barrier
    KnownAccesses stores;   // before all later marked stores
    KnownAccesses sent;     // carried by marked stores so far
    KnownAccesses chained;  // behind a full barrier somewhere, and happening before all later marked stores
    KnownAccesses pending_chained;  // the same, before the next release or full barrier
  };
  // How a CPU took a message.
  struct Taken {
    u16 op = kNoOp;
    ordeal::Consume strength = ordeal::Consume::kPlain;
  };
  struct Message {
    u8 cpu = 0;
    ordeal::Publish strength = ordeal::Publish::kPlain;
    u16 op = kNoOp;
    MessageId via = 0;        // the message by which the publisher had the object, 0: none, its own alloc
    KnownAccesses carried;
    KnownAccesses chained;    // see Cpu
    KnownAccesses offered;    // what a release would have carried
    Taken taken[kMaxCpus];
  };
  // What one CPU has to do with one object.
  struct Part {
    i16 access = 0;  // its last one
    u16 op = kNoOp;
    bool is_write = false;
    bool is_alloc = false;
    MessageId via = 0;
  };
  struct Parts {
    Part of[kMaxCpus];
  };

  void FullBarrier(int cpu);
  const Message* Dependency(int cpu, MessageId via) const;
  void Explain(int accessor, i16 access, MessageId via, Report& r) const;

  int cpus_ = kMaxCpus;
  Cpu cpu_[kMaxCpus];
  PerId<Message> messages_;
  PerId<Parts> objects_;
};

}  // namespace ordeal
