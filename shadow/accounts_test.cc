// Metadata addresses, the ledger, and what must be there at quiescence.
#include "gtest/gtest.h"
#include "shadow/events_testing.h"

namespace ordeal {
namespace {

constexpr char kTwoLive[] =
    "0 slab @0 40 x4\n"  // 0x28 bytes each: 0, 28, 50, 78
    "0 alloc 1 @0 24\n"
    "1 alloc 2 @28 24\n";

std::string With(const std::string& lines) { return kTwoLive + lines; }

TEST(MetadataAddress, InTheOwnTailOrInAVector) {
  EXPECT_EQ(Verdict(With("0 ext 1 @18 in @0\n1 ext 2 @40 in @28\n0 ext 1 @18 in @0")), "");
  EXPECT_EQ(Verdict(With("0 ext 1 @900 in @0\n1 ext 2 @908 in @28\n1 ext 2 @908 in @28")), "");
}

TEST(MetadataAddress, Shared) {
  EXPECT_EQ(Verdict(With("0 ext 1 @900 in @0\n1 ext 2 @900 in @28")),
            "metadata-address: op 4 on cpu 1 computes 0x900 as the record of object 2 at 0x28, which is that of object 1 at 0x0");
  EXPECT_EQ(ReportsOf(With("0 ext 1 @900 in @0\n1 ext 2 @904 in @28")).size(), 1u) << "in part";
}

TEST(MetadataAddress, FreeAgainForTheNextObject) {
  EXPECT_EQ(Verdict(With("0 ext 1 @900 in @0\n0 free 1\n1 ext 2 @900 in @28")), "");
  EXPECT_EQ(Verdict(With("0 ext 1 @900 in @0\n0 enter 1\n1 alloc 3 @0 24\n1 ext 3 @900 in @0\n0 freed 1")), "");
  EXPECT_EQ(Verdict(With("0 charge 1 @900 40\n0 enter 1\n0 uncharge 1 @900 40\n1 ext 2 @900 in @28\n0 freed 1")), "");
}

TEST(MetadataAddress, OfALeavingObjectStillCounts) {
  EXPECT_EQ(ReportsOf(With("1 ext 2 @900 in @28\n0 enter 1\n0 ext 1 @900 in @0")).size(), 1u);
  EXPECT_EQ(ReportsOf(With("0 charge 1 @900 40\n0 enter 1\n1 ext 2 @900 in @28")).size(), 1u);
}

TEST(MetadataAddress, Moved) {
  EXPECT_EQ(Verdict(With("0 ext 1 @900 in @0\n0 enter 1\n0 ext 1 @910 in @0")),
            "metadata-address: op 5 on cpu 0 computes 0x910 as the record of object 1 at 0x0, which was at 0x900 before");
  EXPECT_EQ(ReportsOf(With("0 charge 1 @900 40\n0 enter 1\n0 uncharge 1 @910 40\n0 freed 1")).size(), 1u);
  EXPECT_EQ(Verdict(With("0 ext 1 @900 in @0\n0 free 1\n0 alloc 3 @0 24\n0 ext 3 @910 in @0")), "") << "another life";
}

TEST(MetadataAddress, InsideAnotherObject) {
  EXPECT_EQ(Verdict(With("1 ext 2 @18 in @28")),
            "metadata-address: op 3 on cpu 1 computes 0x18 as the record of object 2 at 0x28, which lies in the object at 0x0");
  EXPECT_EQ(ReportsOf(With("0 ext 1 @68 in @0")).size(), 1u) << "a free object";
  EXPECT_EQ(ReportsOf(With("0 ext 1 @24 in @0")).size(), 1u) << "half in the next";
  EXPECT_EQ(ReportsOf("0 slab @0 40 x4\n0 ext 0 @18 in @28").size(), 1u) << "of an object that is not live";
  EXPECT_EQ(Verdict("0 slab @0 40 x4\n0 ext 0 @40 in @28"), "");
}

TEST(MetadataAddress, InTheContents) {
  EXPECT_EQ(Verdict(With("0 ext 1 @10 in @0")),
            "metadata-address: op 3 on cpu 0 computes 0x10 as the record of object 1 at 0x0, which lies in the contents of that object");
}

// A slab may be told after the first lookup in it.
TEST(MetadataAddress, SlabToldLate) {
  EXPECT_EQ(ReportsOf("1 alloc 2 @28 24\n1 ext 2 @18 in @28\n1 slab @0 40 x4").size(), 1u);
  EXPECT_EQ(Verdict("1 alloc 2 @28 24\n1 ext 2 @40 in @28\n1 slab @0 40 x4"), "");
}

// The allocator looks at the record of an object that it is not freeing.
TEST(MetadataAddress, OfABystander) {
  EXPECT_EQ(Verdict(With("0 ext 1 @900 in @0\n0 enter 1\n0 ext 1 @908 in @28\n1 ext 2 @908 in @28")), "");
  EXPECT_EQ(ReportsOf(With("0 ext 1 @900 in @0\n0 enter 1\n0 ext 1 @900 in @28")).size(), 1u);
}

TEST(Ledger, Balanced) {
  EXPECT_EQ(Verdict(With("0 charge 1 @900 40\n0 counter 40\n0 enter 1\n0 uncharge 1 @900 40\n0 freed 1\n0 counter 0")), "");
  EXPECT_EQ(Verdict(With("0 free 1\n0 counter 0")), "") << "never charged";
  EXPECT_EQ(Verdict("0 charge 0 @900 40\n0 counter 40\n0 uncharge 0 @900 40\n0 alloc 0 @0 24\n0 counter 0"), "") << "refused";
}

TEST(Ledger, EachImbalance) {
  EXPECT_EQ(Verdict(With("0 charge 1 @900 40\n0 charge 1 @900 40")), "charge-ledger: op 4 on cpu 0, object 1: charged 40 bytes, and has 40 already");
  EXPECT_EQ(Verdict(With("0 uncharge 1 @900 40")), "charge-ledger: op 3 on cpu 0, object 1: uncharged 40 bytes, but was not charged");
  EXPECT_EQ(Verdict(With("0 charge 1 @900 40\n0 uncharge 1 @900 40\n0 uncharge 1 @900 40")),
            "charge-ledger: op 5 on cpu 0, object 1: uncharged 40 bytes, but was not charged");
  EXPECT_EQ(Verdict(With("0 charge 1 @900 40\n0 uncharge 1 @900 24")),
            "charge-ledger: op 4 on cpu 0, object 1: uncharged 24 bytes, but was charged 40");
  EXPECT_EQ(Verdict(With("0 charge 1 @900 40\n0 free 1")), "charge-ledger: op 4 on cpu 0, object 1: freed, but its 40 bytes are still charged");
  EXPECT_EQ(Verdict(With("0 free 1\n0 charge 1 @900 40")), "charge-ledger: op 4 on cpu 0, object 1: charged 40 bytes, but is free");
  EXPECT_EQ(Verdict(With("0 charge 1 @900 40\n0 counter 80")), "charge-ledger: the page counter says 80 bytes, live objects were charged 40");
}

constexpr char kCharged[] = "0 charge 1 @900 40 k1\n1 charge 2 @910 40 k2\n";

TEST(Ledger, OfEachCgroup) {
  EXPECT_EQ(
      Verdict(With(kCharged + std::string("0 held 3000 k1\n0 held 1056 k1\n0 counter 4096 k1\n0 held 4056 k2\n0 counter 4096 k2\n0 statistic 80"))),
      "");
  EXPECT_EQ(Verdict(With(kCharged + std::string("0 enter 1\n0 uncharge 1 @900 40 k1\n0 freed 1\n0 counter 0 k1\n0 held 4056 k2\n0 counter 4096 k2\n"
                                                "0 statistic 40"))),
            "");
  EXPECT_EQ(Verdict("0 charge 0 @900 40 k1\n0 held 4056 k1\n0 counter 4096 k1\n0 statistic 40"), "") << "refused";
}

TEST(Ledger, EachImbalanceOfACgroup) {
  const auto at_end = [](const std::string& lines) { return Verdict(With(kCharged + lines)); };
  EXPECT_EQ(at_end("0 held 4096 k1\n0 counter 4096 k1"),
            "charge-ledger: the page counter of cgroup 1, less what is held back, says 0 bytes, live objects were charged 40");
  EXPECT_EQ(at_end("0 held 4096 k1\n0 counter 0 k1"),
            "charge-ledger: the page counter of cgroup 1, less what is held back, says -4096 bytes, live objects were charged 40");
  EXPECT_EQ(at_end("0 held -10 k1\n0 held 4066 k1\n0 counter 4096 k1"),
            "charge-ledger: cgroup 1: -10 bytes in the page counter, a stock or the residue");
  EXPECT_EQ(at_end("0 held 4056 k2\n0 counter 4096 k1").find("charge-ledger: the page counter of cgroup 1"), 0u) << "another's stock";
  EXPECT_EQ(at_end("0 statistic 40"), "charge-ledger: the statistic says 40 bytes, live objects were charged 80");
  EXPECT_EQ(at_end("0 uncharge 1 @900 40 k2"), "charge-ledger: op 5 on cpu 0, object 1: uncharged from cgroup 2, but was charged to cgroup 1");
  EXPECT_EQ(at_end("0 uncharge 1 @900 40 k0"), "charge-ledger: op 5 on cpu 0, object 1: uncharged from cgroup 0, but was charged to cgroup 1");
}

// Stocks and batches run ahead and behind in between: what is judged is judged when it is told, at quiescence.
TEST(Ledger, NothingIsJudgedBeforeTheEnd) { EXPECT_EQ(Verdict(With(kCharged)), ""); }

TEST(Objcg, IsNotUsedAfterTheLastPut) {
  EXPECT_EQ(Verdict("0 objcg_use k1\n0 objcg_gone k1\n0 objcg_use k2"), "");
  EXPECT_EQ(Verdict("0 objcg_gone k1\n1 objcg_use k1"),
            "objcg-use-after-put: op 1 on cpu 1 uses the obj_cgroup of cgroup 1, whose last reference op 0 on cpu 0 has put");
  EXPECT_TRUE(IsEffect(Violation::kObjcgUse));
}

TEST(Objcg, LeavesNoPageBehind) {
  EXPECT_EQ(Verdict("0 objcg_gone k1\n0 counter 0 k1"), "");
  EXPECT_EQ(Verdict("0 objcg_gone k1\n0 held 4096 k1\n0 counter 4096 k1"), "charge-ledger: cgroup 1 is gone, and its page counter says 4096 bytes");
  EXPECT_EQ(Verdict("0 held 4096 k1\n0 counter 4096 k1"), "") << "it is there, and holds a page for later";
}

TEST(Ledger, EachExecutionStartsAnew) {
  Shadow shadow;
  Geometry geometry;
  for (int i = 0; i < 2; ++i) {
    shadow.Begin(geometry);
    for (const ShadowEvent& e : EventReader::Read("0 held 4056 k1\n0 charge 0 @900 40 k1\n0 counter 4096 k1\n0 objcg_use k1\n0 objcg_gone k1"))
      shadow.On(e);
    EXPECT_TRUE(shadow.reports().empty()) << i;
  }
}

constexpr char kOneLive[] = "0 slab @0 64 x3\n0 alloc 1 @40 64\n";
std::string Quiet(const std::string& lines, bool enumerated = true) { return Verdict(kOneLive + lines, enumerated); }

TEST(Quiescence, EveryObjectLiveOrListedOnce) { EXPECT_EQ(Quiet("0 listed @0\n0 listed @80\n0 slab_listed @0"), ""); }

TEST(Quiescence, LostObject) {
  EXPECT_EQ(Quiet("0 listed @0\n0 slab_listed @0"), "lost-object: the object at 0x80 (64 bytes) is neither live nor on a free list");
  EXPECT_EQ(Quiet("0 listed @0\n0 listed @80\n0 free 1\n0 slab_listed @0"),
            "lost-object: the object at 0x40 (64 bytes) is neither live nor on a free list");
}

TEST(Quiescence, LostSlab) { EXPECT_EQ(Quiet("0 listed @0\n0 listed @80"), "lost-slab: the slab with objects from 0x0 (192 bytes) is on no list"); }

TEST(Quiescence, NotEnumeratedNothingLost) { EXPECT_EQ(Quiet("", false), ""); }

TEST(Quiescence, WhatMustNotBeListed) {
  const std::string rest = "0 listed @0\n0 listed @80\n0 slab_listed @0\n";
  EXPECT_EQ(Quiet(rest + "0 listed @40"), "overlap: a free list holds 0x40, which is live as object 1 since op 1 on cpu 0");
  EXPECT_EQ(Quiet(rest + "0 listed @80"), "overlap: the free lists hold 0x80 twice");
  EXPECT_EQ(Quiet(rest + "0 listed @88"), "overlap: a free list holds 0x88, inside the object at 0x80");
  EXPECT_EQ(Quiet(rest + "0 listed @c0"), "wild-access: a free list holds 0xc0, which is in no slab");
}

TEST(Quiescence, SixtyFourObjects) {
  std::string lines = "0 slab @0 8 x64\n0 slab_listed @0\n";
  for (int i = 0; i < 63; ++i) lines += "0 listed @" + (std::ostringstream() << std::hex << 8 * i).str() + "\n";
  EXPECT_EQ(Verdict(lines, true), "lost-object: the object at 0x1f8 (8 bytes) is neither live nor on a free list");
  EXPECT_EQ(Verdict(lines + "0 alloc 1 @1f8 8", true), "");
}

TEST(Slabs, MadeAnewInAnEmptyPlaceOnly) {
  EXPECT_EQ(Verdict("0 slab @0 64 x3\n0 slab @0 32 x6"), "");
  EXPECT_EQ(ReportsOf("0 slab @0 64 x3\n0 slab @0 32 x6", true).size(), 7u) << "the new one's objects and itself, nothing of the old";
  EXPECT_EQ(Quiet("1 slab @0 64 x3", false), "overlap: op 2 on cpu 1 formats a slab at 0x0 (192 bytes) over live object 1");
}

}  // namespace
}  // namespace ordeal
