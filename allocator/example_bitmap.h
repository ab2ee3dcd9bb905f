// A complete allocator in a hundred lines: the example of docs/adding_an_allocator.md. Not offered by --allocator, but tested with the others.
//
// Each CPU owns slabs; one word of the slab's descriptor has a bit for each free object. The owner takes bits, anyone gives them back.
#pragma once
#include "allocator/accounting.h"
#include "allocator/concept.h"
#include "allocator/site_table.h"
#include "allocator/slab_table.h"

#define EXAMPLE_BITMAP_SITES(X)                                                                                     \
  X(look, kOnce, "-", "a guess, never wrong: only the owner takes, so a bit that was seen is still there")          \
  X(take, kAcquire, "give", "use the object and its record after whoever gave the bit: C11 needs it, see LowestOf") \
  X(give, kRelease, "take", "the freer's last use of the object and its cleared record, before the bit is seen")

namespace ordeal::example_bitmap_site {
ORDEAL_SITE_TABLE(kTestSites, "example_bitmap", EXAMPLE_BITMAP_SITES)
}

namespace ordeal {

template <class M>
class ExampleBitmap {
 public:
  using Policy = M;
  template <class T>
  using Val = typename M::template Val<T>;
  template <class T>
  using Word = typename M::template Word<T>;
  using Cpu = typename M::ThisCpu;
  static constexpr const char* kName = "example_bitmap";

  static u64 Footprint(const Geometry& g) { return Table::Bytes(g) + Accounting<M>::Footprint(g); }
  ExampleBitmap(u64 base, const Geometry& g, const Hooks& tell) : g_(g), tell_(tell), slabs_(base, g), accounting_(slabs_.end(), base, g, tell) {}

  void Format() {
    for (int number = 0; number < slabs_.count(); ++number) {
      M::poke(slabs_.At(number)->free_bits, (u64{1} << slabs_.objects()) - 1);
      accounting_.FormatSlab(slabs_.At(number), number);
      slabs_.TellSlab(HookKind::kSlabNew, number, tell_);
    }
    accounting_.FormatCounter();
  }

  Val<u64> Alloc(Cpu cpu, int charge) {
    namespace at = example_bitmap_site;
    for (int k = 0; k < g_.slabs_per_cpu; ++k) {
      const int number = slabs_.Number(cpu, k);
      const Val<u64> bits = slabs_.At(number)->free_bits.read_once(at::look);
      if (!bits) continue;
      const Val<u64> index = LowestOf(bits);
      slabs_.At(number)->free_bits.fetch_and(~(Val<u64>(1) << index), at::take);
      const Val<u64> object = slabs_.First(number) + index * g_.object_bytes;
      if (charge != 0) accounting_.Charge(cpu, slabs_.SlabOf(object), object, charge);
      return object;
    }
    return 0;
  }

  void Free(Cpu cpu, Val<u64> object) {
    namespace at = example_bitmap_site;
    const Val<Slab*> slab = slabs_.SlabOf(object);
    accounting_.Uncharge(cpu, slab, object);
    slab->free_bits.fetch_or(Val<u64>(1) << slabs_.IndexOf(object), at::give);
  }

  void Drain(Cpu cpu) { accounting_.Drain(cpu); }
  void Offline(Cpu cpu, int cgroup) { accounting_.Offline(cpu, cgroup); }
  void Stats(Cpu cpu) const { accounting_.Stats(cpu); }
  u32 UsableBytes() const { return UsableBytesOf(g_); }

  void Enumerate() const {
    for (int number = 0; number < slabs_.count(); ++number) {
      const u64 bits = M::peek(slabs_.At(number)->free_bits);
      for (u32 i = 0; i < slabs_.objects(); ++i) {
        if (bits >> i & 1) tell_({.kind = HookKind::kListed, .object = slabs_.First(number) + u64{i} * g_.object_bytes});
      }
      slabs_.TellSlab(HookKind::kSlabListed, number, tell_);
    }
    accounting_.TellCounter();
  }

 private:
  struct alignas(64) Slab : SlabExts<M> {
    Word<u64> free_bits;  // bit i: object i is free
  };
  using Table = SlabTable<M, Slab>;

  // The number of the lowest bit, by arithmetic alone: a loop that tests bit by bit would make a control dependency of it, and an object
  // that this CPU had from another one by READ_ONCE, freed and now takes again would be ordered by nothing.
  static Val<u64> LowestOf(Val<u64> bits) {
    constexpr u64 kMasks[] = {0xaaaa, 0xcccc, 0xf0f0, 0xff00};
    static_assert(Geometry::kMaxObjects == 16);
    const Val<u64> lowest = bits & (u64{0} - bits);
    Val<u64> number = 0;
    for (int k = 0; k < 4; ++k) number |= M::template cast<u64>((lowest & kMasks[k]) != 0u) << k;
    return number;
  }

  Geometry g_;
  Hooks tell_;
  Table slabs_;
  Accounting<M> accounting_;
};

}  // namespace ordeal
