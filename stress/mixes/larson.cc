#include "stress/mixes/mixes.h"

namespace ordeal::stress {
namespace {

constexpr u64 kSlots = 512;

struct Window {
  Block slot[kSlots];
};

class Larson final : public Mix {
 public:
  // One more than there are threads: so windows go round, and a thread finds what another has left.
  Larson(Ground& ground, int threads) : windows_(static_cast<u64>(threads) + 1), window_(ground.Make<Slot<Window>>(windows_)) {}

  void Work(Worker& w) override {
    while (w.GoOn()) {
      Slot<Window>& place = window_[w.rng().Below(windows_)];
      Window* window = place.Take(w.edge());
      if (window == nullptr) {
        w.Pause();
        continue;
      }
      // Until the shift is over, or sooner: blocks bleed to others while their thread is alive, too.
      for (u64 left = w.rng().Between(kSlots, kOpsOfALarsonThread); left > 0 && w.GoOn(); --left) Replace(w, window);
      place.Put(w.edge());
    }
  }

  void Drain(Worker& w) override {
    for (u64 i = 0; i < windows_; ++i)
      if (Window* window = window_[i].Take(w.edge()); window != nullptr)
        for (Block& b : window->slot) w.Free(&b);
  }

 private:
  void Replace(Worker& w, Window* window) {
    Block& b = window->slot[w.rng().Below(kSlots)];
    w.Free(&b);
    b = w.Allocate(w.rng().Between(1, 512));
  }

  const u64 windows_;
  Slot<Window>* const window_;
};

}  // namespace

Mix* MakeLarson(Ground& ground, int threads) { return ground.New<Larson>(ground, threads); }

}  // namespace ordeal::stress
