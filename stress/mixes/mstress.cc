#include <utility>

#include "stress/mixes/mixes.h"

namespace ordeal::stress {
namespace {

constexpr u64 kShelf = 16;       // blocks that change hands together
constexpr u64 kOwnShelves = 8;   // of each thread
constexpr u64 kShelvesEach = 2;  // on the common ground, for each thread

struct Shelf {
  Block block[kShelf];
};

// All magnitudes alike: a tenth of the blocks below 4 bytes, a tenth above 32 KiB, and sometimes one that an allocator maps by itself.
u64 AnySize(Rng& rng) {
  const u64 magnitude = u64{1} << rng.Below(rng.Below(256) == 0 ? 21 : 17);
  return magnitude + rng.Below(magnitude);
}

Block AnyBlock(Worker& w) {
  const u64 size = AnySize(w.rng());
  switch (w.rng().Below(5)) {
    case 0: return w.AllocateZeroed(size);
    case 1: return w.AllocateAligned(u64{16} << w.rng().Below(9), size);
    default: return w.Allocate(size);
  }
}

class Mstress final : public Mix {
 public:
  Mstress(Ground& ground, int threads)
      : common_(kShelvesEach * static_cast<u64>(threads)),
        threads_(static_cast<u64>(threads)),
        own_(ground.Make<Shelf>(kOwnShelves * threads_)),
        shelf_(ground.Make<Slot<Shelf>>(common_)) {}

  void Work(Worker& w) override {
    Shelf* own = own_ + kOwnShelves * static_cast<u64>(w.member());
    while (w.GoOn()) {
      Shelf& shelf = own[w.rng().Below(kOwnShelves)];
      Block& b = shelf.block[w.rng().Below(kShelf)];
      const u64 what = w.rng().Below(64);
      if (what < 3) Exchange(w, &shelf);
      else if (b.start == nullptr) b = AnyBlock(w);
      else if (what < 24) w.Reallocate(&b, AnySize(w.rng()));
      else w.Free(&b);
    }
  }

  void Drain(Worker& w) override {
    for (u64 i = 0; i < kOwnShelves * threads_; ++i) FreeAll(w, &own_[i]);
    for (u64 i = 0; i < common_; ++i)
      if (Shelf* shelf = shelf_[i].Take(w.edge()); shelf != nullptr) FreeAll(w, shelf);
  }

 private:
  void Exchange(Worker& w, Shelf* own) {
    Slot<Shelf>& place = shelf_[w.rng().Below(common_)];
    Shelf* shelf = place.Take(w.edge());
    if (shelf == nullptr) return;
    std::swap(*shelf, *own);
    place.Put(w.edge());
    for (Block& b : own->block)
      if (!w.Use(&b)) return;
  }

  void FreeAll(Worker& w, Shelf* shelf) {
    for (Block& b : shelf->block) w.Free(&b);
  }

  const u64 common_, threads_;
  Shelf* const own_;
  Slot<Shelf>* const shelf_;
};

}  // namespace

Mix* MakeMstress(Ground& ground, int threads) { return ground.New<Mstress>(ground, threads); }

}  // namespace ordeal::stress
