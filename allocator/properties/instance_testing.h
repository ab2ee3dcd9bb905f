// What does an allocator do and say? An instance of one on a machine of its own, with everything that it tells written down.
#pragma once
#include <map>
#include <set>
#include <vector>

#include "allocator/concept.h"
#include "allocator/properties/machine_testing.h"

namespace ordeal {

// Not thread-safe.
struct Said {
  std::map<u64, HookEvent> slabs;   // by address of the first object
  std::map<u64, u64> ext_of;        // object -> the record last computed for it
  std::vector<HookEvent> charges, uncharges;
  std::multiset<u64> listed;
  std::multiset<u64> slabs_listed;
  u64 counter = ~u64{0};

  void Hear(const HookEvent& e) {
    switch (e.kind) {
      case HookKind::kSlabNew: slabs[e.address] = e; return;
      case HookKind::kSlabGone: slabs.erase(e.address); return;
      case HookKind::kExtLookup: ext_of[e.object] = e.address; return;
      case HookKind::kCharge: charges.push_back(e); return;
      case HookKind::kUncharge: uncharges.push_back(e); return;
      case HookKind::kCounter: counter = e.value; return;
      case HookKind::kListed: listed.insert(e.object); return;
      case HookKind::kSlabListed: slabs_listed.insert(e.address); return;
    }
  }
  Hooks hooks() {
    return {[](void* self, const HookEvent& e) { static_cast<Said*>(self)->Hear(e); }, this};
  }
  // Objects that have their record in common with another one.
  int SharedRecords() const {
    std::map<u64, int> users;
    for (auto [object, ext] : ext_of) ++users[ext];
    int shared = 0;
    for (auto [ext, n] : users) shared += n > 1 ? n : 0;
    return shared;
  }
};

template <Allocator A>
class Instance {
 public:
  using M = typename A::Policy;

  explicit Instance(const Geometry& g) : g_(g), machine_(A::Footprint(g)), allocator_(machine_.base(), g, said.hooks()) { allocator_.Format(); }

  u64 base() const { return machine_.base(); }
  u32 capacity() const { return u32{g_.cpus} * g_.slabs_per_cpu * g_.objects_per_slab(); }
  u32 usable() const { return allocator_.UsableBytes(); }
  A& allocator() { return allocator_; }

  // A body may call these.
  u64 Alloc(int cpu, bool charged) { return M::untracked(allocator_.Alloc(cpu, charged)); }
  void Free(int cpu, u64 object) { allocator_.Free(cpu, object); }
  std::vector<u64> AllocAll(bool charged) {
    std::vector<u64> got;
    for (int cpu = 0; cpu < g_.cpus; ++cpu) {
      while (u64 object = got.size() <= capacity() ? Alloc(cpu, charged) : 0) got.push_back(object);
    }
    return got;
  }
  using Word = typename M::template Word<u64>;
  // The user's first and last word: what touches the neighbours and the metadata.
  void Write(u64 object, u64 token) {
    reinterpret_cast<Word*>(object)->set_plain(token);
    reinterpret_cast<Word*>(object + usable() - 8)->set_plain(token);
  }
  bool Holds(u64 object, u64 token) {
    const u64 first = M::untracked(reinterpret_cast<Word*>(object)->plain());
    const u64 last = M::untracked(reinterpret_cast<Word*>(object + usable() - 8)->plain());
    return first == token && last == token;
  }

  template <class F>
  bool Run(F body) { return machine_.Run(body); }
  void Enumerate() {
    said.listed.clear();
    said.slabs_listed.clear();
    allocator_.Enumerate();
  }

  Said said;

 private:
  Geometry g_;
  Machine<M> machine_;
  A allocator_;
};

}  // namespace ordeal
