// Are the tables of Sites and bugs in order? People and tools look things up in them by name.
#include <cstring>
#include <map>
#include <set>
#include <string>

#include "allocator/bugs.h"
#include "allocator/registry.h"
#include "gtest/gtest.h"

namespace ordeal {
namespace {

struct Table {
  std::span<const SiteInfo> sites;
  u16 first, end;  // the ids that memory/site.h gives it
};
const Table kTables[] = {
    {accounting_site::kTable, kAccountingSites, kSlubSites},
    {slub_site::kTable, kSlubSites, kLockedSites},
};

TEST(SiteTables, IdsAreUniqueAndInTheirRange) {
  std::set<u16> ids;
  std::set<std::string> names;
  for (const Table& table : kTables) {
    EXPECT_FALSE(table.sites.empty());
    EXPECT_EQ(table.sites.front().id, table.first);
    for (const SiteInfo& s : table.sites) {
      EXPECT_GE(s.id, table.first) << s.name;
      EXPECT_LT(s.id, table.end) << s.name;
      EXPECT_TRUE(ids.insert(s.id).second) << s.name;
      EXPECT_TRUE(names.insert(std::string(s.table) + "." + s.name).second) << s.name;
    }
  }
}

TEST(SiteTables, EveryAllocatorIsCovered) {
  size_t in_registry = 0, in_tables = 0;
  for (const AllocatorInfo& a : kAllocators) in_registry += a.sites.size();
  for (const Table& table : kTables) in_tables += table.sites.size();
  EXPECT_EQ(in_registry + std::size(accounting_site::kTable), in_tables);
}

// The constants that code uses are those of the table: id by id, and the order is part of the type.
TEST(SiteTables, ConstantsAgreeWithTheTable) {
  RegisterAllocatorSites();
  static_assert(decltype(slub_site::remote_push)::as_written == Order::kRelease);
  static_assert(decltype(accounting_site::exts_read)::as_written == Order::kAcquire);
  ASSERT_NE(FindSite(slub_site::remote_push.id), nullptr);
  EXPECT_STREQ(FindSite(slub_site::remote_push.id)->name, "remote_push");
  EXPECT_EQ(FindSite(slub_site::remote_push.id)->order, Order::kRelease);
  EXPECT_STREQ(FindSite(accounting_site::counter_sub.id)->name, "counter_sub");
}

// A partner is a Site of the same allocator; an acquire's is a release, a release's an acquire or a full barrier, and it names it in return.
TEST(SiteTables, PartnersExistAndFit) {
  for (const Table& table : kTables) {
    std::map<std::string, const SiteInfo*> by_name;
    for (const SiteInfo& s : table.sites) by_name[s.name] = &s;
    for (const SiteInfo& s : table.sites) {
      EXPECT_GT(std::strlen(s.why), 0u) << s.name;
      const bool alone = std::strcmp(s.partner, "-") == 0;
      EXPECT_TRUE(alone || by_name.contains(s.partner)) << s.name << " names " << s.partner;
      if (s.order != Order::kAcquire && s.order != Order::kRelease) continue;
      ASSERT_TRUE(by_name.contains(s.partner)) << s.name << " must name its partner";
      const Order partner = by_name[s.partner]->order;
      const bool fits = s.order == Order::kAcquire ? partner == Order::kRelease : partner == Order::kAcquire || partner == Order::kMb;
      EXPECT_TRUE(fits) << s.name;
      EXPECT_STREQ(by_name[s.partner]->partner, s.name);
    }
  }
}

TEST(Registry, FindsByNameAndRefusesOthers) {
  for (const AllocatorInfo& a : kAllocators) EXPECT_EQ(FindAllocator(a.name), &a);
  EXPECT_EQ(FindAllocator("slab"), nullptr);
  EXPECT_EQ(FindAllocator(""), nullptr);
}

TEST(Bugs, EachSaysAllAndPlantsOneThing) {
  std::set<std::string> names;
  for (const PlantedBug& bug : kAllocatorBugs) {
    EXPECT_TRUE(names.insert(bug.name).second);
    EXPECT_EQ(FindAllocatorBug(bug.name), &bug);
    EXPECT_TRUE(bug.allocator == nullptr || FindAllocator(bug.allocator) != nullptr) << bug.name;
    EXPECT_NE((bug.change >= 0), (bug.site != kNoSite)) << bug.name;
    for (const char* text : {bug.omitted, bug.needs, bug.parallel}) EXPECT_GT(std::strlen(text), 0u) << bug.name;
    Plant(bug);
    EXPECT_TRUE(g_sites.any_planted());
    g_sites.Clear();
  }
  EXPECT_EQ(FindAllocatorBug("acct.stride"), nullptr);
}

TEST(Bugs, NeedADifferentGeometryThanTheDefaultOrNot) {
  const Geometry usual;
  EXPECT_FALSE(FindAllocatorBug("acct.stride_u16")->fits(usual));
  EXPECT_TRUE(FindAllocatorBug("acct.stride_u16")->fits({65536, 1, 65536, Exts::kInObject, 1, 1}));
  EXPECT_FALSE(FindAllocatorBug("acct.stride_u16")->fits({65536, 0, 65536, Exts::kInObject, 1, 1}));  // alone in its slab
  EXPECT_FALSE(FindAllocatorBug("acct.stride_u16")->fits({65536, 1, 65536, Exts::kLate, 1, 1}));
  EXPECT_TRUE(FindAllocatorBug("slub.exts_reader_order")->fits(usual));
}

}  // namespace
}  // namespace ordeal
