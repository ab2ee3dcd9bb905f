// slub: the classic design of Linux's slab allocator, from per-CPU slabs with {freelist, tid} to remote frees onto a packed
// {freelist, counters}; not any one kernel's.
//
// The list of one slab, the current one, is the CPU's own: it allocates and frees there without a lock. Everyone else, and the CPU itself for
// other slabs, frees onto the slab's packed word. What was freed there is taken whole when the CPU's list is empty.
//   nodes=0  Each CPU has its slabs_per_cpu slabs for good: the small slub.
//   nodes>0  Slabs wander: a current one is frozen; a full one is left alone until an object is freed into it, which puts it on the partial list
//            of its node (slub_node.h), from where any CPU may take it.
// An object may be put aside instead, on a list of its CPU that anyone may flush (slub_end.h), where a cache's end is, too.
// Left out: sheaves, cpu_partial lists, debugging.
#pragma once
#include "allocator/accounting.h"
#include "allocator/concept.h"
#include "allocator/slab_table.h"
#include "allocator/slub_node.h"
#include "allocator/slub_sites.h"
#include "allocator/slub_slab.h"

namespace ordeal {

template <class M>
class Slub {
 public:
  using Policy = M;
  template <class T>
  using Val = typename M::template Val<T>;
  template <class T>
  using Word = typename M::template Word<T>;
  using Cpu = typename M::ThisCpu;
  static constexpr const char* kName = "slub";

  static u64 Footprint(const Geometry& g) { return Table::Bytes(g) + Beside(g) + Accounting<M>::Footprint(g); }
  Slub(u64 base, const Geometry& g, const Hooks& tell)
      : g_(g),
        tell_(tell),
        slabs_(base, g),
        cpus_(reinterpret_cast<CpuSlab*>(slabs_.end())),
        nodes_(slabs_.end() + g.cpus * sizeof(CpuSlab)),
        accounting_(slabs_.end() + Beside(g), base, g, tell, g.stride == StrideAt::kSubWord ? Slab::kSubWordStride : SlabExts<M>::kFieldStride) {}

  void Format();
  Val<u64> Alloc(Cpu cpu, int charge);
  void Free(Cpu cpu, Val<u64> object);
  void FreeLater(Cpu cpu, Val<u64> object);  // kfree_nolock: from where no slab may be touched
  void Flush(Cpu cpu, int whose);            // what that CPU has put aside goes to its slabs; from any CPU
  void Destroy(Cpu cpu);                     // kmem_cache_destroy: every call of the others is over
  void Shrink(Cpu cpu);                      // kmem_cache_shrink, of this CPU's node: empty slabs become pages again. Nothing with nodes=0
  void Drain(Cpu cpu) { accounting_.Drain(cpu); }
  void Offline(Cpu cpu, int cgroup) { accounting_.Offline(cpu, cgroup); }
  void Stats(Cpu cpu) const { accounting_.Stats(cpu); }
  u32 UsableBytes() const { return UsableBytesOf(g_); }
  void Enumerate() const;

 private:
  static constexpr u64 kTidStep = kMaxCpus;
  using Slab = SlubSlab<M>;
  struct alignas(64) Node : SlubNode<M> {};
  struct alignas(64) CpuSlab {  // touched by its CPU only, but for the last word
    union {
      typename M::DoubleWord pair;
      struct {
        Word<u64> freelist;
        Word<u64> tid;
      };
    };
    Word<u64> current;   // address of the slab whose objects are in freelist, 0: none
    Word<u64> deferred;  // the objects that this CPU has put aside: anyone takes them
  };
  using Table = SlabTable<M, Slab>;
  static u64 Beside(const Geometry& g) { return g.cpus * sizeof(CpuSlab) + g.nodes * sizeof(Node); }

  Val<bool> UpdateList(Cpu cpu, Val<u64>& head, Val<u64>& tid, Val<u64> new_head);
  bool Refill(Cpu cpu);
  bool RefillFromOwn(int cpu);
  bool RefillFromNodes(int cpu);
  bool Install(CpuSlab* c, Val<u64> slab, Val<u64> list);
  void NextTid(CpuSlab* c);
  Val<u64> TakeAll(Val<Slab*> slab, u64 frozen, Site<Order::kAcquire> site);
  Val<u64> TakeOrLeave(Val<Slab*> slab);
  bool FreeLocal(Cpu cpu, Val<Slab*> slab, Val<u64> object);
  void FreeRemote(Val<Slab*> slab, Val<u64> object);
  void FreeToNode(Val<Slab*> slab, Val<u64> object);
  Val<Slab*> TakePartial(Node* node);
  Val<Slab*> TakePage(Node* node);
  void FreeToSlab(Val<Slab*> slab, Val<u64> object);
  void Deactivate(CpuSlab* c);
  void GiveBackEmpty();
  void GiveBack(Val<Slab*> slab);
  void FormatNodes();

  Node* NodeAt(int node) const { return reinterpret_cast<Node*>(nodes_) + node; }
  int NumberOf(Val<Slab*> slab) const { return static_cast<int>(M::untracked(slab) - slabs_.At(0)); }  // for hooks
  int NodeOfNumber(int number) const { return number / g_.slabs_per_cpu % g_.nodes; }
  // By arithmetic on the descriptor: the dependency carries on to the lists.
  Val<Node*> NodeOf(Val<Slab*> slab) const {
    const Val<u64> number = (M::template cast<u64>(slab) - reinterpret_cast<u64>(slabs_.At(0))) / sizeof(Slab);
    return M::template at<Node>(number / g_.slabs_per_cpu % g_.nodes * sizeof(Node) + nodes_);
  }

  Geometry g_;
  Hooks tell_;
  Table slabs_;
  CpuSlab* cpus_;
  u64 nodes_;
  Accounting<M> accounting_;
};

template <class M>
auto Slub<M>::Alloc(Cpu cpu, int charge) -> Val<u64> {
  namespace at = slub_site;
  for (;;) {
    // Head and link with interrupts off: one that takes the head away lets another CPU's user write where the link was. Linux reads the link of an
    // object that may be gone, since the tid discards it; the LKMM calls that a race (and KCSAN is off for slub.c).
    M::irqs_off();
    const CpuSlab* c = &cpus_[cpu];
    Val<u64> tid = c->tid.plain();
    Val<u64> head = c->freelist.read_once(at::cpu_freelist_read);
    const bool any = static_cast<bool>(head);
    const Val<u64> next = any ? Table::Link(head)->read_once(at::next_read) : Val<u64>(0);
    M::irqs_on();
    if (!any) {
      if (!Refill(cpu)) return 0;
      continue;
    }
    if (charge != 0) M::irqs_off();  // until the charge is made the slab stays this CPU's
    const bool taken = static_cast<bool>(UpdateList(cpu, head, tid, next));
    if (taken && charge != 0) accounting_.Charge(cpu, slabs_.SlabOf(head), head, charge);
    if (charge != 0) M::irqs_on();
    if (taken) return head;
  }
}

template <class M>
void Slub<M>::Free(Cpu cpu, Val<u64> object) {
  const Val<Slab*> slab = slabs_.SlabOf(object);
  accounting_.Uncharge(cpu, slab, object);
  if (FreeLocal(cpu, slab, object)) return;
  FreeToSlab(slab, object);
}

template <class M>
void Slub<M>::FreeToSlab(Val<Slab*> slab, Val<u64> object) {
  if (g_.nodes == 0) FreeRemote(slab, object);
  else FreeToNode(slab, object);
}

// this_cpu_cmpxchg(): of the CPU that the task is on by now. The tid tells this list from an earlier one that began with the same object (an
// interrupt may have taken that and given it back: ABA), and from another CPU's.
template <class M>
auto Slub<M>::UpdateList(Cpu cpu, Val<u64>& head, Val<u64>& tid, Val<u64> new_head) -> Val<bool> {
  namespace at = slub_site;
  if (M::changed(slub_change::tid_missing)) return cpus_[cpu].freelist.cmpxchg(head, new_head, at::cpu_freelist_cas);
  if (g_.dwcas) return cpus_[cpu].pair.cmpxchg(head, tid, new_head, tid + kTidStep, at::cpu_freelist_cas);
  M::irqs_off();
  CpuSlab* c = &cpus_[cpu];
  const Val<u64> seen_head = c->freelist.read_once(at::cpu_freelist_read);
  const Val<u64> seen_tid = c->tid.plain();
  const Val<u64> difference = (seen_head ^ head) | (seen_tid ^ tid);
  const bool same = !difference;
  if (same) {
    c->freelist.write_once(new_head, at::cpu_freelist_write);
    c->tid.set_plain(tid + kTidStep);
  }
  M::irqs_on();
  if (!same) head = seen_head, tid = seen_tid;
  return same;
}

// False: it is not of the current slab. An interrupt may make another slab current at any time: the tid is read before current is. Where tasks
// move all three are of one CPU: by now another task may be there.
template <class M>
bool Slub<M>::FreeLocal(Cpu cpu, Val<Slab*> slab, Val<u64> object) {
  namespace at = slub_site;
  const bool may_move = M::may_move(cpu);
  for (;;) {
    if (may_move) M::irqs_off();
    const CpuSlab* c = &cpus_[cpu];
    Val<u64> tid = c->tid.plain();
    const Val<u64> current = c->current.plain();
    const bool own = static_cast<bool>(M::template cast<u64>(slab) == current);
    Val<u64> head = 0;
    if (own) head = c->freelist.read_once(at::cpu_freelist_read);
    if (may_move) M::irqs_on();
    if (!own) return false;
    Table::Link(object)->write_once(head, at::next_write);
    if (UpdateList(cpu, head, tid, object)) return true;
  }
}

// Lists only grow here and are taken whole, so an object that went away and came back (ABA) does no harm.
template <class M>
void Slub<M>::FreeRemote(Val<Slab*> slab, Val<u64> object) {
  namespace at = slub_site;
  Val<u64> head = slab->freelist.read_once(at::head_read);
  Val<u64> counters = slab->counters.read_once(at::head_read);
  do {
    Table::Link(object)->write_once(head, at::next_write);
  } while (
      !Slab::Update(g_.dwcas, slab, head, counters, object, slub_counters::WithInuse(counters, slub_counters::Inuse(counters) - 1), at::remote_push));
}

// The whole list of a slab, 0 if it is empty; every object of it counts as in use now.
template <class M>
auto Slub<M>::TakeAll(Val<Slab*> slab, u64 frozen, Site<Order::kAcquire> site) -> Val<u64> {
  namespace at = slub_site;
  Val<u64> head = slab->freelist.read_once(at::head_read);
  Val<u64> counters = slab->counters.read_once(at::head_read);
  for (;;) {
    if (!head) return 0;
    const Val<u64> full = slub_counters::WithInuse(counters, counters & slub_counters::kObjects) | frozen;
    if (Slab::Update(g_.dwcas, slab, head, counters, 0, full, site)) return head;
  }
}

template <class M>
bool Slub<M>::Refill(Cpu cpu) {
  M::irqs_off();
  const int here = cpu;
  const Val<u64> head = cpus_[here].freelist.read_once(slub_site::cpu_freelist_read);  // an interrupt may have been quicker
  const bool filled = head || (g_.nodes == 0 ? RefillFromOwn(here) : RefillFromNodes(here));
  M::irqs_on();
  return filled;
}

// Only with an empty list: current may change only while none of its objects is in it.
template <class M>
bool Slub<M>::RefillFromOwn(int cpu) {
  for (int k = 0; k < g_.slabs_per_cpu; ++k) {
    Slab* slab = slabs_.At(slabs_.Number(cpu, k));
    const Val<u64> list = TakeAll(slab, 0, slub_site::remote_take);
    if (list) return Install(&cpus_[cpu], reinterpret_cast<u64>(slab), list);
  }
  return false;
}

template <class M>
bool Slub<M>::Install(CpuSlab* c, Val<u64> slab, Val<u64> list) {
  c->current.set_plain(slab);
  c->freelist.set_plain(list);
  NextTid(c);
  return true;
}

// Whatever was about to be done to the CPU's list is tried again.
template <class M>
void Slub<M>::NextTid(CpuSlab* c) {
  const Val<u64> tid = c->tid.plain();
  c->tid.set_plain(tid + kTidStep);
}

}  // namespace ordeal

#include "allocator/slub_image.h"
#include "allocator/slub_end.h"
#include "allocator/slub_wander.h"
