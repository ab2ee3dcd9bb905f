// What must an allocator offer to be tested? Seven members; docs/adding_an_allocator.md walks through an example.
//
// One that has cgroups (allocator/accounting.h) offers more, from any CPU and at any time: Drain(cpu), Offline(cpu, cgroup), Stats(cpu). Others:
// Shrink(cpu); FreeLater(cpu, object) and Flush(cpu, whose); Destroy(cpu), after which nothing is called.
//
// Its members take the CPU as an M::ThisCpu (memory/memory.h): the task may be moved in the middle of a call, where M::irqs_off() does not forbid it.
//
// It is a class template on a Memory policy M (memory/memory.h) and keeps everything that its CPUs share in one region of memory, through
// M::Word and its kin. The object itself holds addresses and constants only: it is copied freely and never written after construction.
#pragma once
#include <concepts>

#include "allocator/hooks.h"
#include "memory/geometry.h"
#include "memory/memory.h"

namespace ordeal {

// clang-format off
template <class A>
concept Allocator = Memory<typename A::Policy> &&
    requires(A a, const A ca, const Geometry& g, const Hooks& hooks, u64 base, int cpu, int charge, typename A::Policy::template Val<u64> object) {
  { A::kName } -> std::convertible_to<const char*>;             // as in --allocator=
  { A::Footprint(g) } -> std::same_as<u64>;                     // bytes of the region: below 8 MiB for every legal geometry
  A(base, g, hooks);                                            // base: aligned to a slab
  { a.Format() };                                               // writes the whole initial image by M::poke; tells kSlabNew. Honours planted Changes
  // cpu: 0 .. g.cpus-1; one call at a time for each CPU. charge: 0, not charged, or the number of a cgroup, from 1 (1 even if g.cgroups is 0).
  // An address, or 0: refused (a legal answer while frees are under way).
  { a.Alloc(cpu, charge) } -> std::same_as<typename A::Policy::template Val<u64>>;
  { a.Free(cpu, object) };                                      // by any CPU; object is not 0
  { ca.UsableBytes() } -> std::same_as<u32>;                    // of each object, from its start: the user's
  { ca.Enumerate() };                                           // nobody in Alloc or Free: tells kListed, kSlabListed, kCounter, by M::peek
};
// clang-format on

}  // namespace ordeal
