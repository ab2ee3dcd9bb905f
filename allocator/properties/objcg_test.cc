// Does the accounting of cgroups balance in every execution of the kernel's memory model? And is each mistake that can be planted in it one of
// interleaving or of none, so that it shows on SC already?
#include "allocator/properties/objcg_testing.h"

#include "allocator/bugs.h"
#include "gtest/gtest.h"

namespace ordeal {
namespace {

using model::Rung;

Geometry Small(Exts exts, u32 object_bytes = 1024) {
  Geometry g{4096, 1, object_bytes, exts, 2, 1};
  g.cgroups = 2;
  return g;
}

class Objcg : public testing::Test {
 protected:
  void TearDown() override { g_sites.Clear(); }
};

struct Steps {
  const char* cpu[2];
};

TEST_F(Objcg, BalancesInEveryExecution) {
  constexpr Steps kPrograms[] = {{"1u", "1u"}, {"1d", "1d"},     {"1pd", "tdx"}, {"1dp", "xt"}, {"1ud", "x"},
                                 {"1", "xx"},  {"1u2ud", "xyd"}, {"2ux", "1u"},  {"1xu", "1"}};
  for (const Steps& steps : kPrograms) {
    for (const Rung rung : {Rung::kSc, Rung::kPower, Rung::kLkmm}) {
      const ObjcgProgram::Tally t = ObjcgProgram(Small(Exts::kEarly), {steps.cpu[0], steps.cpu[1]}).Explore(rung);
      EXPECT_TRUE(t.complete);
      EXPECT_TRUE(t.clean()) << steps.cpu[0] << " | " << steps.cpu[1] << " on " << model::RungName(rung) << ": " << t.unbalanced << " unbalanced, "
                             << t.used_after_end << " used after the end, " << t.racy << " racy of " << t.executions;
    }
  }
}

// Late vectors, records inside the objects; objects of one page, which leave nothing for the stock, and of two.
TEST_F(Objcg, BalancesWithAllKindsOfRecordsAndSizes) {
  for (const Exts exts : {Exts::kLate, Exts::kInObject, Exts::kEarly}) {
    for (const u32 bytes : {1024u, 2400u, 4096u, 8192u}) {
      for (const Steps& steps : {Steps{"1pd", "tdx"}, Steps{"1u", "2ux"}, Steps{"1d", "1"}}) {
        const ObjcgProgram::Tally t = ObjcgProgram(Small(exts, bytes), {steps.cpu[0], steps.cpu[1]}).Explore(Rung::kLkmm);
        EXPECT_TRUE(t.complete);
        EXPECT_TRUE(t.clean()) << bytes << ": " << steps.cpu[0] << " | " << steps.cpu[1];
      }
    }
  }
}

TEST_F(Objcg, BalancesWhereLoadsAreBuffered) {
  for (const Steps& steps : {Steps{"1u", "1u"}, Steps{"1pd", "tdx"}, Steps{"1udx", "1ud"}}) {
    const ObjcgProgram::Tally t = ObjcgProgram(Small(Exts::kEarly), {steps.cpu[0], steps.cpu[1]}).Sample(4000);
    EXPECT_GT(t.executions, 400u);
    EXPECT_TRUE(t.clean()) << steps.cpu[0] << " | " << steps.cpu[1];
  }
}

TEST_F(Objcg, ALookAtTheStatisticRacesWithNobody) {
  for (const Steps& steps : {Steps{"1ud", "ss"}, Steps{"1s", "1s"}}) {
    const ObjcgProgram::Tally t = ObjcgProgram(Small(Exts::kEarly), {steps.cpu[0], steps.cpu[1]}).Explore(Rung::kLkmm);
    EXPECT_TRUE(t.complete && t.clean());
  }
}

// What the table says breaks without an order does break: on weak memory alone.
TEST_F(Objcg, NeedsTheOrdersOfTheLastPut) {
  const auto unbalanced = [](u16 site, Order order, Rung rung) {
    g_sites.Plant(site, order);
    const ObjcgProgram::Tally t = ObjcgProgram(Small(Exts::kEarly), {"1pd", "tdx"}).Explore(rung);
    g_sites.Clear();
    return t.unbalanced;
  };
  EXPECT_GT(unbalanced(accounting_site::objcg_put.id, Order::kOnce, Rung::kLkmm), 0u);
  EXPECT_GT(unbalanced(accounting_site::objcg_last.id, Order::kNone, Rung::kLkmm), 0u);
  EXPECT_EQ(unbalanced(accounting_site::objcg_put.id, Order::kOnce, Rung::kSc), 0u);
  EXPECT_EQ(unbalanced(accounting_site::objcg_last.id, Order::kNone, Rung::kSc), 0u);
}

struct Planted {
  const char* bug;
  Steps shows, hides;  // the same without what it needs
  bool used_after_end;
};

TEST_F(Objcg, EachBugShowsOnScWhereItsEntrySaysAndItsTwinIsClean) {
  constexpr Planted kPlanted[] = {
      {"acct.uncharge_twice", {"1u", ""}, {"1", ""}, false},
      {"acct.stock_remote", {"1", "1d"}, {"1", "1"}, false},
      {"acct.objcg_put_early", {"1dp", "xt"}, {"1dp", "t"}, true},
      {"acct.cas_bail_credit", {"1", "1"}, {"1", "2"}, false},
  };
  for (const Planted& p : kPlanted) {
    const PlantedBug* bug = FindAllocatorBug(p.bug);
    ASSERT_NE(bug, nullptr) << p.bug;
    ASSERT_TRUE(bug->fits(Small(Exts::kEarly))) << p.bug;
    Plant(*bug);
    const ObjcgProgram::Tally shows = ObjcgProgram(Small(Exts::kEarly), {p.shows.cpu[0], p.shows.cpu[1]}).Explore(Rung::kSc, true);
    EXPECT_GT(p.used_after_end ? shows.used_after_end : shows.unbalanced, 0u) << p.bug;
    EXPECT_TRUE(ObjcgProgram(Small(Exts::kEarly), {p.hides.cpu[0], p.hides.cpu[1]}).Explore(Rung::kSc).clean()) << p.bug;
    g_sites.Clear();
    EXPECT_TRUE(ObjcgProgram(Small(Exts::kEarly), {p.shows.cpu[0], p.shows.cpu[1]}).Explore(Rung::kSc).clean()) << p.bug;
  }
}

}  // namespace
}  // namespace ordeal
