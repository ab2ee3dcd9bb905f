// Did the users order every access to an object before its free? A clock over the edges that users make: their publishes and
// consumes, never the allocator's locks and atomics. The allocation counts as an access (a store) of the CPU that made it.
//
// A fast filter for LKMM's answer; the exact judge decides. What it takes from the model:
//   publish  plain     carries nothing: no order of LKMM starts at a plain store.
//            once      only what an earlier full barrier (or the smp_wmb below) of this CPU puts before all later stores.
//            wmb       what this CPU's earlier marked publishes carried. Not the accesses since: object and free are plain, and a wmb
//                      orders stores against loads only; the free stores.
//            release   all that this CPU did, and all it took by marked loads (cumulative).
//            locked    as release, for who takes it under the lock; nothing for others: it is a plain store before the unlock.
//            mb, xchg  the same, and from then on every later access and store of this CPU comes after it. What stands before a full
//                      barrier has reached every CPU, so that a mere chain of reads-from and dependencies or acquires (hb) carries it on.
//   consume  plain     takes nothing: no dependency starts at a plain load.
//            once, rmb, xchg_relaxed   for this object alone, by address dependency; what the message carried is pending until a
//                      release or full barrier of this CPU passes it on. A free stores: an smp_rmb adds nothing.
//            acquire, xchg_acquire, xchg   for all that follows; xchg is a full barrier too, even if it finds nothing.
//            locked    as acquire, if the message was published under the lock; else as plain.
//   put      carries as a publish does, to the last put, which takes as a consume does. Between them are RMWs only, so that what an earlier
//            put released is still there (rmw sequence). What is put is not taken by this CPU's own last put (rfi), but for the dependency
//            by which it had that reference.
//   link     a publish of the next object, and a load of this one before it; take_next is the consume.
// A message of one's own orders nothing (rfi), but keeps the dependency by which the CPU had the object before.
//
// Reports too much, never too little, where LKMM has an order that users rarely mean: a load (not a store) that gets from a release to
// the free through somebody's relaxed or wmb publish (hb alone); the read half of an xchg that publishes over another message; rmw sequences
// of slots; an smp_rmb between two consumes; an access before a wmb publish where the free does not store into the object; control
// dependencies; the lock of a slot, beyond the message; what a put that is not the last takes.
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
  void Access(const ShadowEvent& e, bool is_write);  // kTouch, kNext as a load, and kAlloc as a write
  void Publish(const ShadowEvent& e);
  void Consume(const ShadowEvent& e);
  void Put(const ShadowEvent& e);
  void LastPut(const ShadowEvent& e);
  // The cache is put as an object is, by each CPU that uses it. At its end all that the others did must be known: all their calls are over.
  void CachePut(const ShadowEvent& e);
  void CacheEnd(const ShadowEvent& e, Reports& reports);
  // The beginning of a free, or an access at which the object turned out wrong (kTouch): the execution ends there, and the same is owed.
  // Reports the first CPU whose accesses to the object are not all known.
  void Free(const ShadowEvent& e, Reports& reports) const;

 private:
  struct Cpu {
    KnownAccesses known;            // before all that this CPU does from now on
    KnownAccesses pending;          // its own, and read by marked loads: before the next release, and known at the next full barrier
    KnownAccesses stores;           // before all later marked stores
    KnownAccesses sent;             // carried by marked stores so far
    KnownAccesses chained;          // behind a full barrier somewhere, and happening before all later marked stores
    KnownAccesses pending_chained;  // the same, before the next release or full barrier
  };
  // How a CPU took a message.
  struct Taken {
    u16 op = kNoOp;
    ordeal::Consume strength = ordeal::Consume::kPlain;
    bool marked = false;  // strong enough to take anything
  };
  // What a store of some strength hands on to who reads it.
  struct Load {
    KnownAccesses carried;
    KnownAccesses chained;  // see Cpu
    KnownAccesses offered;  // what a release would have carried
  };
  struct Message : Load {
    u8 cpu = 0;
    ordeal::Publish strength = ordeal::Publish::kPlain;
    u16 op = kNoOp;
    MessageId via = 0;  // the message by which the publisher had the object, 0: none, its own alloc
    Taken taken[kMaxCpus];
  };
  // The count of an object's references: what each CPU's puts have left there.
  struct Count {
    struct OfCpu : Load {
      u16 op = kNoOp;  // its newest put
      u64 puts = 0;    // the bits of all of them
      ordeal::Publish strength = ordeal::Publish::kPlain;
      KnownAccesses depended;  // what it knew of the object by dependency alone
      i16 access = 0;          // of the cache: the put itself
    };
    OfCpu of[kMaxCpus];
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
  Load Release(int cpu, ordeal::Publish strength, const Message* dependency);
  void Acquire(int cpu, ordeal::Consume strength, const Load& load);
  MessageId ViaOf(ObjectId object, int cpu, MessageId told) const;
  const Message* Dependency(int cpu, MessageId via) const;
  void Explain(int accessor, i16 access, MessageId via, Report& r) const;
  bool ExplainPut(int accessor, i16 access, Report& r) const;

  int cpus_ = kMaxCpus;
  Cpu cpu_[kMaxCpus];
  PerId<Message> messages_;
  PerId<Parts> objects_;
  PerId<Count> counts_;
  Count cache_;  // its users; what each did last is its put, which counts as an access
  bool cache_is_put_ = false;
};

}  // namespace ordeal
