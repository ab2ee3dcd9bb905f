// The reference: one list of free objects, one lock around everything. So simple that a finding on it is the user's, the accounting
// layer's or ours.
//
// It has no Sites of its own: all that its critical sections touch beside the accounting is plain, and the lock orders it.
#pragma once
#include "allocator/accounting.h"
#include "allocator/concept.h"
#include "allocator/slab_table.h"

namespace ordeal {

template <class M>
class Locked {
 public:
  using Policy = M;
  template <class T>
  using Val = typename M::template Val<T>;
  template <class T>
  using Word = typename M::template Word<T>;
  using Cpu = typename M::ThisCpu;
  static constexpr const char* kName = "locked";

  static u64 Footprint(const Geometry& g) { return Table::Bytes(g) + sizeof(Heap) + Accounting<M>::Footprint(g); }
  Locked(u64 base, const Geometry& g, const Hooks& tell)
      : g_(g), tell_(tell), slabs_(base, g), heap_(reinterpret_cast<Heap*>(slabs_.end())), accounting_(slabs_.end() + sizeof(Heap), base, g, tell) {}

  void Format() {
    for (int number = 0; number < slabs_.count(); ++number) {
      slabs_.FormatLinks(number, number + 1 < slabs_.count() ? slabs_.First(number + 1) : 0);
      accounting_.FormatSlab(slabs_.At(number), number);
      slabs_.TellSlab(HookKind::kSlabNew, number, tell_);
    }
    M::poke(heap_->lock_word, u32{0});
    M::poke(heap_->freelist, slabs_.First(0));
    accounting_.FormatCounter();
  }

  Val<u64> Alloc(Cpu cpu, int charge) {
    heap_->lock.lock();
    const Val<u64> head = heap_->freelist.plain();
    if (head) {
      const Val<u64> next = Table::Link(head)->plain();
      heap_->freelist.set_plain(next);
      if (charge != 0) accounting_.Charge(cpu, slabs_.SlabOf(head), head, charge);
    }
    heap_->lock.unlock();
    return head;
  }

  void Free(Cpu cpu, Val<u64> object) {
    heap_->lock.lock();
    accounting_.Uncharge(cpu, slabs_.SlabOf(object), object);
    const Val<u64> head = heap_->freelist.plain();
    Table::Link(object)->set_plain(head);
    heap_->freelist.set_plain(object);
    heap_->lock.unlock();
  }

  // Without the lock: a stock is its CPU's own, and what CPUs share of a cgroup is atomic.
  void Drain(Cpu cpu) { accounting_.Drain(cpu); }
  void Offline(Cpu cpu, int cgroup) { accounting_.Offline(cpu, cgroup); }
  void Stats(Cpu cpu) const { accounting_.Stats(cpu); }
  u32 UsableBytes() const { return UsableBytesOf(g_); }

  void Enumerate() const {
    slabs_.TellList(M::peek(heap_->freelist), tell_);
    for (int number = 0; number < slabs_.count(); ++number) slabs_.TellSlab(HookKind::kSlabListed, number, tell_);
    accounting_.TellCounter();
  }

 private:
  struct alignas(64) Slab : SlabExts<M> {};
  struct alignas(64) Heap {
    union {
      typename M::Spinlock lock;
      Word<u32> lock_word;  // 0: free
    };
    Word<u64> freelist;
  };
  using Table = SlabTable<M, Slab>;

  Geometry g_;
  Hooks tell_;
  Table slabs_;
  Heap* heap_;
  Accounting<M> accounting_;
};

}  // namespace ordeal
