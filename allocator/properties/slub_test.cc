// What is slub's alone: slabs that wander between CPUs and become pages again, and the slow path of machines without a double-word cmpxchg.
#include <set>
#include <vector>

#include "allocator/properties/instance_testing.h"
#include "allocator/slub.h"
#include "gtest/gtest.h"

namespace ordeal {
namespace {

std::vector<Geometry> Wandering() {
  std::vector<Geometry> all;
  for (const u8 nodes : {1, 2}) {
    for (const bool dwcas : {true, false}) {
      for (const Exts exts : {Exts::kNone, Exts::kLate, Exts::kInObject, Exts::kEarly}) {
        for (const StrideAt stride : {StrideAt::kField, StrideAt::kSubWord}) {
          for (const u32 object : {256u, 1024u, 4096u}) {
            Geometry g{4096, 0, object, exts, 3, 2};
            g.nodes = nodes;
            g.dwcas = dwcas;
            g.stride = stride;
            all.push_back(g);
          }
        }
      }
    }
  }
  return all;
}

// The same, and the small slub.
std::vector<Geometry> Every() {
  std::vector<Geometry> all = Wandering();
  for (size_t i = 0, n = all.size(); i < n; ++i) {
    if (all[i].nodes != 1) continue;
    all.push_back(all[i]);
    all.back().nodes = 0;
  }
  return all;
}

template <class A>
class SlubAlone : public testing::Test {
 protected:
  template <class F>
  void ForEachGeometry(F f, const std::vector<Geometry>& geometries = Wandering()) {
    for (const Geometry& g : geometries) {
      SCOPED_TRACE(testing::Message() << "nodes " << int{g.nodes} << " dwcas " << g.dwcas << " exts " << int(g.exts) << " object " << g.object_bytes);
      Instance<A> t(g);
      f(t, g);
      if (this->HasFailure()) return;
    }
  }
};
using Subjects = testing::Types<Slub<Native>, Slub<NativePlanted>, Slub<Model>>;
TYPED_TEST_SUITE(SlubAlone, Subjects);

u64 ObjectsTold(const Said& said) {
  u64 n = 0;
  for (const auto& [first, slab] : said.slabs) n += slab.value;
  return n;
}

// Nothing belongs to a CPU: one of them gets all there is, pages of the other node included.
TYPED_TEST(SlubAlone, OneCpuGetsEverySlab) {
  this->ForEachGeometry([](auto& t, const Geometry& g) {
    std::vector<u64> got;
    ASSERT_TRUE(t.Run([&] {
      while (u64 object = got.size() <= t.capacity() ? t.Alloc(g.cpus - 1, true) : 0) got.push_back(object);
    }));
    EXPECT_EQ(got.size(), t.capacity());
    EXPECT_EQ(std::set<u64>(got.begin(), got.end()).size(), t.capacity());
    EXPECT_EQ(t.said.SharedRecords(), 0);
    t.Enumerate();
    EXPECT_TRUE(t.said.listed.empty());
    EXPECT_EQ(t.said.slabs_listed.size(), t.said.slabs.size());
  });
}

// Frees from other CPUs bring full slabs back to the lists, where every CPU finds them.
TYPED_TEST(SlubAlone, WhatOneCpuFreesAnotherGets) {
  this->ForEachGeometry([](auto& t, const Geometry& g) {
    std::set<u64> first, again;
    ASSERT_TRUE(t.Run([&] {
      while (u64 object = t.Alloc(0, true)) first.insert(object);
      for (const u64 object : first) t.Free(1, object);
      while (u64 object = t.Alloc(2 % g.cpus, true)) again.insert(object);
    }));
    EXPECT_EQ(first, again);
    t.Enumerate();
    EXPECT_EQ(t.said.counter, g.exts == Exts::kNone ? 0 : u64{t.capacity()} * g.object_bytes);
  });
}

// Shrinking gives back every slab of the node that no CPU has and nobody uses, and they serve again, with records as new.
TYPED_TEST(SlubAlone, EmptySlabsBecomePagesAndServeAgain) {
  this->ForEachGeometry([](auto& t, const Geometry& g) {
    EXPECT_EQ(t.said.slabs.size(), size_t{g.cpus});
    size_t shrunk = 99;
    std::vector<u64> got;
    ASSERT_TRUE(t.Run([&] {
      for (int node = 0; node < g.nodes; ++node) t.allocator().Shrink(node);
      shrunk = t.said.slabs.size();
      got = t.AllocAll(true);
      t.allocator().Shrink(0);  // nothing is empty now
      t.Free(0, got.back());
    }));
    EXPECT_EQ(shrunk, 0u);
    EXPECT_EQ(got.size(), t.capacity());
    EXPECT_EQ(ObjectsTold(t.said), t.capacity());
    EXPECT_EQ(t.said.SharedRecords(), 0);
    t.Enumerate();
    EXPECT_EQ(t.said.listed, (std::multiset<u64>{got.back()}));
  });
}

// What is put aside is nobody's until it is flushed, and then everybody's; its charge is given back at once.
TYPED_TEST(SlubAlone, WhatIsPutAsideComesBackByAFlush) {
  this->ForEachGeometry(
      [](auto& t, const Geometry& g) {
        std::vector<u64> got, again;
        u64 early = 1;
        ASSERT_TRUE(t.Run([&] {
          got = t.AllocAll(true);
          for (size_t i = 0; i < got.size(); ++i) t.FreeLater(i % 2, got[i]);
          early = t.Alloc(0, true);
        }));
        EXPECT_EQ(early, 0u);
        t.Enumerate();
        EXPECT_EQ(t.said.listed, (std::multiset<u64>(got.begin(), got.end())));
        EXPECT_EQ(t.said.counter, 0u);
        ASSERT_TRUE(t.Run([&] {
          t.allocator().Flush(2, 0);
          t.allocator().Flush(2, 1);
          again = t.AllocAll(true);
        }));
        EXPECT_EQ(std::set<u64>(again.begin(), again.end()), std::set<u64>(got.begin(), got.end()));
        EXPECT_EQ(t.said.SharedRecords(), 0);
        EXPECT_EQ(g.cpus, 3);
      },
      Every());
}

// A destroyed cache has given everything back, what was put aside included; what users still hold keeps its slab and no other.
TYPED_TEST(SlubAlone, DestroyGivesBackWhatNobodyHolds) {
  this->ForEachGeometry(
      [](auto& t, const Geometry& g) {
        ASSERT_TRUE(t.Run([&] {
          const std::vector<u64> got = t.AllocAll(true);
          for (size_t i = 1; i < got.size(); ++i) {
            if (i % 3 == 0) t.FreeLater(i % g.cpus, got[i]);
            else t.Free(i % g.cpus, got[i]);
          }
          t.allocator().Destroy(1);
        }));
        EXPECT_EQ(t.said.slabs.size(), 1u);
        t.Enumerate();
        EXPECT_EQ(t.said.slabs_listed.size(), 1u);
        EXPECT_EQ(t.said.listed.size(), g.objects_per_slab() - 1);
      },
      Every());
}

// CPUs take turns at random, shrinking now and then.
TYPED_TEST(SlubAlone, KeepsContentsAndLedgerOverARandomWalk) {
  u64 state = 7;
  const auto random = [&](u64 n) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (state >> 33) % n;
  };
  this->ForEachGeometry([&](auto& t, const Geometry& g) {
    std::vector<std::pair<u64, u64>> live;  // object, token
    int bad = 0;
    ASSERT_TRUE(t.Run([&] {
      for (u64 step = 1; step <= 600; ++step) {
        const int cpu = static_cast<int>(random(g.cpus));
        if (random(20) == 0) t.allocator().Shrink(cpu);
        if (live.empty() || random(100) < (step / 100 % 2 == 0 ? 65 : 35)) {
          const u64 object = t.Alloc(cpu, true);
          if (object == 0) continue;
          for (const auto& [other, token] : live) bad += other == object;
          t.Write(object, step);
          live.push_back({object, step});
        } else {
          std::swap(live[random(live.size())], live.back());
          bad += !t.Holds(live.back().first, live.back().second);
          t.Free(cpu, live.back().first);
          live.pop_back();
        }
      }
    }));
    EXPECT_EQ(bad, 0);
    t.Enumerate();
    EXPECT_EQ(t.said.counter, g.exts == Exts::kNone ? 0 : live.size() * g.object_bytes);
    EXPECT_EQ(t.said.listed.size() + live.size(), ObjectsTold(t.said));
    EXPECT_EQ(t.said.slabs_listed.size(), t.said.slabs.size());
  });
}

}  // namespace
}  // namespace ordeal
