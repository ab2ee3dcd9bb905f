// Which bytes are objects of a slab, and at quiescence, is every object and every slab accounted for? Lost objects, lost slabs,
// and free lists that hold what they must not.
#pragma once
#include <span>
#include <vector>

#include "shadow/event.h"
#include "shadow/lifetimes.h"
#include "shadow/report.h"

namespace ordeal {

struct Slab {
  u64 first = 0, end = 0;  // offsets: of the first object, behind the last
  u64 object_bytes = 0;
  u64 listed = 0;  // bit by object: on a free list at quiescence
  bool known = false;

  bool Covers(u64 begin, u64 stop) const { return begin < end && first < stop; }
  u64 ObjectAt(u64 offset) const { return offset - (offset - first) % object_bytes; }
};

class Slabs {
 public:
  static constexpr u64 kMaxObjects = 64;  // of a slab

  Slabs() { all_.reserve(64); }
  void Begin() { all_.clear(); }
  // A slab in the place of an old one replaces it; that is wrong only if an object of the old one is live.
  const Slab* New(const ShadowEvent& e, const Lifetimes& lifetimes, Reports& reports);
  // Wrong if an object of it is live.
  void Gone(const ShadowEvent& e, const Lifetimes& lifetimes, Reports& reports);
  void Listed(const ShadowEvent& e, const Lifetimes& lifetimes, Reports& reports);
  void SlabListed(const ShadowEvent& e);
  void Finish(const Lifetimes& lifetimes, Reports& reports);

  // The first slab with an object that covers one of these bytes, or null.
  const Slab* Covering(u64 begin, u64 end) const {
    for (const Slab& s : all_)
      if (s.Covers(begin, end)) return &s;
    return nullptr;
  }

 private:
  std::vector<Slab> all_;
};

}  // namespace ordeal
