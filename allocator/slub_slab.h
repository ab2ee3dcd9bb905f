// What does slub know of a slab, and how do CPUs change it together? The packed {freelist, counters}, by one double-word cmpxchg, or
// (dwcas=no) compared and stored under the slab's own lock, as on machines without such an instruction.
#pragma once
#include <bit>

#include "allocator/accounting.h"
#include "allocator/slab_table.h"
#include "allocator/slub_sites.h"

namespace ordeal {

// counters: objects in 15 bits, frozen, inuse in 16 bits; the upper half is free for a stride (StrideAt::kSubWord).
namespace slub_counters {
inline constexpr u64 kObjects = 0x7fff;
inline constexpr u64 kFrozen = 0x8000;  // a CPU has the slab for itself: who frees into it from elsewhere does not care for lists
inline constexpr int kInuseShift = 16;
inline constexpr u64 kInuse = u64{0xffff} << kInuseShift;

template <class V>
V Inuse(V counters) {
  return (counters & kInuse) >> kInuseShift;
}
// `inuse` counts down from 0 to 65535 (after a double free) and touches nothing else.
template <class V>
V WithInuse(V counters, V inuse) {
  return (counters & ~kInuse) | ((inuse << kInuseShift) & kInuse);
}
}  // namespace slub_counters

template <class M>
struct alignas(64) SlubSlab : SlabExts<M> {
  template <class T>
  using Val = typename M::template Val<T>;
  template <class T>
  using Word = typename M::template Word<T>;

  union {
    typename M::DoubleWord pair;
    struct {
      Word<u64> freelist;  // objects freed here by others
      Word<u64> counters;  // of objects: how many, and how many are not in freelist
    };
  };
  union {
    typename M::Spinlock lock;  // dwcas=no: of the pair; always: of making the vector of records where slabs wander
    Word<u32> lock_word;
  };
  Word<u64> next;  // address of the next slab in a list of its node, under the lock of that

  // Where a stride that is a sub-word of `counters` is: its upper half.
  static constexpr u64 kSubWordStride = sizeof(SlabExts<M>) + 8 + (std::endian::native == std::endian::little ? 4 : 0);

  // As try_cmpxchg: on failure `head` and `counters` are what was seen.
  template <Order O>
  static Val<bool> Update(bool dwcas, Val<SlubSlab*> slab, Val<u64>& head, Val<u64>& counters, Val<u64> new_head, Val<u64> new_counters,
                          Site<O> site) {
    if (dwcas) return slab->pair.cmpxchg(head, counters, new_head, new_counters, site);
    namespace at = slub_site;
    slab->lock.lock();
    const Val<u64> seen_head = slab->freelist.read_once(at::locked_read);
    const Val<u64> seen_counters = slab->counters.read_once(at::locked_read);
    const Val<u64> difference = (seen_head ^ head) | (seen_counters ^ counters);
    const bool same = !difference;
    if (same) {
      slab->freelist.write_once(new_head, at::locked_head_write);
      slab->counters.write_once(new_counters, at::locked_counters_write);
    }
    slab->lock.unlock();
    if (!same) head = seen_head, counters = seen_counters;
    return same;
  }
};

}  // namespace ordeal
