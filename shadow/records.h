// Does each object have an accounting record of its own, always the same, in a place where records may be?
//
// A record lies behind the contents of its own object, or outside all objects of all slabs (in a vector). It belongs to its object
// from the first sight to the uncharge or the end of the free, whichever comes first.
#pragma once
#include <vector>

#include "shadow/event.h"
#include "shadow/lifetimes.h"
#include "shadow/per_id.h"
#include "shadow/report.h"
#include "shadow/slabs.h"

namespace ordeal {

class Records {
 public:
  static constexpr u64 kDefaultBytes = 8;  // of a record whose lookup does not say

  Records();
  void Begin();
  // kExtLookup: `bytes` of the event is the size of the record, 0: kDefaultBytes.
  void Lookup(const ShadowEvent& e, const Lifetimes& lifetimes, const Slabs& slabs, Reports& reports);
  // kCharge, kUncharge: the record used is the record looked up.
  void Use(const ShadowEvent& e, const Lifetimes& lifetimes, const Slabs& slabs, Reports& reports);
  void Release(ObjectId object);
  // Records looked up before their slab was told.
  void NewSlab(const Slab& slab, const ShadowEvent& e, const Lifetimes& lifetimes, Reports& reports);

 private:
  struct Held {
    u64 begin, end;
    ObjectId object;
  };
  struct Place {
    u64 begin = 0;
    bool held = false;
  };
  void See(const ShadowEvent& e, Held record, u64 object_at, const Lifetimes& lifetimes, const Slabs& slabs, Reports& reports);
  void Own(const ShadowEvent& e, Held record, const Lifetimes& lifetimes, Reports& reports);

  PerId<Place> places_;
  std::vector<Held> held_;
};

}  // namespace ordeal
