// A small slub: the classic design of Linux's slab allocator, from per-CPU slabs with {freelist, tid} to remote frees onto a packed
// {freelist, counters}; not any one kernel's.
//
// Each CPU owns slabs_per_cpu slabs for good. The list of one of them, the current one, is the CPU's own: it allocates and frees there
// without a lock. Everyone else, and the CPU itself for its other slabs, frees onto the slab's packed word by double-word cmpxchg. When the
// CPU's list is empty it takes all that was freed onto one of its slabs. Left out so far: partial lists, migration and interrupts (the tid
// is there for them), and the slow path with a bit lock.
#pragma once
#include "allocator/accounting.h"
#include "allocator/concept.h"
#include "allocator/slab_table.h"
#include "allocator/slub_sites.h"

namespace ordeal {

template <class M>
class Slub {
 public:
  using Policy = M;
  template <class T>
  using Val = typename M::template Val<T>;
  template <class T>
  using Word = typename M::template Word<T>;
  static constexpr const char* kName = "slub";

  static u64 Footprint(const Geometry& g) { return Table::Bytes(g) + g.cpus * sizeof(CpuSlab) + Accounting<M>::Footprint(g); }
  Slub(u64 base, const Geometry& g, const Hooks& tell)
      : g_(g),
        tell_(tell),
        slabs_(base, g),
        cpus_(reinterpret_cast<CpuSlab*>(slabs_.end())),
        accounting_(slabs_.end() + g.cpus * sizeof(CpuSlab), base, g, tell) {}

  void Format();
  Val<u64> Alloc(int cpu, int charge);
  void Free(int cpu, Val<u64> object);
  u32 UsableBytes() const { return UsableBytesOf(g_); }
  void Enumerate() const;

 private:
  // The packed counters: inuse is on top, so that a count below zero (after a double free) runs into nothing.
  static constexpr u64 kObjectsMask = 0xffff;
  static constexpr int kInuseShift = 48;
  static constexpr u64 kOneInuse = u64{1} << kInuseShift;
  static constexpr u64 kTidStep = kMaxCpus;

  struct alignas(64) Slab : SlabExts<M> {
    union {
      typename M::DoubleWord pair;
      struct {
        Word<u64> freelist;  // objects freed here by others
        Word<u64> counters;  // objects, inuse: those not in freelist
      };
    };
  };
  struct alignas(64) CpuSlab {  // touched by its CPU only
    union {
      typename M::DoubleWord pair;
      struct {
        Word<u64> freelist;
        Word<u64> tid;
      };
    };
    Word<u64> current;  // address of the slab whose objects are in freelist
  };
  using Table = SlabTable<M, Slab>;

  bool Refill(int cpu);
  Val<u64> TakeAll(Slab* slab);
  void FreeLocal(int cpu, Val<u64> object);
  void FreeRemote(Val<Slab*> slab, Val<u64> object);

  Geometry g_;
  Hooks tell_;
  Table slabs_;
  CpuSlab* cpus_;
  Accounting<M> accounting_;
};

// The first slab of each CPU is current, its objects in the CPU's list; those of the others are as if freed remotely.
template <class M>
void Slub<M>::Format() {
  const u64 objects = slabs_.objects();
  for (int cpu = 0; cpu < g_.cpus; ++cpu) {
    for (int k = 0; k < g_.slabs_per_cpu; ++k) {
      const int number = slabs_.Number(cpu, k);
      Slab* slab = slabs_.At(number);
      slabs_.FormatLinks(number, 0);
      M::poke(slab->freelist, k == 0 ? u64{0} : slabs_.First(number));
      M::poke(slab->counters, k == 0 ? objects | objects << kInuseShift : objects);
      accounting_.FormatSlab(slab, number);
      slabs_.TellSlab(HookKind::kSlabNew, number, tell_);
    }
    const int first = slabs_.Number(cpu, 0);
    M::poke(cpus_[cpu].freelist, slabs_.First(first));
    M::poke(cpus_[cpu].tid, u64(cpu));
    M::poke(cpus_[cpu].current, reinterpret_cast<u64>(slabs_.At(first)));
  }
  accounting_.FormatCounter();
}

template <class M>
auto Slub<M>::Alloc(int cpu, int charge) -> Val<u64> {
  namespace at = slub_site;
  CpuSlab* c = &cpus_[cpu];
  for (;;) {
    Val<u64> tid = c->tid.plain();
    Val<u64> head = c->freelist.read_once(at::cpu_freelist_read);
    if (!head) {
      if (!Refill(cpu)) return 0;
      continue;
    }
    const Val<u64> next = Table::Link(head)->read_once(at::next_read);
    if (!c->pair.cmpxchg(head, tid, next, tid + kTidStep, at::cpu_freelist_cas)) continue;
    if (charge != 0) accounting_.Charge(cpu, slabs_.SlabOf(head), head);
    return head;
  }
}

template <class M>
void Slub<M>::Free(int cpu, Val<u64> object) {
  const Val<Slab*> slab = slabs_.SlabOf(object);
  accounting_.Uncharge(cpu, slab, object);
  const Val<u64> current = cpus_[cpu].current.plain();
  if (M::template cast<u64>(slab) == current) FreeLocal(cpu, object);
  else FreeRemote(slab, object);
}

template <class M>
void Slub<M>::FreeLocal(int cpu, Val<u64> object) {
  namespace at = slub_site;
  CpuSlab* c = &cpus_[cpu];
  Val<u64> tid = c->tid.plain();
  Val<u64> head = c->freelist.read_once(at::cpu_freelist_read);
  do {
    Table::Link(object)->write_once(head, at::next_write);
  } while (!c->pair.cmpxchg(head, tid, object, tid + kTidStep, at::cpu_freelist_cas));
}

// Lists only grow here and are taken whole, so an object that went away and came back (ABA) does no harm.
template <class M>
void Slub<M>::FreeRemote(Val<Slab*> slab, Val<u64> object) {
  namespace at = slub_site;
  Val<u64> head = slab->freelist.read_once(at::head_read);
  Val<u64> counters = slab->counters.read_once(at::head_read);
  do {
    Table::Link(object)->write_once(head, at::next_write);
  } while (!slab->pair.cmpxchg(head, counters, object, counters - kOneInuse, at::remote_push));
}

// The whole list of a slab, 0 if it is empty; every object of it counts as in use now.
template <class M>
auto Slub<M>::TakeAll(Slab* slab) -> Val<u64> {
  namespace at = slub_site;
  Val<u64> head = slab->freelist.read_once(at::head_read);
  Val<u64> counters = slab->counters.read_once(at::head_read);
  for (;;) {
    if (!head) return 0;
    const Val<u64> objects = counters & kObjectsMask;
    if (slab->pair.cmpxchg(head, counters, 0, objects | objects << kInuseShift, at::remote_take)) return head;
  }
}

// Only with an empty list: current may change only while none of its objects is in it.
template <class M>
bool Slub<M>::Refill(int cpu) {
  CpuSlab* c = &cpus_[cpu];
  for (int k = 0; k < g_.slabs_per_cpu; ++k) {
    Slab* slab = slabs_.At(slabs_.Number(cpu, k));
    const Val<u64> head = TakeAll(slab);
    if (!head) continue;
    c->current.set_plain(reinterpret_cast<u64>(slab));
    c->freelist.set_plain(head);
    const Val<u64> tid = c->tid.plain();
    c->tid.set_plain(tid + kTidStep);
    return true;
  }
  return false;
}

template <class M>
void Slub<M>::Enumerate() const {
  for (int cpu = 0; cpu < g_.cpus; ++cpu) slabs_.TellList(M::peek(cpus_[cpu].freelist), tell_);
  for (int number = 0; number < slabs_.count(); ++number) {
    slabs_.TellList(M::peek(slabs_.At(number)->freelist), tell_);
    slabs_.TellSlab(HookKind::kSlabListed, number, tell_);
  }
  accounting_.TellCounter();
}

}  // namespace ordeal
