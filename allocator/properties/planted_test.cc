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
    ASSERT_TRUE(t.Run([&] { t.AllocAll(true); }));
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
        const u64 a = t.Alloc(0, true);
        const u64 b = t.Alloc(0, true);
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
      for (u64 object : t.AllocAll(true)) t.Free(cpu++ % g.cpus, object);
    }));
    t.Enumerate();
    EXPECT_EQ(t.said.SharedRecords(), 0);
    EXPECT_EQ(t.said.counter, 0u);
  }
}

// Native is compiled without a look at g_sites.
TEST(PlantedOnNative, ChangesNothing) {
  const WithPlanted planted(*FindAllocatorBug("acct.stride_u16"));
  Instance<Slub<Native>> t({65536, 1, 65536, Exts::kInObject, 2, 1});
  t.AllocAll(true);
  EXPECT_EQ(t.said.SharedRecords(), 0);
}

}  // namespace
}  // namespace ordeal
