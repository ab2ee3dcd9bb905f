// The contract clock against what herd7 with the kernel's model says of the same programs: publish and free, a third CPU in
// between, and barriers that order more than their own message. The free stores into the object.
#include "shadow/contract.h"

#include "gtest/gtest.h"
#include "shadow/events_testing.h"

namespace ordeal {
namespace {

std::string Pub(int cpu, int object, int message, std::string_view how) {
  return std::to_string(cpu) + " publish " + std::to_string(object) + " m" + std::to_string(message) + " " + std::string(how) + "\n";
}
std::string Con(int cpu, int object, int message, std::string_view how) {
  return std::to_string(cpu) + " consume " + std::to_string(object) + " m" + std::to_string(message) + " " + std::string(how) + "\n";
}
Detail Broken(const std::string& lines) {
  const auto reports = ReportsOf(lines);
  return reports.empty() ? Detail::kNone : reports[0].detail;
}

// ---- publish and consume: rows and columns in the order of the enums. P: the publish is blamed, C: the consume, L: the lock on one side
// only, '.': kept.
constexpr const char* kPairs[kPublishes] = {
    // plain once rmb acquire xchg xchg_acquire xchg_relaxed locked
    "PPPPPPPP",  // plain
    "PPPPPPPP",  // once
    "PPPPPPPP",  // wmb: no bad outcome, but herd7 flags the race of the plain store with the free's
    "C......L",  // release
    "C......L",  // mb
    "C......L",  // xchg
    "LLLLLLL.",  // locked: the store is not released by the unlock after it
};
Detail Meaning(char c) {
  return c == 'P' ? Detail::kPublishTooWeak : c == 'C' ? Detail::kConsumeTooWeak : c == 'L' ? Detail::kOneSideLocks : Detail::kNone;
}

class Pairs : public testing::TestWithParam<std::tuple<int, int>> {};
INSTANTIATE_TEST_SUITE_P(All, Pairs, testing::Combine(testing::Range(0, kPublishes), testing::Range(0, kConsumes)), [](const auto& info) {
  return std::string(kPublishNames[std::get<0>(info.param)]) + "_" + std::string(kConsumeNames[std::get<1>(info.param)]);
});

TEST_P(Pairs, AsLkmmSays) {
  const auto [p, c] = GetParam();
  const Detail detail = Meaning(kPairs[p][c]);
  const std::string hand_over = Pub(0, 1, 1, kPublishNames[p]) + Con(1, 1, 1, kConsumeNames[c]) + "1 free 1";
  EXPECT_EQ(Broken("0 alloc 1 @100 64\n" + hand_over), detail) << "the allocation alone";
  EXPECT_EQ(Broken("0 alloc 1 @100 64\n0 write 1.1 =5\n" + hand_over), detail);
  EXPECT_EQ(Broken("0 alloc 1 @100 64\n0 read 1.1 =5\n" + hand_over), detail);
}

// ---- through a third CPU. All forwards between a release and an acquire; kept is what takes and passes on.
class Forwards : public testing::TestWithParam<std::tuple<int, int>> {};
INSTANTIATE_TEST_SUITE_P(All, Forwards, testing::Combine(testing::Range(0, kPublishes), testing::Range(0, kConsumes)), [](const auto& info) {
  return std::string(kConsumeNames[std::get<1>(info.param)]) + "_" + std::string(kPublishNames[std::get<0>(info.param)]);
});

TEST_P(Forwards, AsLkmmSays) {
  const auto [p, c] = GetParam();
  const auto publish = static_cast<Publish>(p);
  const auto consume = static_cast<Consume>(c);
  // Under a lock on the one side of this CPU: nothing taken, or nothing passed on.
  const bool locked_in = consume == Consume::kLocked, locked_out = publish == Publish::kLocked;
  const bool cumulative = publish >= Publish::kRelease;
  // The full xchg of a consume is a barrier before the WRITE_ONCE that passes the pointer on: "acquire / full mb".
  const bool full_between = consume == Consume::kXchg;
  for (const std::string first : {"release", "mb", "xchg"})
    for (const char* last : {"once", "acquire"}) {
      // Behind a full barrier, the dependency from the marked load to the marked store is enough (pb).
      const bool full_before = first != "release";
      const bool kept =
          !locked_in && !locked_out && consume != Consume::kPlain && publish != Publish::kPlain && (cumulative || full_between || full_before);
      const std::string lines = "0 alloc 1 @100 64\n0 write 1.1 =5\n" + Pub(0, 1, 1, first) + Con(1, 1, 1, kConsumeNames[c]) +
                                Pub(1, 1, 2, kPublishNames[p]) + Con(2, 1, 2, last) + "2 free 1";
      const auto reports = ReportsOf(lines);
      ASSERT_EQ(reports.empty(), kept) << lines;
      if (kept) continue;
      const bool consume_first = consume == Consume::kPlain || locked_in;
      // What would have been released goes as far as the consume of the next CPU, which does not take the lock.
      const Detail second = locked_out ? Detail::kOneSideLocks : Detail::kPublishTooWeak;
      EXPECT_EQ(reports[0].detail, locked_in ? Detail::kOneSideLocks : consume_first ? Detail::kConsumeTooWeak : second) << lines;
      EXPECT_EQ(reports[0].hand_op, consume_first ? 3 : locked_out ? 5 : 4) << lines;
      EXPECT_EQ(reports[0].hand_cpu, !consume_first && locked_out ? 2 : 1);
    }
}

TEST(Forward, CorrectMiddleBetweenWeakEnds) {
  const std::string middle = Con(1, 1, 1, "acquire") + Pub(1, 1, 2, "release");
  EXPECT_EQ(Broken("0 alloc 1 @100 64\n" + Pub(0, 1, 1, "once") + middle + Con(2, 1, 2, "acquire") + "2 free 1"), Detail::kPublishTooWeak);
  EXPECT_EQ(Broken("0 alloc 1 @100 64\n" + Pub(0, 1, 1, "wmb") + middle + Con(2, 1, 2, "acquire") + "2 free 1"), Detail::kPublishTooWeak);
  EXPECT_EQ(Broken("0 alloc 1 @100 64\n" + Pub(0, 1, 1, "release") + middle + Con(2, 1, 2, "plain") + "2 free 1"), Detail::kConsumeTooWeak);
}

// Where the first publish is no full barrier, only what orders goes on; where it is, a chain of dependencies, acquires and releases.
TEST(Forward, ChainBehindAFullBarrier) {
  const auto chain = [](const char* first, const char* hop, const char* second) {
    return Broken("0 alloc 1 @100 64\n" + Pub(0, 1, 1, first) + Con(1, 1, 1, hop) + Pub(1, 1, 2, second) + Con(2, 1, 2, "once") +
                  Pub(2, 1, 3, "once") + Con(3, 1, 3, "acquire") + "3 free 1");
  };
  EXPECT_EQ(chain("mb", "once", "once"), Detail::kNone);
  EXPECT_EQ(chain("mb", "acquire", "wmb"), Detail::kNone);
  EXPECT_EQ(chain("mb", "once", "release"), Detail::kNone);
  EXPECT_EQ(chain("release", "once", "mb"), Detail::kNone);
  EXPECT_EQ(chain("release", "once", "release"), Detail::kPublishTooWeak);
  EXPECT_EQ(chain("mb", "plain", "mb"), Detail::kConsumeTooWeak);
  EXPECT_EQ(chain("mb", "once", "plain"), Detail::kPublishTooWeak);
  // For another object: by acquire or release, not by the dependency of the first.
  const auto other = [](const char* consume, const char* publish) {
    return Broken("0 alloc 1 @100 64\n0 alloc 2 @200 64\n1 alloc 3 @300 64\n" + Pub(0, 2, 2, "once") + Pub(0, 1, 1, "mb") + Con(1, 1, 1, consume) +
                  Con(2, 2, 2, "once") + Pub(1, 3, 3, publish) + Con(2, 3, 3, "acquire") + "2 free 2");
  };
  EXPECT_EQ(other("acquire", "once"), Detail::kNone);
  EXPECT_EQ(other("once", "release"), Detail::kNone);
  EXPECT_EQ(other("once", "once"), Detail::kPublishTooWeak);
}

TEST(Forward, WhatAChainCarriesGoesOn) {
  const std::string two = "0 alloc 1 @100 64\n0 alloc 2 @200 64\n";
  // A barrier's stores: a later WRITE_ONCE, passed on by dependency.
  EXPECT_EQ(
      Broken(two + Pub(0, 1, 1, "mb") + Pub(0, 2, 2, "once") + Con(1, 2, 2, "once") + Pub(1, 2, 3, "once") + Con(2, 2, 3, "acquire") + "2 free 2"),
      Detail::kNone);
  // Object 1 brings what is known of object 2 to CPU 1, whose release passes it on with object 3, and CPU 2 by dependency.
  EXPECT_EQ(Broken(two + "1 alloc 3 @300 64\n" + Pub(0, 2, 2, "once") + Pub(0, 1, 1, "mb") + Con(1, 1, 1, "once") + Con(3, 2, 2, "once") +
                   Pub(1, 3, 3, "release") + Con(2, 3, 3, "once") + Pub(2, 3, 4, "once") + Con(3, 3, 4, "acquire") + "3 free 2"),
            Detail::kNone);
  // A full barrier of the last CPU makes it known for every object.
  EXPECT_EQ(Broken(two + "2 alloc 3 @300 64\n" + Pub(0, 2, 2, "once") + Pub(0, 1, 1, "mb") + Con(1, 1, 1, "once") + Pub(1, 1, 3, "once") +
                   Con(2, 1, 3, "once") + Con(2, 2, 2, "once") + Pub(2, 3, 4, "mb") + "2 free 2"),
            Detail::kNone);
  EXPECT_EQ(Broken("0 alloc 1 @100 64\n" + Pub(0, 1, 1, "mb") + Con(1, 1, 1, "once") + Pub(1, 1, 2, "once") + Con(2, 1, 2, "plain") + "2 free 1"),
            Detail::kConsumeTooWeak);
}

// Loads count: a relaxed put lets an earlier load see what the next owner writes.
TEST(Forward, TheMiddlesOwnLoadsCount) {
  const std::string head = "0 alloc 1 @100 64\n" + Pub(0, 1, 1, "release") + Con(1, 1, 1, "acquire") + "1 read 1.1 =5\n";
  const auto reports = ReportsOf(head + Pub(1, 1, 2, "once") + Con(2, 1, 2, "acquire") + "2 free 1");
  ASSERT_FALSE(reports.empty());
  EXPECT_EQ(Broken(head + Pub(1, 1, 2, "release") + Con(2, 1, 2, "once") + "2 free 1"), Detail::kNone);
}

// ---- one's own
TEST(OneCpu, OwnAccessesAreKnown) {
  EXPECT_EQ(Broken("0 alloc 1 @100 64\n0 write 1.1 =5\n0 free 1"), Detail::kNone);
  EXPECT_EQ(Broken("0 alloc 1 @100 64\n" + Pub(0, 1, 1, "plain") + Con(0, 1, 1, "plain") + "0 free 1"), Detail::kNone);
}

TEST(OneCpu, OwnMessageKeepsTheDependencyButOrdersNothing) {
  const std::string got = "0 alloc 1 @100 64\n0 alloc 2 @200 64\n" + Pub(0, 1, 1, "release") + Con(1, 1, 1, "once");
  const std::string self = Pub(1, 1, 2, "release") + Con(1, 1, 2, "acquire");
  EXPECT_EQ(Broken(got + self + "1 free 1"), Detail::kNone);
  EXPECT_EQ(Broken(got + Pub(1, 1, 2, "plain") + Con(1, 1, 2, "once") + "1 free 1"), Detail::kPublishTooWeak);
  EXPECT_EQ(Broken(got + Pub(1, 1, 2, "once") + Con(1, 1, 2, "plain") + "1 free 1"), Detail::kConsumeTooWeak);
  // Object 2 comes by a weak message: an acquire of one's own message makes nothing of object 1's known.
  const std::string second = Pub(0, 2, 3, "once") + Con(1, 2, 3, "once");
  EXPECT_EQ(Broken(got + self + second + "1 free 2"), Detail::kPublishTooWeak);
  EXPECT_EQ(Broken(got + second + Pub(1, 2, 4, "release") + Con(1, 2, 4, "once") + "1 free 2"), Detail::kPublishTooWeak);
}

// ---- what one message carries for another object
std::string TwoObjects(std::string_view publish1, std::string_view consume1, std::string_view publish2, std::string_view consume2) {
  return "0 alloc 1 @100 64\n0 alloc 2 @200 64\n" + Pub(0, 1, 1, publish1) + Pub(0, 2, 2, publish2) + Con(1, 1, 1, consume1) +
         Con(1, 2, 2, consume2) + "1 free 2";
}

TEST(OtherObject, AcquireTakesAllDependencyOnlyItsOwn) {
  EXPECT_EQ(Broken(TwoObjects("release", "acquire", "once", "once")), Detail::kNone);
  EXPECT_EQ(Broken(TwoObjects("release", "xchg_acquire", "once", "once")), Detail::kNone);
  EXPECT_EQ(Broken(TwoObjects("release", "once", "once", "once")), Detail::kPublishTooWeak);
  EXPECT_EQ(Broken(TwoObjects("release", "xchg_relaxed", "once", "once")), Detail::kPublishTooWeak);
  EXPECT_EQ(Broken(TwoObjects("release", "rmb", "once", "acquire")), Detail::kPublishTooWeak) << "an smp_rmb orders no store of the free";
}

TEST(OtherObject, FullBarrierAfterAWeakConsumeTakesAll) {
  EXPECT_EQ(Broken("0 alloc 1 @100 64\n0 alloc 2 @200 64\n1 alloc 3 @300 64\n" + Pub(0, 1, 1, "release") + Pub(0, 2, 2, "once") +
                   Con(1, 1, 1, "once") + Con(1, 2, 2, "once") + Pub(1, 3, 3, "mb") + "1 free 2"),
            Detail::kNone);
  EXPECT_EQ(Broken("0 alloc 1 @100 64\n0 alloc 2 @200 64\n1 alloc 3 @300 64\n" + Pub(0, 1, 1, "release") + Pub(0, 2, 2, "once") +
                   Con(1, 1, 1, "once") + Con(1, 2, 2, "once") + Pub(1, 3, 3, "release") + "1 free 2"),
            Detail::kPublishTooWeak);
  // An xchg that finds nothing is a barrier all the same.
  EXPECT_EQ(Broken("0 alloc 1 @100 64\n0 alloc 2 @200 64\n" + Pub(0, 1, 1, "release") + Pub(0, 2, 2, "once") + Con(1, 1, 1, "once") +
                   Con(1, 2, 2, "once") + Con(1, 0, 0, "xchg") + "1 free 2"),
            Detail::kNone);
}

// What stands before a barrier comes before every later marked store.
class EarlierBarrier : public testing::TestWithParam<std::tuple<const char*, const char*, bool>> {};
INSTANTIATE_TEST_SUITE_P(All, EarlierBarrier,
                         testing::Values(std::tuple("mb", "once", true), std::tuple("xchg", "once", true), std::tuple("mb", "wmb", true),
                                         std::tuple("release", "wmb", true),  // cumulative release, then smp_wmb between the two stores
                                         std::tuple("mb", "plain", false),    // no order of the model ends at a plain store
                                         std::tuple("release", "once", false), std::tuple("wmb", "once", false), std::tuple("once", "wmb", false)));

TEST_P(EarlierBarrier, OrdersLaterPublishes) {
  const auto [first, second, kept] = GetParam();
  EXPECT_EQ(Broken(TwoObjects(first, "once", second, "acquire")), kept ? Detail::kNone : Detail::kPublishTooWeak);
  // Not what was done in between.
  EXPECT_EQ(Broken("0 alloc 1 @100 64\n0 alloc 2 @200 64\n" + Pub(0, 1, 1, first) + "0 write 2.1 =5\n" + Pub(0, 2, 2, second) +
                   Con(1, 2, 2, "acquire") + "1 free 2"),
            Detail::kPublishTooWeak);
}

TEST(EarlierBarrier, AnSmpWmbCountsForLaterStoresToo) {
  EXPECT_EQ(Broken("0 alloc 1 @100 64\n0 alloc 2 @200 64\n0 alloc 3 @300 64\n" + Pub(0, 1, 1, "release") + Pub(0, 2, 2, "wmb") +
                   Pub(0, 3, 3, "once") + Con(1, 3, 3, "once") + "1 free 3"),
            Detail::kNone);
}

TEST(EarlierBarrier, EmptyXchgOrdersLaterStores) {
  const std::string lines = Pub(0, 1, 1, "once") + Con(1, 1, 1, "acquire") + "1 free 1";
  EXPECT_EQ(Broken("0 alloc 1 @100 64\n" + Con(0, 0, 0, "xchg") + lines), Detail::kNone);
  EXPECT_EQ(Broken("0 alloc 1 @100 64\n" + Con(0, 0, 0, "xchg_acquire") + lines), Detail::kPublishTooWeak);
}

// ---- misuse that is no matter of strength
TEST(Custody, AccessAfterTheHandOver) {
  const auto reports = ReportsOf("0 alloc 1 @100 64\n" + Pub(0, 1, 1, "release") + Con(1, 1, 1, "acquire") + "0 read 1.1 =5\n1 free 1");
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].detail, Detail::kAfterHandOver);
  EXPECT_EQ(Describe(reports[0]),
            "contract: op 4 on cpu 1 frees object 1, and no edge of the users orders the load of op 3 on cpu 0 before it: it comes after "
            "op 1 on cpu 0 has published the object");
}

TEST(Custody, TwoConsumersAndNobodyGivesBack) {
  const std::string two = "0 alloc 1 @100 64\n" + Pub(0, 1, 1, "release") + Con(1, 1, 1, "acquire") + Con(2, 1, 1, "acquire");
  EXPECT_EQ(Broken(two + "2 free 1"), Detail::kNone) << "the other never touched it";
  EXPECT_EQ(Broken(two + "1 read 1.1 =5\n2 free 1"), Detail::kNoHandOver);
}

// The free says through which message its pointer came.
TEST(Custody, TheRegistersMessageDecides) {
  const std::string twice = "0 alloc 1 @100 64\n" + Pub(0, 1, 1, "release") + Con(1, 1, 1, "once") + Pub(2, 1, 2, "once") + Con(1, 1, 2, "once");
  EXPECT_EQ(Broken(twice + "1 free 1 m1"), Detail::kNone);
  EXPECT_NE(Broken(twice + "1 free 1 m2"), Detail::kNone);
  EXPECT_NE(Broken(twice + "1 free 1"), Detail::kNone) << "not told: the newest";
}

TEST(Custody, LifetimesStartAnew) { EXPECT_EQ(Broken("0 alloc 1 @100 64\n0 write 1.1 =5\n0 free 1\n1 alloc 2 @100 64\n1 free 2"), Detail::kNone); }

// An execution ends at its first effect: what would be asked at the free is asked there.
TEST(Custody, AskedWhereContentsAreStale) {
  const std::string head = "0 alloc 1 @100 64\n0 write 1.1 =5\n", tail = Con(1, 1, 1, "acquire") + "1 read 1.1 =4\n";
  const auto broken = ReportsOf(head + Pub(0, 1, 1, "once") + tail);
  ASSERT_EQ(broken.size(), 2u);
  EXPECT_EQ(broken[0].violation, Violation::kStaleContents);
  EXPECT_EQ(broken[1].detail, Detail::kPublishTooWeak);
  EXPECT_EQ(Describe(broken[1]),
            "contract: op 4 on cpu 1 uses object 1, and no edge of the users orders the store of op 1 on cpu 0 before it: "
            "op 2 on cpu 0 publishes with WRITE_ONCE: release needed");
  EXPECT_EQ(ReportsOf(head + Pub(0, 1, 1, "release") + tail).size(), 1u) << "kept: not the users' fault";
}

TEST(Text, NamesTheSideThatBroke) {
  const std::string head = "0 alloc 1 @100 64\n0 write 1.1 =5\n";
  EXPECT_EQ(Verdict(head + Pub(0, 1, 1, "once") + Con(1, 1, 1, "acquire") + "1 free 1"),
            "contract: op 4 on cpu 1 frees object 1, and no edge of the users orders the store of op 1 on cpu 0 before it: "
            "op 2 on cpu 0 publishes with WRITE_ONCE: release needed");
  EXPECT_EQ(Verdict("0 alloc 1 @100 64\n" + Pub(0, 1, 1, "release") + Con(1, 1, 1, "plain") + "1 free 1"),
            "contract: op 3 on cpu 1 frees object 1, and no edge of the users orders the allocation of op 0 on cpu 0 before it: "
            "op 2 on cpu 1 consumes with a plain load: READ_ONCE or acquire needed");
}

// ---- locks of slots
TEST(Locks, AreCumulative) {
  const auto chain = [](const char* in, const char* publish, const char* consume) {
    return Broken("0 alloc 1 @100 64\n0 write 1.1 =5\n" + Pub(0, 1, 1, in) + Con(1, 1, 1, in[0] == 'l' ? "locked" : "once") + Pub(1, 1, 2, publish) +
                  Con(2, 1, 2, consume) + "2 free 1");
  };
  EXPECT_EQ(chain("locked", "locked", "locked"), Detail::kNone);
  EXPECT_EQ(chain("locked", "release", "once"), Detail::kNone);
  EXPECT_EQ(chain("release", "locked", "locked"), Detail::kNone);
  EXPECT_EQ(chain("locked", "once", "acquire"), Detail::kPublishTooWeak);
}

TEST(Locks, AnEmptySlotUnderItsLockOrdersNothing) {
  EXPECT_EQ(Broken("0 alloc 1 @100 64\n" + Con(0, 0, 0, "locked") + Pub(0, 1, 1, "once") + Con(1, 1, 1, "acquire") + "1 free 1"),
            Detail::kPublishTooWeak);
}

// What is put is released to the last put, whoever did it and how many came between.
std::string Shared(const char* consume = "acquire") {
  return "0 alloc 1 @100 64\n0 write 1.1 =5\n" + Pub(0, 1, 1, "release") + Pub(0, 1, 2, "release") + Con(1, 1, 1, consume) + Con(2, 1, 2, consume) +
         "0 read 1.1 =5\n1 read 1.1 =5\n2 read 1.1 =5\n";
}

TEST(Puts, EachReleasesToTheLast) {
  const std::string fair = Shared() + "0 put 1 release\n1 put 1 xchg\n2 put 1 release\n";
  EXPECT_EQ(Broken(fair + "2 last 1 xchg\n2 free 1"), Detail::kNone);
  EXPECT_EQ(Broken(fair + "2 last 1 acquire\n2 free 1"), Detail::kNone);
  // A count of 1 that is an old one: the puts after it were not seen.
  EXPECT_EQ(Broken(fair + "2 last 1 acquire 3\n2 free 1"), Detail::kNone);
  EXPECT_NE(Broken(fair + "2 last 1 acquire 1\n2 free 1"), Detail::kNone);
  EXPECT_EQ(Broken(fair + "2 last 1 once\n2 free 1"), Detail::kLastPutTooWeak);
  EXPECT_EQ(Broken(fair + "2 last 1 xchg_relaxed\n2 free 1"), Detail::kLastPutTooWeak);
  EXPECT_EQ(Broken(Shared() + "2 free 1"), Detail::kAfterHandOver) << "nobody has put";
  const auto weak = ReportsOf(Shared() + "0 put 1 release\n1 put 1 once\n2 put 1 release\n2 last 1 xchg\n2 free 1");
  ASSERT_EQ(weak.size(), 1u);
  EXPECT_EQ(weak[0].detail, Detail::kPutTooWeak);
  EXPECT_EQ(weak[0].other_cpu, 1);
  EXPECT_EQ(Describe(weak[0]),
            "contract: op 13 on cpu 2 frees object 1, and no edge of the users orders the load of op 7 on cpu 1 before it: "
            "op 10 on cpu 1 gives its reference back and releases nothing: release needed");
}

// A weak put between does not cut off what was released before it: rmw sequence.
TEST(Puts, AWeakOneKeepsWhatIsThere) {
  const std::string two =
      "0 alloc 1 @100 64\n" + Pub(0, 1, 1, "release") + Pub(0, 1, 2, "release") + Con(1, 1, 1, "acquire") + Con(2, 1, 2, "acquire");
  EXPECT_EQ(Broken(two + "0 read 1.1 =5\n0 put 1 release\n1 put 1 once\n2 put 1 release\n2 last 1 xchg\n2 free 1"), Detail::kNone);
}

TEST(Puts, AnAccessAfterThePutIsNotReleased) {
  EXPECT_EQ(Broken(Shared() + "1 put 1 release\n1 read 1.1 =5\n0 put 1 release\n2 put 1 release\n2 last 1 xchg\n2 free 1"), Detail::kNoHandOver);
}

// What came by dependency alone is passed on by the put, and by one's own put as far as one's own dependency goes.
TEST(Puts, WhatDependsIsPassedOn) {
  EXPECT_EQ(Broken(Shared("once") + "0 put 1 release\n1 put 1 release\n2 put 1 release\n2 last 1 xchg\n2 free 1"), Detail::kNone);
  // CPU 1 has two references by READ_ONCE, puts the one that CPU 0's last access came with, and is the only one left.
  const std::string two =
      "0 alloc 1 @100 64\n" + Pub(0, 1, 1, "release") + "0 read 1.1 =5\n" + Pub(0, 1, 2, "release") + Con(1, 1, 1, "once") + Con(1, 1, 2, "once");
  EXPECT_EQ(Broken(two + "1 put 1 release\n1 last 1 acquire\n1 free 1 m1"), Detail::kNone);
  EXPECT_NE(Broken(two + "1 last 1 acquire\n1 free 1 m1"), Detail::kNone);
}

// ---- lists: the link is a publish of the next object, and who links has looked at this one.
std::string Linked(const char* link, const char* take) {
  return "0 alloc 1 @100 64\n" + Pub(0, 1, 1, "release") + "0 alloc 2 @200 64\n0 next 1\n" + Pub(0, 2, 2, link) + Con(1, 1, 1, "once") +
         Con(1, 2, 2, take);
}

// All that a CPU did with the cache is over when another destroys it, if both decrements are full; nothing is asked of who touched no object.
TEST(CacheEnd, EveryCallIsOver) {
  const std::string used = "0 alloc 1 @100 64\n0 free 1\n1 alloc 2 @140 64\n1 free 2\n";
  EXPECT_EQ(Broken(used + "0 cache_put xchg\n1 cache_put xchg\n1 cache_end xchg"), Detail::kNone);
  EXPECT_EQ(Broken(used + "0 cache_put release\n1 cache_put release\n1 cache_end xchg_acquire"), Detail::kNone);
  EXPECT_EQ(Broken(used + "0 cache_put release\n1 cache_put release\n1 cache_end xchg_relaxed"), Detail::kCacheEndTooEarly);
  EXPECT_EQ(Broken(used + "1 cache_put once\n1 cache_end xchg_relaxed"), Detail::kNone) << "there is no other";
  const auto weak = ReportsOf(used + "0 cache_put once\n1 cache_put xchg\n1 cache_end xchg");
  ASSERT_EQ(weak.size(), 1u);
  EXPECT_EQ(weak[0].other_cpu, 0);
  EXPECT_EQ(Describe(weak[0]),
            "contract: op 6 on cpu 1 destroys the cache, and no edge of the users orders what cpu 0 did with it before: op 4 on cpu 0 gives it up: "
            "a fully ordered decrement needed");
}

TEST(Lists, ALinkReleasesBothItsObjects) {
  EXPECT_EQ(Broken(Linked("release", "acquire") + "1 free 1\n1 free 2"), Detail::kNone);
  EXPECT_EQ(Broken(Linked("release", "once") + "1 free 2"), Detail::kNone) << "the next one's address depends on the link";
  EXPECT_NE(Broken(Linked("release", "once") + "1 free 1 m1"), Detail::kNone) << "and this one's does not";
  EXPECT_EQ(Broken(Linked("once", "acquire") + "1 free 2"), Detail::kPublishTooWeak);
  EXPECT_NE(Broken(Linked("once", "acquire") + "1 free 1 m1"), Detail::kNone);
}

TEST(Lists, WhoLinksUsesTheObject) { EXPECT_EQ(ReportsOf("0 alloc 1 @100 64\n0 free 1\n0 next 1").at(0).violation, Violation::kUseAfterFree); }

}  // namespace
}  // namespace ordeal
