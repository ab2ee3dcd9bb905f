// Load buffering through loads of several atoms.
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "base/share_testing.h"
#include "memory/model/exact_testing.h"
#include "memory/model/ladder.h"

namespace ordeal::model {
namespace {

using Threads = ExactThreads;

// Parts of one load that another CPU stores after it.
bool Reaches(const Threads& t, Rung rung, u64 left, u64 right) {
  ExactOptions options;
  options.rung = rung;
  std::set<std::string> seen;
  bool reached = false;
  const ExactResult r = t.Explore(options, [&](const Execution& e) {
    EXPECT_TRUE(seen.insert(NameOf(e)).second) << "twice:\n" << NameOf(e);
    reached |= g_value[0] == left && g_value[1] == right;
  });
  EXPECT_TRUE(r.complete);
  EXPECT_EQ(r.executions, seen.size());
  options.runs = 3000;
  t.Explore(options, [&](const Execution& e) { EXPECT_TRUE(seen.contains(NameOf(e))) << NameOf(e); });
  return reached;
}

constexpr u64 kBothHalves = 0x100000001, kHighHalf = 0x100000000;
constexpr Rung kStrong[] = {Rung::kSc, Rung::kTso};
const std::vector<Rung> kBuffering = ShareOf(std::vector<Rung>{Rung::kLkmm, Rung::kArmv8, Rung::kPower});
constexpr Thread kStoreHalves = [] {
  g_value[1] = Read(kY);
  Write(kX, 1, Order::kOnce, 4);
  Write(kX + 4, 1, Order::kOnce, 4);
};
constexpr Thread kStoreHalvesAfterAll = [] {
  g_value[1] = Read(kY, Order::kAcquire);
  Write(kX, 1, Order::kOnce, 4);
  Write(kX + 4, 1, Order::kOnce, 4);
};

TEST(ExactParts, ALoadOfTwoHalvesIsBuffered) {
  const Thread load = [] {
    g_value[0] = Read(kX);
    Write(kY, 1);
  };
  const Thread acquire = [] {
    g_value[0] = Read(kX, Order::kAcquire);
    Write(kY, 1);
  };
  const Thread release = [] {
    g_value[0] = Read(kX);
    Write(kY, 1, Order::kRelease);
  };
  for (const u64 halves : {kBothHalves, kHighHalf, u64{1}}) {
    for (const Rung rung : kBuffering) EXPECT_TRUE(Reaches({{load, kStoreHalves}}, rung, halves, 1)) << RungName(rung) << halves;
    for (const Rung rung : kStrong) EXPECT_FALSE(Reaches({{load, kStoreHalves}}, rung, halves, 1)) << RungName(rung) << halves;
    for (const Rung rung : kBuffering) {
      EXPECT_TRUE(Reaches({{load, kStoreHalvesAfterAll}}, rung, halves, 1)) << RungName(rung) << halves;
      EXPECT_FALSE(Reaches({{acquire, kStoreHalvesAfterAll}}, rung, halves, 1)) << RungName(rung) << halves;
      EXPECT_FALSE(Reaches({{release, kStoreHalvesAfterAll}}, rung, halves, 1)) << RungName(rung) << halves;
    }
  }
}

TEST(ExactParts, DependenciesOfHalvesAreKept) {
  const Thread data = [] {
    Dep d;
    g_value[0] = Load(kX, 8, Order::kOnce, kHere, 0, &d);
    Store(kY, 8, 1, Order::kOnce, kHere, 0, d);
  };
  for (const Rung rung : kBuffering)
    for (const u64 halves : {kBothHalves, kHighHalf, u64{1}})
      EXPECT_FALSE(Reaches({{data, kStoreHalvesAfterAll}}, rung, halves, 1)) << RungName(rung);
}

// A double-word RMW is promised nothing itself, and reads what comes of promises to others.
TEST(ExactParts, ADoubleCmpxchgWaitsForWhatIsBuffered) {
  const Threads t{{[] {
                     u64 old[2] = {1, 1};
                     const u64 wanted[2] = {5, 6};
                     Dep d;
                     g_value[0] = Cas2(kX, old, wanted, Order::kOnce, kHere, 0, 0, &d) ? 77 : old[0] + 2 * old[1];
                   },
                   [] {
                     g_value[1] = Read(kY);
                     Write(kZ, 1);
                     Write(kX, 1);
                   },
                   [] {
                     const u64 z = Read(kZ);
                     Write(kY, 1);
                     Write(kX + 8, z);
                   }}};
  for (const Rung rung : kBuffering)
    for (const u64 read : {0, 1, 2, 77}) EXPECT_TRUE(Reaches(t, rung, read, 1)) << RungName(rung) << read;
}

}  // namespace
}  // namespace ordeal::model
