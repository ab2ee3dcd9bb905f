#include "stress/placement/cpu_list.h"

#include <set>

#include "base/random.h"
#include "gtest/gtest.h"

namespace ordeal::stress {
namespace {

using List = std::vector<int>;

TEST(CpuListTest, ReadsWhatTasksetReads) {
  EXPECT_EQ(*ParseCpuList("5"), List({5}));
  EXPECT_EQ(*ParseCpuList("8,0-2"), List({8, 0, 1, 2})) << "the order is the user's";
  EXPECT_EQ(*ParseCpuList("0-6:2,3"), List({0, 2, 4, 6, 3}));
  EXPECT_EQ(*ParseCpuList("0-7:4"), List({0, 4}));
}

TEST(CpuListTest, RefusesAllElse) {
  for (const char* bad :
       {"", ",", "1,", "a", "-1", "3-", "3-1", "1-2-3", "0-4:0", "0-4:", "0-4:1:1", "1 2", "0x1", "+1", "99999999999", "2000000", "0-2000000"}) {
    const auto list = ParseCpuList(bad);
    EXPECT_TRUE(absl::IsInvalidArgument(list.status())) << bad;
    EXPECT_NE(list.status().message().find("expected OS numbers"), absl::string_view::npos);
  }
}

TEST(CpuListTest, WritesShortly) {
  EXPECT_EQ(CpuListText({}), "none");
  EXPECT_EQ(CpuListText({3}), "3");
  EXPECT_EQ(CpuListText({0, 1, 2, 3, 64, 65}), "0-3,64-65");
  EXPECT_EQ(CpuListText({0, 2, 4, 6}), "0-6:2");
  EXPECT_EQ(CpuListText({0, 8, 9, 10}), "0,8-10");
}

TEST(CpuListTest, ReadsBackWhatItWrites) {
  Rng rng(1);
  for (int i = 0; i < 2000; ++i) {
    std::set<int> set;
    for (uint64_t n = 1 + rng.Below(12); n > 0; --n) set.insert(static_cast<int>(rng.Below(20)));
    const List list(set.begin(), set.end());
    EXPECT_EQ(*ParseCpuList(CpuListText(list)), list) << CpuListText(list);
  }
}

}  // namespace
}  // namespace ordeal::stress
