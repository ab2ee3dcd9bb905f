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
  std::map<u64, HookEvent> slabs;  // by address of the first object
  std::map<u64, u64> ext_of;       // object -> the record last computed for it
  std::vector<HookEvent> charges, uncharges;
  std::multiset<u64> listed;
  std::multiset<u64> slabs_listed;
  // At rest: the page counters less what is held back, of each cgroup (0: there are none) and together; and what is below zero.
  std::map<u8, u64> of_cgroup;
  u64 counter = 0, statistic = 0;
  u64 pages_bytes = 0;  // of the page counters alone
  int below_zero = 0;
  // Over the whole life.
  bool gone[4] = {};
  int uses_after_end = 0;

  void Hear(const HookEvent& e) {
    switch (e.kind) {
      case HookKind::kSlabNew: slabs[e.address] = e; return;
      case HookKind::kSlabGone: slabs.erase(e.address); return;
      case HookKind::kExtLookup: ext_of[e.object] = e.address; return;
      case HookKind::kCharge: charges.push_back(e); return;
      case HookKind::kUncharge: uncharges.push_back(e); return;
      case HookKind::kCounter:
        below_zero += static_cast<i64>(e.value) < 0;
        pages_bytes += e.value;
        of_cgroup[e.cgroup] += e.value;
        counter += e.value;
        return;
      case HookKind::kHeldBack:
        below_zero += static_cast<i64>(e.value) < 0;
        of_cgroup[e.cgroup] -= e.value;
        counter -= e.value;
        return;
      case HookKind::kStatistic: statistic = e.value; return;
      case HookKind::kObjcgUse: uses_after_end += gone[e.cgroup]; return;
      case HookKind::kObjcgGone: gone[e.cgroup] = true; return;
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

  // A body may call these. `charge` as in Alloc: 0, or a cgroup.
  u64 Alloc(int cpu, int charge) { return M::untracked(allocator_.Alloc(cpu, charge)); }
  void Free(int cpu, u64 object) { allocator_.Free(cpu, object); }
  void FreeLater(int cpu, u64 object) { allocator_.FreeLater(cpu, object); }
  std::vector<u64> AllocAll(int charge) {
    std::vector<u64> got;
    for (int cpu = 0; cpu < g_.cpus; ++cpu) {
      while (u64 object = got.size() <= capacity() ? Alloc(cpu, charge) : 0) got.push_back(object);
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
  bool Run(F body) {
    return machine_.Run(body);
  }
  void Enumerate() {
    said.listed.clear();
    said.slabs_listed.clear();
    said.of_cgroup.clear();
    said.counter = said.statistic = said.pages_bytes = 0;
    said.below_zero = 0;
    allocator_.Enumerate();
  }

  Said said;

 private:
  Geometry g_;
  Machine<M> machine_;
  A allocator_;
};

}  // namespace ordeal
