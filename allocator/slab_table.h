// Where do the slabs lie, and which slab does an object belong to?
//
// As in the kernel, what is known of a slab is not in it but in an array beside (struct page, vmemmap): so a slab can be all objects, and
// the descriptor's address is arithmetic on the object's. Code that got the object by READ_ONCE relies on that: the address dependency
// carries on to the descriptor, and would not to metadata found in any other way.
#pragma once
#include "allocator/hooks.h"
#include "base/check.h"
#include "memory/geometry.h"
#include "memory/memory.h"

namespace ordeal {

// What a region given to an allocator must be aligned to: a slab of its geometry; the largest serves them all.
inline constexpr u64 kRegionAlignment = 4 * 65536;

// A region holds the slabs of all CPUs, then their descriptors (of type Slab), then what the allocator has beside.
template <class M, class Slab>
class SlabTable {
 public:
  template <class T>
  using Val = typename M::template Val<T>;
  template <class T>
  using Word = typename M::template Word<T>;

  static u64 Bytes(const Geometry& g) { return Slabs(g) * (g.slab_bytes() + sizeof(Slab)); }
  static u64 Slabs(const Geometry& g) { return u64{g.cpus} * g.slabs_per_cpu; }

  SlabTable(u64 base, const Geometry& g)
      : base_(base), g_(g), shift_(__builtin_ctz(g.slab_bytes())), objects_(g.objects_per_slab()), descriptors_(base + Slabs(g) * g.slab_bytes()) {
    ORDEAL_CHECK(base % g.slab_bytes() == 0, "a region must be aligned to a slab");
  }

  // Code's way: from an address to what is known of it, dependencies kept.
  Val<Slab*> SlabOf(Val<u64> object) const { return M::template at<Slab>(((object - base_) >> shift_) * sizeof(Slab) + descriptors_); }
  Val<u64> IndexOf(Val<u64> object) const { return ((object - base_) & (g_.slab_bytes() - 1)) / g_.object_bytes; }  // in its slab
  static Val<Word<u64>*> Link(Val<u64> object) { return M::template at<Word<u64>>(object); }                        // the first word of a free object

  // The image's way, by number.
  int count() const { return static_cast<int>(Slabs(g_)); }
  u32 objects() const { return objects_; }
  u64 First(int slab) const { return base_ + u64(slab) * g_.slab_bytes(); }
  Slab* At(int slab) const { return reinterpret_cast<Slab*>(descriptors_) + slab; }
  int Number(int cpu, int k) const { return cpu * g_.slabs_per_cpu + k; }  // the k-th slab of a CPU
  u64 end() const { return base_ + Bytes(g_); }

  // Chains the objects of a slab, the last one to `tail`; the head is First(slab).
  void FormatLinks(int slab, u64 tail) const {
    for (u32 i = 0; i < objects_; ++i) {
      const u64 object = First(slab) + u64{i} * g_.object_bytes;
      M::poke(*Raw(object), i + 1 < objects_ ? object + g_.object_bytes : tail);
    }
  }
  void TellSlab(HookKind kind, int slab, const Hooks& tell) const {
    tell({.kind = kind, .address = First(slab), .bytes = g_.object_bytes, .value = objects_});
  }
  // Tells kListed for every object of a chain. A broken chain may hold anything: stop where it leaves the objects, or has gone round.
  void TellList(u64 head, const Hooks& tell) const {
    const u64 bound = Slabs(g_) * objects_;
    for (u64 n = 0; IsObject(head) && n <= bound; ++n) {
      tell({.kind = HookKind::kListed, .object = head});
      head = M::peek(*Raw(head));
    }
  }

 private:
  static Word<u64>* Raw(u64 address) { return reinterpret_cast<Word<u64>*>(address); }
  bool IsObject(u64 address) const {
    if (address < base_ || address >= descriptors_) return false;
    const u64 offset = (address - base_) & (g_.slab_bytes() - 1);
    return offset % g_.object_bytes == 0 && offset / g_.object_bytes < objects_;
  }

  u64 base_;
  Geometry g_;
  int shift_;
  u32 objects_;
  u64 descriptors_;
};

}  // namespace ordeal
