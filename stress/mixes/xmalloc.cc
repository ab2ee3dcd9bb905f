#include "stress/mixes/mixes.h"

namespace ordeal::stress {
namespace {

constexpr int kBatch = 64;
constexpr u64 kPlacesEach = 4;  // batches in flight, for each thread

struct Batch {
  int maker = 0, blocks = 0;  // blocks == 0: nobody's
  Block block[kBatch];
};

class Xmalloc final : public Mix {
 public:
  Xmalloc(Ground& ground, int threads) : places_(kPlacesEach * static_cast<u64>(threads)), place_(ground.Make<Slot<Batch>>(places_)) {}

  void Work(Worker& w) override {
    while (w.GoOn())
      if (!Visit(w, place_[w.rng().Below(places_)])) w.Pause();
  }

  void Drain(Worker& w) override {
    for (u64 i = 0; i < places_; ++i)
      if (Batch* b = place_[i].Take(w.edge()); b != nullptr) FreeAll(w, b);
  }

 private:
  // False: somebody else is there, or nothing is to be done by this thread.
  bool Visit(Worker& w, Slot<Batch>& place) {
    Batch* b = place.Take(w.edge());
    if (b == nullptr) return false;
    bool done = true;
    if (b->blocks == 0) Fill(w, b);
    else if (b->maker != w.member() || w.threads() == 1) FreeAll(w, b);
    else done = false;  // another thread's to free
    place.Put(w.edge());
    return done;
  }

  // Of one size, as a slab is used up in a row; or of all.
  void Fill(Worker& w, Batch* b) {
    const u64 size = w.rng().Percent(70) ? UsualSize(w.rng()) : 0;
    b->maker = w.member();
    for (; b->blocks < kBatch && w.GoOn(); ++b->blocks) b->block[b->blocks] = w.Allocate(size == 0 ? UsualSize(w.rng()) : size);
  }

  // Last in, first out, or the other way round: freelists come to lie differently.
  void FreeAll(Worker& w, Batch* b) {
    const bool backwards = w.rng().Percent(50);
    for (int i = 0; i < b->blocks; ++i) w.Free(&b->block[backwards ? b->blocks - 1 - i : i]);
    b->blocks = 0;
  }

  const u64 places_;
  Slot<Batch>* const place_;
};

}  // namespace

Mix* MakeXmalloc(Ground& ground, int threads) { return ground.New<Xmalloc>(ground, threads); }

}  // namespace ordeal::stress
