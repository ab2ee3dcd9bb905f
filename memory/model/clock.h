// What does a CPU, or a message, know of the other CPUs? Two vector clocks of sixteen bytes a side.
//
// CPU c numbers its accesses 1, 2, 3...  A Clock says, for every CPU, up to which number its stores and its loads are known. Stores and
// loads are apart because smp_wmb passes on the knowledge of stores only.
#pragma once
#include "memory/geometry.h"
#include "memory/order.h"

namespace ordeal::model {

using Seq = i16;                       // the number of an access within its CPU and execution; executions are shorter (kMaxSteps)
inline constexpr Seq kAllOwn = 32767;  // a CPU knows all of its own accesses, the next ones too

struct alignas(16) Lanes {
  typedef i16 Vector __attribute__((vector_size(16)));
  union {
    Vector v;
    Seq at[kMaxCpus];
  };
  Lanes() : v{} {}
  void Join(const Lanes& o) { v = v > o.v ? v : o.v; }
  bool Covers(const Lanes& o) const {
    const Vector worse = v < o.v;
    typedef i64 Halves __attribute__((vector_size(16)));
    const Halves h = (Halves)worse;
    return (h[0] | h[1]) == 0;
  }
};

struct Clock {
  Lanes stores, loads;
  void Join(const Clock& o) {
    stores.Join(o.stores);
    loads.Join(o.loads);
  }
  bool Covers(const Clock& o) const { return stores.Covers(o.stores) && loads.Covers(o.loads); }
};

// Two clocks that differ in one rule only. `view` bounds what may be read: it follows every edge of the model, also the order between
// strong fences. `hb` decides races: two strong fences that no access connects order nothing there, so it does not follow that edge.
// hb is never ahead of view.
struct Knowledge {
  Clock view, hb;
  void Join(const Knowledge& o) {
    view.Join(o.view);
    hb.Join(o.hb);
  }
  bool Covers(const Knowledge& o) const { return view.Covers(o.view) && hb.Covers(o.hb); }
  void SetAll(int cpu, Seq seq) { view.stores.at[cpu] = view.loads.at[cpu] = hb.stores.at[cpu] = hb.loads.at[cpu] = seq; }
};

}  // namespace ordeal::model
