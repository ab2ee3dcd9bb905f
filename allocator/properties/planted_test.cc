// Do the properties have teeth? A bug that is planted must be caught, exactly on the geometries that its entry names.
#include <memory>

#include "allocator/bugs.h"
#include "allocator/properties/geometries_testing.h"
#include "allocator/properties/instance_testing.h"
#include "allocator/registry.h"
#include "gtest/gtest.h"

namespace ordeal {
namespace {

class WithPlanted {
 public:
  explicit WithPlanted(const PlantedBug& bug) { Plant(bug); }
  ~WithPlanted() { g_sites.Clear(); }
};

template <class A>
class Planted : public testing::Test {};
using Subjects = testing::Types<Locked<NativePlanted>, Locked<Model>, Slub<NativePlanted>, Slub<Model>>;
TYPED_TEST_SUITE(Planted, Subjects);

TYPED_TEST(Planted, StrideOf16BitsGivesObjectsOneRecord) {
  const PlantedBug* bug = FindAllocatorBug("acct.stride_u16");
  ASSERT_NE(bug, nullptr);
  int caught = 0;
  for (const Geometry& g : AllGeometries()) {
    const WithPlanted planted(*bug);
    Instance<TypeParam> t(g);
    ASSERT_TRUE(t.Run([&] { t.AllocAll(1); }));
    EXPECT_EQ(t.said.SharedRecords() > 0, bug->fits(g)) << g.page_bytes << " " << int{g.page_order} << " " << g.object_bytes;
    caught += t.said.SharedRecords() > 0;
  }
  EXPECT_GT(caught, 0);
}

TYPED_TEST(Planted, StrideOf16BitsLosesCharges) {
  for (Geometry g : {Geometry{65536, 1, 65536, Exts::kInObject, 2, 1}, Geometry{65536, 2, 131072, Exts::kInObject, 2, 1}}) {
    for (bool with_bug : {false, true}) {
      SCOPED_TRACE(with_bug);
      const auto planted = with_bug ? std::make_unique<WithPlanted>(*FindAllocatorBug("acct.stride_u16")) : nullptr;
      Instance<TypeParam> t(g);
      ASSERT_TRUE(t.Run([&] {
        const u64 a = t.Alloc(0, 1);
        const u64 b = t.Alloc(0, 1);
        t.Free(0, a);
        t.Free(0, b);
      }));
      t.Enumerate();
      EXPECT_EQ(t.said.counter, with_bug ? g.object_bytes : 0u);
    }
  }
}

// One CPU after the other: a bug of order must have no effect at all.
TYPED_TEST(Planted, ReaderOrderIsSilentWithoutInterleaving) {
  const WithPlanted planted(*FindAllocatorBug("slub.exts_reader_order"));
  for (const Geometry& g : AllGeometries()) {
    Instance<TypeParam> t(g);
    ASSERT_TRUE(t.Run([&] {
      int cpu = 0;
      for (u64 object : t.AllocAll(1)) t.Free(cpu++ % g.cpus, object);
    }));
    t.Enumerate();
    EXPECT_EQ(t.said.SharedRecords(), 0);
    EXPECT_EQ(t.said.counter, 0u);
  }
}

// What each bug of the accounting does to one object that is charged, drained, and freed on another CPU after its cgroup went offline.
template <class A>
Said OneObject(const Geometry& g) {
  Instance<A> t(g);
  EXPECT_TRUE(t.Run([&] {
    const u64 object = t.Alloc(0, 1);
    t.allocator().Drain(0);
    t.allocator().Offline(0, 1);
    t.Free(g.cpus - 1, object);
    for (int cpu = 0; cpu < g.cpus; ++cpu) t.allocator().Drain(cpu);
  }));
  t.Enumerate();
  return t.said;
}

TYPED_TEST(Planted, UnchargeTwiceTakesTheCounterDownTwice) {
  const PlantedBug& bug = *FindAllocatorBug("acct.uncharge_twice");
  for (const Geometry& g : AllGeometries()) {
    EXPECT_EQ(OneObject<TypeParam>(g).counter, 0u);
    const WithPlanted planted(bug);
    const Said said = OneObject<TypeParam>(g);
    EXPECT_EQ(said.uncharges.size(), bug.fits(g) ? 2u : 0u);
    EXPECT_EQ(said.counter, bug.fits(g) ? u64{0} - g.object_bytes : 0u) << g.object_bytes;
  }
}

TYPED_TEST(Planted, ObjcgPutEarlyUsesItAfterItsEnd) {
  const PlantedBug& bug = *FindAllocatorBug("acct.objcg_put_early");
  for (const Geometry& g : AllGeometries()) {
    EXPECT_EQ(OneObject<TypeParam>(g).uses_after_end, 0);
    const WithPlanted planted(bug);
    EXPECT_EQ(OneObject<TypeParam>(g).uses_after_end > 0, bug.fits(g)) << g.object_bytes << " exts " << static_cast<int>(g.exts);
  }
}

// One CPU after the other, drains in between: bugs of interleaving have no effect. objcg_test.cc shows the effect that they have.
TYPED_TEST(Planted, BugsOfInterleavingAreSilentWithoutIt) {
  for (const char* name : {"acct.stock_remote", "acct.cas_bail_credit"}) {
    const WithPlanted planted(*FindAllocatorBug(name));
    for (const Geometry& g : AllGeometries()) {
      const Said said = OneObject<TypeParam>(g);
      EXPECT_EQ(said.counter, 0u) << name;
      EXPECT_EQ(said.statistic, 0u) << name;
      EXPECT_EQ(said.below_zero + said.uses_after_end, 0) << name;
    }
  }
}

// Native is compiled without a look at g_sites.
TEST(PlantedOnNative, ChangesNothing) {
  const WithPlanted planted(*FindAllocatorBug("acct.stride_u16"));
  Instance<Slub<Native>> t({65536, 1, 65536, Exts::kInObject, 2, 1});
  t.AllocAll(1);
  EXPECT_EQ(t.said.SharedRecords(), 0);
}

}  // namespace
}  // namespace ordeal
