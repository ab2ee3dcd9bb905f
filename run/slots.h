// How does a pointer get from one CPU to another? Shared slots, and the accesses that each way of handing over is made of.
#pragma once
#include "memory/memory.h"
#include "program/program.h"
#include "run/user_sites.h"

namespace ordeal {

// A published value: the object's address, and in the upper bits the number of the publish, so that reads-from is known on any memory.
inline constexpr int kMessageShift = 48;
inline constexpr u64 kAddressMask = (u64{1} << kMessageShift) - 1;

template <class M>
struct alignas(64) SharedSlot {
  using Value = typename M::template Val<u64>;

  void Store(Publish how, Value value) {
    namespace at = user_site;
    switch (how) {
      case Publish::kPlain: return word.set_plain(value);
      case Publish::kOnce: return word.write_once(value, at::publish_once);
      case Publish::kWmb: M::wmb(at::publish_wmb); return word.write_once(value, at::publish_once);
      case Publish::kRelease: return word.store_release(value, at::publish_release);
      case Publish::kMb: M::mb(at::publish_mb); return word.write_once(value, at::publish_once);
      case Publish::kXchg: word.xchg(value, at::publish_xchg); return;
      case Publish::kLocked:
        lock.lock();
        word.set_plain(value);
        return lock.unlock();
    }
  }

  // Once; 0: empty.
  Value Load(Consume how) {
    namespace at = user_site;
    switch (how) {
      case Consume::kPlain: return word.plain();
      case Consume::kOnce:
      case Consume::kRmb: return word.read_once(at::consume_once);
      case Consume::kAcquire: return word.load_acquire(at::consume_acquire);
      case Consume::kXchg: return word.xchg(0, at::consume_xchg);
      case Consume::kXchgAcquire: return word.xchg(0, at::consume_xchg_acquire);
      case Consume::kXchgRelaxed: return word.xchg(0, at::consume_xchg_relaxed);
      case Consume::kLocked: {
        lock.lock();
        const Value value = word.plain();
        lock.unlock();
        return value;
      }
    }
    return 0;
  }

  typename M::template Word<u64> word;
  typename M::Spinlock lock;
};

template <class M>
struct SharedSlots {
  struct alignas(64) Run {
    typename M::Spinlock lock;  // held by the task that is on this CPU, where tasks move
  };
  SharedSlot<M> slot[kSlots];
  typename M::template Word<u64> users;  // of the cache, where somebody destroys it
  Run run[kMaxCpus];
};

}  // namespace ordeal
