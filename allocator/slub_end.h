// How are objects freed from where no slab may be touched, and how does a cache end? The parts of Slub (slub.h) that know of both.
//
// As in Linux since 6.18: kfree_nolock() may put an object aside on a list of its CPU, and an irq_work takes the whole list and frees what
// is there. Whoever destroys a cache waits for these first (defer_free_barrier), or their objects are in its way for ever.
#pragma once

namespace ordeal {

// defer_free(): the charge is given back at once. The list only grows here and is taken whole, so that an object that went away and came
// back (ABA) does no harm; this CPU's own interrupts come between the look and the cmpxchg.
template <class M>
void Slub<M>::FreeLater(Cpu cpu, Val<u64> object) {
  namespace at = slub_site;
  accounting_.Uncharge(cpu, slabs_.SlabOf(object), object);
  Word<u64>& deferred = cpus_[cpu].deferred;
  Val<u64> head = deferred.read_once(at::defer_read);
  do {
    Table::Link(object)->write_once(head, at::next_write);
  } while (!deferred.cmpxchg(head, object, at::defer_push));
}

// free_deferred_objects(): past the CPU's own list, whoever's it is, onto the slabs.
template <class M>
void Slub<M>::Flush(Cpu /*cpu*/, int whose) {
  namespace at = slub_site;
  Val<u64> object = cpus_[whose].deferred.xchg(0, at::defer_take);
  while (object) {
    const Val<u64> next = Table::Link(object)->read_once(at::next_read);
    FreeToSlab(slabs_.SlabOf(object), object);
    object = next;
  }
}

// The CPUs' areas go with the cache (free_percpu): whatever is there by now nobody finds again. A slab with an object that a user still has
// stays, and so would the cache: that is the user's mistake ("Objects remaining"), and not reported here.
template <class M>
void Slub<M>::Destroy(Cpu cpu) {
  for (int k = 0; k < g_.cpus && !M::changed(slub_change::destroy_inflight); ++k) Flush(cpu, k);
  for (int k = 0; k < g_.cpus; ++k) Deactivate(&cpus_[k]);
  GiveBackEmpty();
  for (int k = 0; k < g_.cpus; ++k) cpus_[k].deferred.set_plain(0);
}

// deactivate_slab(): what the CPU has goes back to its slab, and that to its node. Nobody is there to free into it meanwhile.
template <class M>
void Slub<M>::Deactivate(CpuSlab* c) {
  namespace at = slub_site;
  const Val<u64> current = c->current.plain();
  if (!current) return;
  const Val<Slab*> slab = M::template at<Slab>(current);
  Val<u64> object = c->freelist.read_once(at::cpu_freelist_read);
  while (object) {
    const Val<u64> next = Table::Link(object)->read_once(at::next_read);
    FreeRemote(slab, object);
    object = next;
  }
  c->freelist.set_plain(0);
  c->current.set_plain(0);
  NextTid(c);
  if (g_.nodes == 0) return;
  Val<u64> head = slab->freelist.read_once(at::head_read);
  Val<u64> counters = slab->counters.read_once(at::head_read);
  while (!Slab::Update(g_.dwcas, slab, head, counters, head, counters & ~slub_counters::kFrozen, at::leave)) {
  }
  if (!head) return;
  const Val<Node*> node = NodeOf(slab);
  node->lock();
  node->Add(slab);
  node->unlock();
}

// nodes=0: a slab that was given back has no list any more, and nobody who would look for one.
template <class M>
void Slub<M>::GiveBackEmpty() {
  namespace at = slub_site;
  for (int cpu = 0; cpu < g_.nodes; ++cpu) Shrink(cpu);  // of each node
  for (int number = 0; number < slabs_.count() && g_.nodes == 0; ++number) {
    Slab* slab = slabs_.At(number);
    Val<u64> head = slab->freelist.read_once(at::head_read);
    Val<u64> counters = slab->counters.read_once(at::head_read);
    if (slub_counters::Inuse(counters)) continue;
    while (!Slab::Update(g_.dwcas, slab, head, counters, 0, counters, at::remote_take)) {
    }
    GiveBack(slab);
  }
}

}  // namespace ordeal
