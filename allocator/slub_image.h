// How does slub look before anything has run, and what of it is there in the end? The parts of Slub (slub.h) that no CPU runs.
#pragma once

namespace ordeal {

// nodes=0: the first slab of each CPU is current, its objects in the CPU's list; those of the others are as if freed remotely.
// nodes>0: no CPU has a slab. The first of each is on its node's partial list, the second is among the pages.
template <class M>
void Slub<M>::Format() {
  const u64 objects = slabs_.objects();
  for (int cpu = 0; cpu < g_.cpus; ++cpu) {
    for (int k = 0; k < g_.slabs_per_cpu; ++k) {
      const int number = slabs_.Number(cpu, k);
      const bool current = g_.nodes == 0 && k == 0;
      Slab* slab = slabs_.At(number);
      slabs_.FormatLinks(number, 0);
      M::poke(slab->lock_word, u32{0});
      M::poke(slab->freelist, current ? u64{0} : slabs_.First(number));
      M::poke(slab->counters, current ? objects | objects << slub_counters::kInuseShift : objects);
      accounting_.FormatSlab(slab, number);
      if (g_.nodes == 0 || k == 0) slabs_.TellSlab(HookKind::kSlabNew, number, tell_);
    }
    const int first = slabs_.Number(cpu, 0);
    M::poke(cpus_[cpu].freelist, g_.nodes == 0 ? slabs_.First(first) : u64{0});
    M::poke(cpus_[cpu].tid, u64(cpu));
    M::poke(cpus_[cpu].deferred, u64{0});
    M::poke(cpus_[cpu].current, g_.nodes == 0 ? reinterpret_cast<u64>(slabs_.At(first)) : u64{0});
  }
  FormatNodes();
  accounting_.FormatCounter();
}

template <class M>
void Slub<M>::FormatNodes() {
  u64 first[SlubNode<M>::kMax][2] = {};  // of the partial list, of the pages
  for (int number = slabs_.count(); g_.nodes > 0 && number-- > 0;) {
    u64& list = first[NodeOfNumber(number)][number % g_.slabs_per_cpu != 0];
    M::poke(slabs_.At(number)->next, list);
    list = reinterpret_cast<u64>(slabs_.At(number));
  }
  for (int node = 0; node < g_.nodes; ++node) NodeAt(node)->Format(first[node][0], first[node][1]);
}

// A slab is known if it is some CPU's, or on a partial list, or full and so nobody's. Pages are no slabs; nor is a slab that a destroyed cache gave back.
template <class M>
void Slub<M>::Enumerate() const {
  u64 known = g_.nodes == 0 ? ~u64{0} : 0, pages = 0;  // bit by number
  const auto number_of = [&](u64 slab) { return (slab - reinterpret_cast<u64>(slabs_.At(0))) / sizeof(Slab) % 64; };
  for (int cpu = 0; cpu < g_.cpus; ++cpu) {
    slabs_.TellList(M::peek(cpus_[cpu].freelist), tell_);
    slabs_.TellList(M::peek(cpus_[cpu].deferred), tell_);
    if (const u64 current = M::peek(cpus_[cpu].current); current != 0) known |= u64{1} << number_of(current);
  }
  for (int node = 0; node < g_.nodes; ++node) {
    NodeAt(node)->ForEach(true, slabs_.count(), [&](Slab* slab) { known |= u64{1} << number_of(reinterpret_cast<u64>(slab)); });
    NodeAt(node)->ForEach(false, slabs_.count(), [&](Slab* slab) { pages |= u64{1} << number_of(reinterpret_cast<u64>(slab)); });
  }
  for (int number = 0; number < slabs_.count(); ++number) {
    if (pages >> number & 1) continue;
    const u64 freelist = M::peek(slabs_.At(number)->freelist), counters = M::peek(slabs_.At(number)->counters);
    slabs_.TellList(freelist, tell_);
    if (g_.nodes == 0 && freelist == 0 && slub_counters::Inuse(counters) == 0) continue;  // given back
    const bool full = freelist == 0 && !(counters & slub_counters::kFrozen);
    if (full || (known >> number & 1)) slabs_.TellSlab(HookKind::kSlabListed, number, tell_);
  }
  accounting_.TellCounter();
}

}  // namespace ordeal
