// Is every allocator right on weak memory for users who consume by READ_ONCE and an address dependency? And would this test see it if not?
#include "allocator/properties/weak_testing.h"

#include <vector>

#include "allocator/bugs.h"
#include "allocator/example_bitmap.h"
#include "allocator/registry.h"
#include "gtest/gtest.h"

namespace ordeal {
namespace {

constexpr int kPrograms = 100, kExecutions = 100;
const Geometry kGeometries[] = {
    {4096, 0, 2048, Exts::kLate, 2, 1},  // two objects a slab: much recycling
    {4096, 0, 1024, Exts::kLate, 3, 2},  // a middleman, and slabs that are not current
    {4096, 0, 2048, Exts::kInObject, 2, 1},
    // Slabs that wander; and the slow path under the slab's lock, the stride in the word that it guards.
    {.page_bytes = 4096, .page_order = 0, .object_bytes = 2048, .exts = Exts::kLate, .cpus = 3, .slabs_per_cpu = 1, .nodes = 1},
    {.page_bytes = 4096,
     .page_order = 0,
     .object_bytes = 2048,
     .exts = Exts::kLate,
     .cpus = 2,
     .slabs_per_cpu = 1,
     .nodes = 1,
     .dwcas = false,
     .stride = StrideAt::kSubWord},
    {.page_bytes = 4096, .page_order = 0, .object_bytes = 1024, .exts = Exts::kEarly, .cpus = 2, .slabs_per_cpu = 1, .dwcas = false},
};

// The same with cgroups, and records of every kind; drains and ends of cgroups in between.
std::vector<Geometry> WithCgroups() {
  std::vector<Geometry> all;
  for (const Exts exts : {Exts::kNone, Exts::kLate, Exts::kInObject, Exts::kEarly}) {
    for (const u8 cgroups : {1, 2}) {
      all.push_back({4096, 0, 2048, exts, 2, 1});
      all.back().cgroups = cgroups;
      all.push_back({4096, 0, 1024, exts, 3, 2});
      all.back().cgroups = cgroups;
    }
  }
  return all;
}

template <class A>
class Weak : public testing::Test {
 protected:
  void TearDown() override { g_sites.Clear(); }
};
using Subjects = testing::Types<Locked<Model>, Slub<Model>, ExampleBitmap<Model>>;
TYPED_TEST_SUITE(Weak, Subjects);

TYPED_TEST(Weak, KeepsItsPromisesToReadOnceConsumers) {
  for (const Geometry& g : kGeometries) {
    const Tally t = WeakTrade<TypeParam>(g).Run(kPrograms, kExecutions);
    EXPECT_EQ(t.effects, 0);
    EXPECT_EQ(t.races, 0);
    EXPECT_GT(t.handed_over, t.runs / 2) << "nothing was handed over: this test has shown nothing";
  }
}

TYPED_TEST(Weak, KeepsItsPromisesWithCgroups) {
  for (const Geometry& g : WithCgroups()) {
    const Tally t = WeakTrade<TypeParam>(g).Run(kPrograms, kExecutions);
    EXPECT_EQ(t.effects, 0) << "exts " << static_cast<int>(g.exts) << " cgroups " << int{g.cgroups} << " cpus " << int{g.cpus};
    EXPECT_EQ(t.races, 0);
    EXPECT_GT(t.handed_over, t.runs / 3) << "little was handed over: this test has shown less than it says";
  }
}

TYPED_TEST(Weak, BugsOfTheAccountingAreSeen) {
  for (const char* name : {"acct.uncharge_twice", "acct.stock_remote", "acct.objcg_put_early", "acct.cas_bail_credit"}) {
    const PlantedBug& bug = *FindAllocatorBug(name);
    for (const Geometry& g : WithCgroups()) {
      Plant(bug);
      const Tally t = WeakTrade<TypeParam>(g).Run(10 * kPrograms, 20, true);
      g_sites.Clear();
      EXPECT_EQ(t.effects > 0, bug.fits(g)) << name << " exts " << static_cast<int>(g.exts) << " cgroups " << int{g.cgroups} << " cpus "
                                            << int{g.cpus};
    }
  }
}

TYPED_TEST(Weak, UsersWhoPublishRelaxedAreSeen) {
  g_sites.Plant(kTestPublish.id, Order::kOnce);
  for (const Geometry& g : kGeometries) {
    const Tally t = WeakTrade<TypeParam>(g).Run(kPrograms, kExecutions, true);
    EXPECT_GT(t.effects, 0);
    EXPECT_GT(t.races, 0);
  }
}

int EffectsOfSlub(const Geometry& g) {
  const Tally t = WeakTrade<Slub<Model>>(g).Run(4 * kPrograms, kExecutions, true);
  g_sites.Clear();
  return t.effects;
}

TEST(WeakSlub, ReaderOrderIsSeenWithLateExtsAlone) {
  Plant(*FindAllocatorBug("slub.exts_reader_order"));
  EXPECT_GT(EffectsOfSlub(kGeometries[0]), 0);
  Plant(*FindAllocatorBug("slub.exts_reader_order"));
  EXPECT_EQ(EffectsOfSlub(kGeometries[2]), 0);
}

// Under one lock the order of two loads is nobody's business.
TEST(WeakLocked, ReaderOrderIsSilent) {
  Plant(*FindAllocatorBug("slub.exts_reader_order"));
  const Tally t = WeakTrade<Locked<Model>>(kGeometries[0]).Run(kPrograms, kExecutions);
  g_sites.Clear();
  EXPECT_EQ(t.effects, 0);
}

// What the tables say breaks without an order does break.
TEST(WeakSlub, NeedsTheOrdersOfItsTables) {
  const struct {
    u16 site;
    int geometry;
  } needed[] = {
      {slub_site::remote_push.id, 0}, {slub_site::remote_push.id, 2}, {accounting_site::exts_publish.id, 0}, {accounting_site::exts_read.id, 0}};
  for (const auto& [site, geometry] : needed) {
    g_sites.Plant(site, Order::kOnce);
    EXPECT_GT(EffectsOfSlub(kGeometries[geometry]), 0) << "site " << site;
  }
}

}  // namespace
}  // namespace ordeal
