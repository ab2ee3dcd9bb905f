// Overlap, double free, use after free, stale contents: each seen, and its neighbours that are right let pass.
#include "gtest/gtest.h"
#include "shadow/events_testing.h"

namespace ordeal {
namespace {

TEST(Overlap, SameBytesTwice) {
  EXPECT_EQ(Verdict("0 alloc 1 @100 64\n"
                    "1 alloc 2 @100 64"),
            "overlap: op 1 on cpu 1 was given object 2 at 0x100 (64 bytes), where object 1 of op 0 on cpu 0 is live at 0x100 (64 bytes)");
}

TEST(Overlap, InPartAtEitherEnd) {
  EXPECT_EQ(ReportsOf("0 alloc 1 @100 64\n0 alloc 2 @13f 64").size(), 1u);
  EXPECT_EQ(ReportsOf("0 alloc 1 @100 64\n0 alloc 2 @c1 64").size(), 1u);
  EXPECT_EQ(ReportsOf("0 alloc 1 @100 64\n0 alloc 2 @110 8").size(), 1u);
}

TEST(Overlap, NeighboursAndSuccessorsAreFine) {
  EXPECT_EQ(Verdict("0 alloc 1 @100 64\n0 alloc 2 @140 64\n0 alloc 3 @c0 64"), "");
  EXPECT_EQ(Verdict("0 alloc 1 @100 64\n0 free 1\n0 alloc 2 @100 64"), "");
}

// The allocator may hand the bytes to another CPU before its free has returned.
TEST(Overlap, HandedOutAgainDuringTheFree) { EXPECT_EQ(Verdict("0 alloc 1 @100 64\n0 enter 1\n1 alloc 2 @100 64\n0 freed 1\n1 free 2"), ""); }

TEST(Overlap, RefusedAllocationsCoverNothing) { EXPECT_EQ(Verdict("0 alloc 0 @0 64\n1 alloc 0 @0 64"), ""); }

TEST(Overlap, TheListOfLiveObjectsSurvivesFreesInAnyOrder) {
  EXPECT_EQ(Verdict("0 alloc 1 @100 64\n0 alloc 2 @200 64\n0 alloc 3 @300 64\n0 free 1\n0 free 3\n0 alloc 4 @100 64\n0 alloc 5 @300 64"), "");
  const auto reports = ReportsOf("0 alloc 1 @100 64\n0 alloc 2 @200 64\n0 alloc 3 @300 64\n0 free 1\n0 alloc 4 @300 64");
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].other_object, 3u);
}

TEST(DoubleFree, OfADeadLifetime) {
  EXPECT_EQ(Verdict("0 alloc 1 @100 64\n0 free 1\n1 free 1"), "double-free: op 2 on cpu 1 frees object 1 at 0x0, which op 1 on cpu 0 has freed");
}

TEST(DoubleFree, WhileTheFirstIsStillUnderWay) {
  const auto reports = ReportsOf("0 alloc 1 @100 64\n0 enter 1\n1 enter 1");
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].violation, Violation::kDoubleFree);
}

// The bytes are live again, but as another object.
TEST(DoubleFree, ThroughAStaleRegister) {
  const auto reports = ReportsOf("0 alloc 1 @100 64\n0 free 1\n0 alloc 2 @100 64\n0 free 1");
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].violation, Violation::kDoubleFree);
  EXPECT_EQ(Verdict("0 alloc 1 @100 64\n0 free 1\n0 alloc 2 @100 64\n0 free 2"), "");
}

TEST(UseAfterFree, ReadAndWrite) {
  EXPECT_EQ(Verdict("0 alloc 1 @100 64\n0 free 1\n0 write 1.1 =5"),
            "use-after-free: op 2 on cpu 0 writes byte 8 of object 1, which op 1 on cpu 0 has freed");
  EXPECT_EQ(Verdict("0 alloc 1 @100 64\n0 enter 1\n0 read 1.0 =5"),
            "use-after-free: op 2 on cpu 0 reads byte 0 of object 1, which op 1 on cpu 0 has freed");
}

TEST(UseAfterFree, NotOfTheNextLife) { EXPECT_EQ(Verdict("0 alloc 1 @100 64\n0 free 1\n0 alloc 2 @100 64\n0 write 2.0 =5"), ""); }

TEST(StaleContents, OlderTokenOrRubbish) {
  EXPECT_EQ(Verdict("0 alloc 1 @100 64\n0 write 1.1 =5\n0 write 1.1 =6\n0 read 1.1 =5"),
            "stale-contents: op 3 on cpu 0 reads 0x5 from byte 8 of object 1, the newest write there is 0x6");
  EXPECT_EQ(ReportsOf("0 alloc 1 @100 64\n0 write 1.0 =5\n0 read 1.0 =256").size(), 1u) << "a free list link";
}

TEST(StaleContents, NewestOrNeverWritten) {
  EXPECT_EQ(Verdict("0 alloc 1 @100 64\n0 write 1.1 =5\n0 write 1.1 =6\n1 read 1.1 =6\n1 read 1.1 =6"), "");
  EXPECT_EQ(Verdict("0 alloc 1 @100 64\n0 write 1.1 =5\n0 read 1.0 =99\n0 read 1.2 =98"), "");
}

TEST(StaleContents, TokensOfAnEarlierLifeAreNotExpected) {
  EXPECT_EQ(Verdict("0 alloc 1 @100 64\n0 write 1.1 =5\n0 free 1\n0 alloc 2 @100 64\n0 read 2.1 =77"), "");
}

}  // namespace
}  // namespace ordeal
