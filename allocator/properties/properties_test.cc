// What must every allocator do, whatever its design, on whatever memory? One suite over all of them.
#include <algorithm>

#include "allocator/example_bitmap.h"
#include "allocator/properties/geometries_testing.h"
#include "allocator/properties/instance_testing.h"
#include "allocator/registry.h"
#include "base/random.h"
#include "gtest/gtest.h"

namespace ordeal {
namespace {

std::string Describe(const Geometry& g) {
  return "page " + std::to_string(g.page_bytes) + " order " + std::to_string(g.page_order) + " object " + std::to_string(g.object_bytes) + " exts " +
         std::to_string(static_cast<int>(g.exts)) + " cpus " + std::to_string(g.cpus) + " slabs " + std::to_string(g.slabs_per_cpu) + " cgroups " +
         std::to_string(g.cgroups);
}

// All objects of an instance, from what it said of its slabs.
std::multiset<u64> ObjectsOf(const Said& said) {
  std::multiset<u64> all;
  for (const auto& [first, slab] : said.slabs) {
    for (u64 i = 0; i < slab.value; ++i) all.insert(first + i * slab.bytes);
  }
  return all;
}

template <class A>
class AllocatorProperties : public testing::Test {
 protected:
  using Subject = Instance<A>;
  template <class F>
  void ForEachGeometry(F f) {
    for (const Geometry& g : AllGeometries()) {
      SCOPED_TRACE(Describe(g));
      Subject t(g);
      f(t, g);
      if (this->HasFailure()) return;
    }
  }
};

using Subjects = testing::Types<Locked<Native>, Locked<NativePlanted>, Locked<Model>, Slub<Native>, Slub<NativePlanted>, Slub<Model>,
                                ExampleBitmap<Native>, ExampleBitmap<NativePlanted>, ExampleBitmap<Model>>;
TYPED_TEST_SUITE(AllocatorProperties, Subjects);

TYPED_TEST(AllocatorProperties, SaysWhatItsSlabsAre) {
  this->ForEachGeometry([](auto& t, const Geometry& g) {
    EXPECT_EQ(t.said.slabs.size(), size_t{g.cpus} * g.slabs_per_cpu);
    EXPECT_EQ(ObjectsOf(t.said).size(), t.capacity());
    for (const auto& [first, slab] : t.said.slabs) {
      EXPECT_EQ(first % g.slab_bytes(), 0u);
      EXPECT_GE(first, t.base());
      EXPECT_LE(first + g.slab_bytes(), t.base() + TypeParam::Footprint(g));
      EXPECT_EQ(slab.bytes, g.object_bytes);
    }
    EXPECT_EQ(t.usable(), g.object_bytes - (g.exts == Exts::kInObject ? kExtBytes : 0));
  });
}

TYPED_TEST(AllocatorProperties, HandsOutEveryObjectOnceThenRefuses) {
  this->ForEachGeometry([](auto& t, const Geometry&) {
    std::vector<u64> got;
    ASSERT_TRUE(t.Run([&] { got = t.AllocAll(0); }));
    EXPECT_EQ(std::multiset<u64>(got.begin(), got.end()), ObjectsOf(t.said));
    t.Enumerate();
    EXPECT_TRUE(t.said.listed.empty());
  });
}

TYPED_TEST(AllocatorProperties, GetsEveryObjectBackFromAnyCpu) {
  this->ForEachGeometry([](auto& t, const Geometry& g) {
    std::vector<u64> again;
    ASSERT_TRUE(t.Run([&] {
      int cpu = 0;
      for (u64 object : t.AllocAll(1)) t.Free(cpu++ % g.cpus, object);
      again = t.AllocAll(0);
    }));
    EXPECT_EQ(std::multiset<u64>(again.begin(), again.end()), ObjectsOf(t.said));
    t.Enumerate();
    EXPECT_EQ(t.said.counter, 0u);
    EXPECT_EQ(t.said.charges.size(), t.said.uncharges.size());
  });
}

TYPED_TEST(AllocatorProperties, EveryObjectHasARecordOfItsOwn) {
  this->ForEachGeometry([](auto& t, const Geometry& g) {
    ASSERT_TRUE(t.Run([&] { t.AllocAll(1); }));
    EXPECT_EQ(t.said.ext_of.size(), g.exts == Exts::kNone ? 0 : t.capacity());
    EXPECT_EQ(t.said.SharedRecords(), 0);
    const u64 slabs_end = t.said.slabs.rbegin()->first + g.slab_bytes();
    for (auto [object, ext] : t.said.ext_of) {
      if (g.exts == Exts::kInObject) {
        EXPECT_EQ(ext, object + g.object_bytes - kExtBytes);
      } else {
        EXPECT_GE(ext, slabs_end);
        EXPECT_LE(ext + kExtBytes, t.base() + TypeParam::Footprint(g));
      }
    }
    t.Enumerate();
    EXPECT_EQ(t.said.counter, g.exts == Exts::kNone ? 0 : u64{t.capacity()} * g.object_bytes);
  });
}

TYPED_TEST(AllocatorProperties, AtRestListsExactlyWhatIsFree) {
  this->ForEachGeometry([](auto& t, const Geometry& g) {
    std::multiset<u64> free;
    ASSERT_TRUE(t.Run([&] {
      const std::vector<u64> got = t.AllocAll(0);
      for (size_t i = 0; i < got.size(); i += 2) {
        t.Free(static_cast<int>(i % g.cpus), got[i]);
        free.insert(got[i]);
      }
    }));
    t.Enumerate();
    EXPECT_EQ(t.said.listed, free);
    EXPECT_EQ(t.said.slabs_listed.size(), t.said.slabs.size());
    for (u64 slab : t.said.slabs_listed) EXPECT_TRUE(t.said.slabs.contains(slab));
  });
}

// CPUs take turns at random. Contents stay, nothing is handed out twice, and the counter knows what is charged.
TYPED_TEST(AllocatorProperties, KeepsContentsAndLedgerOverARandomWalk) {
  constexpr int kSteps = 300;
  u64 state = 1;
  const auto random = [&](u64 n) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (state >> 33) % n;
  };
  struct Live {
    u64 object, token;
    bool charged;
  };
  this->ForEachGeometry([&](auto& t, const Geometry& g) {
    std::vector<Live> live;
    int refused = 0, bad = 0, twice = 0;
    ASSERT_TRUE(t.Run([&] {
      for (u64 step = 1; step <= kSteps; ++step) {
        const int cpu = static_cast<int>(random(g.cpus));
        if (live.empty() || random(5) < 3) {
          const bool charged = random(2) == 0;
          const u64 object = t.Alloc(cpu, charged);
          if (object == 0) ++refused;
          if (object == 0) continue;
          for (const Live& other : live) twice += other.object == object;
          t.Write(object, step);
          live.push_back({object, step, charged});
        } else {
          std::swap(live[random(live.size())], live.back());
          bad += !t.Holds(live.back().object, live.back().token);
          t.Free(cpu, live.back().object);
          live.pop_back();
        }
      }
      for (const Live& l : live) bad += !t.Holds(l.object, l.token);
    }));
    EXPECT_EQ(bad, 0);
    EXPECT_EQ(twice, 0);
    EXPECT_TRUE(refused > 0 || t.capacity() > 16);
    t.Enumerate();
    u64 charged = 0;
    for (const Live& l : live) charged += l.charged && g.exts != Exts::kNone ? g.object_bytes : 0;
    EXPECT_EQ(t.said.counter, charged);
    EXPECT_EQ(t.said.listed.size() + live.size(), t.capacity());
    for (const HookEvent& e : t.said.uncharges) EXPECT_EQ(e.value, g.object_bytes);
  });
}

// Charges, frees, drains, looks at the statistic and, now and then, the end of a cgroup, by CPUs that take turns at random.
template <class Subject>
class CgroupWalk {
 public:
  CgroupWalk(Subject& t, const Geometry& g, u64 seed) : t_(t), g_(g), rng_(seed) {}
  void Walk(int steps) {
    for (int i = 0; i < steps; ++i) Step(Any(g_.cpus), Any(40));
  }
  void End() {
    for (const Live& l : live_) t_.Free(Any(g_.cpus), l.object);
    for (int k = 1; k <= g_.cgroups; ++k) t_.allocator().Offline(Any(g_.cpus), k);
    for (int cpu = 0; cpu < g_.cpus; ++cpu) t_.allocator().Drain(cpu);
  }
  // By what was asked for, not by what was told.
  u64 Charged(int cgroup) const {
    u64 bytes = 0;
    for (const Live& l : live_) bytes += l.payer == cgroup ? g_.object_bytes : 0;
    return bytes;
  }
  int refused = 0;

 private:
  struct Live {
    u64 object;
    int payer;  // 0: nobody
  };
  int Any(u64 n) { return static_cast<int>(rng_.Below(n)); }
  void Step(int cpu, int what) {
    if (what == 0) return t_.allocator().Offline(cpu, 1 + Any(g_.cgroups));
    if (what < 4) return t_.allocator().Drain(cpu);
    if (what < 6) return t_.allocator().Stats(cpu);
    if (live_.empty() || what < 26) {
      const int charge = Any(g_.cgroups + 1u);
      const bool gone = charge != 0 && t_.said.gone[charge];
      refused += gone;
      const u64 object = t_.Alloc(cpu, charge);
      if (object != 0) live_.push_back({object, gone || g_.exts == Exts::kNone ? 0 : charge});
      return;
    }
    std::swap(live_[rng_.Below(live_.size())], live_.back());
    t_.Free(cpu, live_.back().object);
    live_.pop_back();
  }

  Subject& t_;
  const Geometry& g_;
  Rng rng_;
  std::vector<Live> live_;
};

constexpr int kWalk = 300;

TYPED_TEST(AllocatorProperties, EachCgroupPaysForItsLiveObjectsToTheByte) {
  int refused = 0;
  this->ForEachGeometry([&](auto& t, const Geometry& g) {
    if (g.cgroups == 0) return;
    CgroupWalk walk(t, g, g.object_bytes);
    ASSERT_TRUE(t.Run([&] { walk.Walk(kWalk); }));
    t.Enumerate();
    for (int k = 1; k <= g.cgroups; ++k) EXPECT_EQ(t.said.of_cgroup[static_cast<u8>(k)], walk.Charged(k)) << k;
    EXPECT_EQ(t.said.statistic, walk.Charged(1) + walk.Charged(2));
    EXPECT_EQ(t.said.below_zero + t.said.uses_after_end, 0);
    refused += walk.refused;
  });
  EXPECT_GT(refused, 0) << "no charge came after the end of a cgroup: this test has shown less than it says";
}

TYPED_TEST(AllocatorProperties, WhenAllIsOverNoPageOfACgroupIsLeft) {
  this->ForEachGeometry([&](auto& t, const Geometry& g) {
    if (g.cgroups == 0) return;
    CgroupWalk walk(t, g, g.object_bytes);
    ASSERT_TRUE(t.Run([&] {
      walk.Walk(kWalk);
      walk.End();
    }));
    t.Enumerate();
    EXPECT_EQ(t.said.pages_bytes, 0u);
    EXPECT_EQ(t.said.counter, 0u);
    EXPECT_EQ(t.said.statistic, 0u);
    EXPECT_EQ(t.said.below_zero + t.said.uses_after_end, 0);
    EXPECT_EQ(t.said.charges.size(), t.said.uncharges.size());
    for (int k = 1; k <= g.cgroups; ++k) EXPECT_TRUE(t.said.gone[k]) << k;
  });
}

TYPED_TEST(AllocatorProperties, FitsBesideTheStacks) {
  for (Geometry g : AllGeometries()) {
    g.cpus = kMaxCpus;
    g.cgroups = 2;
    EXPECT_LT(TypeParam::Footprint(g), u64{8} << 20) << Describe(g);
  }
}

// A list may be broken by the user: looking at it must end, and must not leave the objects.
TYPED_TEST(AllocatorProperties, EnumerateSurvivesABrokenList) {
  for (u64 garbage : {u64{0}, u64{8}, ~u64{0}, u64{0x123456789abcdef0}}) {
    const Geometry g;
    Instance<TypeParam> t(g);
    ASSERT_TRUE(t.Run([&] {
      const u64 object = t.Alloc(0, 0);
      t.Free(0, object);
      t.Write(object, garbage == 0 ? object : garbage);  // a write after free; 0: a cycle
    }));
    t.Enumerate();
    EXPECT_LE(t.said.listed.size(), size_t{3} * t.capacity());
    for (u64 object : t.said.listed) EXPECT_TRUE(ObjectsOf(t.said).contains(object));
  }
}

}  // namespace
}  // namespace ordeal
