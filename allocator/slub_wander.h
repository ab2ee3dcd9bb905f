// How do slabs go from one CPU to another (nodes>0)? The parts of Slub (slub.h) that know of nodes.
#pragma once

namespace ordeal {

// What was freed into the current slab; else a partial one, of this node first; else a page. With interrupts off.
template <class M>
bool Slub<M>::RefillFromNodes(int cpu) {
  CpuSlab* c = &cpus_[cpu];
  const Val<u64> current = c->current.plain();
  if (current) {
    const Val<u64> list = TakeOrLeave(M::template at<Slab>(current));
    if (list) return Install(c, current, list);
    c->current.set_plain(0);
    NextTid(c);  // an interrupted free may have found the slab current, and the list as empty as it is now
  }
  for (int i = 0; i < 2 * g_.nodes; ++i) {
    Node* node = NodeAt((cpu + i) % g_.nodes);
    const Val<Slab*> slab = i < g_.nodes ? TakePartial(node) : TakePage(node);
    if (!slab) continue;
    const Val<u64> list = TakeAll(slab, slub_counters::kFrozen, slub_site::partial_take);
    if (i < g_.nodes) node->unlock();
    return Install(c, M::template cast<u64>(slab), list);
  }
  return false;
}

// As TakeAll; but a slab that has nothing for its CPU leaves it (deactivate_slab).
template <class M>
auto Slub<M>::TakeOrLeave(Val<Slab*> slab) -> Val<u64> {
  namespace at = slub_site;
  const Val<u64> list = TakeAll(slab, slub_counters::kFrozen, at::remote_take);
  if (list) return list;
  Val<u64> head = 0;
  Val<u64> counters = slab->counters.read_once(at::head_read);
  while (!Slab::Update(g_.dwcas, slab, head, counters, 0, counters & ~slub_counters::kFrozen, at::leave)) {
    if (head) return TakeAll(slab, slub_counters::kFrozen, at::remote_take);  // an object came in meanwhile
  }
  return 0;
}

// Nobody but the holder of the list_lock takes a slab from the list, and it is frozen (in TakeAll) before the lock goes: whoever frees into it
// meanwhile finds it on the list or frozen. Returns with the lock held unless it is 0.
template <class M>
auto Slub<M>::TakePartial(Node* node) -> Val<Slab*> {
  node->lock();
  const Val<Slab*> slab = node->TakeFirst();
  if (!slab) node->unlock();
  return slab;
}

template <class M>
auto Slub<M>::TakePage(Node* node) -> Val<Slab*> {
  const Val<Slab*> slab = node->TakePage();
  if (slab) slabs_.TellSlab(HookKind::kSlabNew, NumberOf(slab), tell_);
  return slab;
}

// __slab_free(): the list_lock is taken before the cmpxchg if the slab comes to the list by it (it was full), or if it becomes empty, so that
// whoever holds the lock may rely on an empty slab's being nobody's.
template <class M>
void Slub<M>::FreeToNode(Val<Slab*> slab, Val<u64> object) {
  namespace at = slub_site;
  const Val<Node*> node = NodeOf(slab);
  bool locked = false, was_full = false;
  for (;;) {
    Val<u64> head = slab->freelist.read_once(at::head_read);
    Val<u64> counters = slab->counters.read_once(at::head_read);
    const Val<u64> inuse = slub_counters::Inuse(counters) - 1;
    was_full = !head;
    const bool needs_lock = !(counters & slub_counters::kFrozen) && (was_full || !inuse);
    if (needs_lock && !locked) node->lock();
    if (!needs_lock && locked) node->unlock();
    locked = needs_lock;
    Table::Link(object)->write_once(head, at::next_write);
    if (Slab::Update(g_.dwcas, slab, head, counters, object, slub_counters::WithInuse(counters, inuse), at::remote_push)) break;
  }
  if (!locked) return;
  if (was_full) node->Add(slab);
  node->unlock();
}

template <class M>
void Slub<M>::Shrink(Cpu cpu) {
  if (g_.nodes == 0) return;
  Node* node = NodeAt(cpu % g_.nodes);
  node->lock();
  node->TakeEmpty([&](Val<Slab*> slab) {
    GiveBack(slab);
    node->GivePage(slab);
  });
  node->unlock();
}

template <class M>
void Slub<M>::GiveBack(Val<Slab*> slab) {
  slabs_.TellSlab(HookKind::kSlabGone, NumberOf(slab), tell_);
  accounting_.Forget(slab);
}

}  // namespace ordeal
