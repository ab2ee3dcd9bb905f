// What the classic shapes do not have: sizes, loops that wait, endings, bounds.
#include <set>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "memory/model/exact_testing.h"

namespace ordeal::model {
namespace {

using Threads = ExactThreads;

// A 16-bit store against a double-word cmpxchg: it comes before, and the cmpxchg fails, or after, and stays. Nothing is lost.
TEST(ExactSizes, AStoreIntoADoubleWordIsNotLost) {
  const Threads t{{[] {
                     u64 old[2] = {0, 0};
                     const u64 wanted[2] = {~u64{0}, 5};
                     Dep d;
                     g_flag[0] = Cas2(kX, old, wanted, Order::kFull, kHere, 0, 0, &d);
                   },
                   [] { Write(kX + 2, 7, Order::kOnce, 2); }}};
  std::set<std::pair<bool, u64>> seen;
  const ExactResult r = t.Explore({}, [&](const Execution&) { seen.insert({g_flag[0], PeekNewest(4096, 8)}); });
  EXPECT_TRUE(r.complete);
  EXPECT_EQ(r.executions, 2u);
  EXPECT_EQ(seen, (std::set<std::pair<bool, u64>>{{false, u64{7} << 16}, {true, 0xffffffff0007ffff}}));
}

// Both words have to be as expected.
TEST(ExactSizes, ADoubleCmpxchgLooksAtBothWords) {
  const Threads t{{[] {
    u64 old[2] = {0, 1};
    const u64 wanted[2] = {5, 5};
    Dep d;
    g_flag[0] = Cas2(kX, old, wanted, Order::kFull, kHere, 0, 0, &d);
    g_value[0] = old[1];
  }}};
  const ExactResult r = t.Explore({}, [](const Execution&) {
    EXPECT_FALSE(g_flag[0]);
    EXPECT_EQ(g_value[0], 0u);
    EXPECT_EQ(PeekNewest(4096, 8), 0u);
  });
  EXPECT_EQ(r.executions, 1u);
}

// A load composed of several stores reads each of them, and joins what each carries: bytes published apart, read together.
TEST(ExactSizes, AComposedLoadJoinsEveryMessage) {
  const Threads t{{[] {
                     Write(kY, 1);
                     Write(kX, 1, Order::kRelease, 4);
                   },
                   [] { Write(kX + 4, 1, Order::kOnce, 4); },
                   [] {
                     g_value[0] = Read(kX, Order::kAcquire);
                     g_value[1] = Read(kY);
                   }}};
  std::set<std::pair<u64, u64>> seen;
  EXPECT_TRUE(t.Explore({}, [&](const Execution&) { seen.insert({g_value[0], g_value[1]}); }).complete);
  EXPECT_TRUE(seen.contains({0x100000000, 0}));
  EXPECT_TRUE(seen.contains({0x100000001, 1}));
  EXPECT_FALSE(seen.contains({0x100000001, 0})) << "half of the value was published by a release";
}

// The atoms are learned late: what was visited before is visited again, and `again` says so.
TEST(ExactSizes, ALateAtomBeginsAgain) {
  const Threads t{{[] { Write(kX, 0x100000001); },
                   [] {
                     if (Read(kY) == 1) g_value[0] = Read(kX, Order::kOnce, 4);
                   },
                   [] { Write(kY, 1); }}};
  int visited = 0, agains = 0;
  ExactOptions options;
  options.again = [&] {
    ++agains;
    visited = 0;
  };
  const ExactResult r = t.Explore(options, [&](const Execution&) { ++visited; });
  EXPECT_EQ(agains, 1);
  EXPECT_EQ(r.executions, 3u);
  EXPECT_EQ(visited, 3);
}

// ... from the first pass on, when it was another one that found them.
TEST(ExactSizes, ALateAtomBeginsAllPassesAgain) {
  const Threads t{{[] { Write(kX, 0x100000001); },
                   [] {
                     if (Read(kY) == 1) g_value[0] = Read(kX, Order::kOnce, 4);
                   },
                   [] {
                     Read(kZ);
                     Write(kY, 1);
                   },
                   [] { Write(kZ, 1); }}};
  int visited = 0;
  ExactOptions options;
  options.again = [&] { visited = 0; };
  const u64 at_once = t.Explore(options, [](const Execution&) {}).executions;
  options.widen = true;
  const ExactResult r = t.Explore(options, [&](const Execution&) { ++visited; });
  EXPECT_EQ(r.executions, at_once);
  EXPECT_EQ(visited, static_cast<int>(at_once));
}

// A loop that waits is no infinite number of executions: a turn that reads what the last one read waits for a store.
TEST(ExactEnding, ASpinLoopIsAwaited) {
  const Threads t{{[] {
                     while (Read(kX, Order::kAcquire) == 0) Spin();
                     g_value[0] = Read(kY);
                   },
                   [] {
                     Write(kY, 1);
                     Write(kX, 1, Order::kRelease);
                   }}};
  u64 wrong = 0;
  const ExactResult r = t.Explore({}, [&](const Execution&) { wrong += g_value[0] != 1; });
  EXPECT_TRUE(r.complete);
  EXPECT_GT(r.executions, 0u);
  EXPECT_EQ(r.too_long, 0u);
  EXPECT_EQ(wrong, 0u);
}

TEST(ExactEnding, WhatIsTooLongIsCountedAndDropped) {
  const Threads t{{[] {
    for (u64 i = 0; i < 2000; ++i) Write(kX, i);
  }}};
  ExactOptions options;
  options.max_steps = 5000;
  EXPECT_EQ(t.Explore(options, [](const Execution&) { FAIL(); }).too_long, 1u);
}

TEST(ExactEnding, ADeadlockIsAnExecution) {
  const Threads t{{[] {
                     Lock(kX, kHere, 0);
                     Lock(kY, kHere, 0);
                   },
                   [] {
                     Lock(kY, kHere, 0);
                     Lock(kX, kHere, 0);
                   }}};
  std::set<Ending> seen;
  EXPECT_TRUE(t.Explore({}, [&](const Execution& e) { seen.insert(e.ending); }).complete);
  EXPECT_EQ(seen, std::set<Ending>{Ending::kDeadlock});  // nobody unlocks: whoever comes second waits for ever
}

// The lock's word has been written before: that the axioms allow nobody to take it as it was then makes no difference to a deadlock.
TEST(ExactEnding, ADeadlockBehindAStoreToTheLockIsAnExecution) {
  const Threads t{{[] {
                     Write(kX, 0, Order::kOnce, 4);
                     Lock(kX, kHere, 0);
                     Write(kY, 1, Order::kRelease);
                   },
                   [] {
                     if (Read(kY, Order::kAcquire) == 1) Lock(kX, kHere, 0);
                   }}};
  std::multiset<Ending> seen;
  EXPECT_TRUE(t.Explore({}, [&](const Execution& e) { seen.insert(e.ending); }).complete);
  EXPECT_EQ(seen, (std::multiset<Ending>{Ending::kFinished, Ending::kDeadlock}));
}

TEST(ExactEnding, WaitingForEverIsNoExecution) {
  const Threads loop{{[] {
    while (Read(kX) == 0) Spin();
  }}};
  ExactOptions options;
  options.promises = false;
  ExactResult r = loop.Explore(options, [](const Execution&) { FAIL(); });
  EXPECT_TRUE(r.complete);
  EXPECT_EQ(r.unfulfilled, 1u);
  // A load that waits while all others are in a deadlock waits for a store that never comes; without waiting there is an execution.
  const Threads stuck{{[] { Read(kX); },
                       [] {
                         Lock(kY, kHere, 0);
                         Lock(kY, kHere, 0);
                       }}};
  r = stuck.Explore(options, [](const Execution& e) { EXPECT_EQ(e.ending, Ending::kDeadlock); });
  EXPECT_EQ(r.executions, 1u);
  EXPECT_EQ(r.unfulfilled, 1u);
}

// A wait ends with a store to what is waited for, no other, and the lower CPU goes on at once: two CPUs that see each other's stores as
// soon as these are made cost one deviation.
TEST(ExactBounds, AWaitIsOneDeviationHoweverLong) {
  const Threads t{{[] {
                     g_value[0] = Read(kX);
                     Write(kY, 1);
                   },
                   [] {
                     Write(kZ, 1);
                     Write(kX, 1);
                     g_value[1] = Read(kY);
                   }}};
  ExactOptions options;
  options.promises = false;
  options.max_deviations = 1;
  std::set<std::pair<u64, u64>> seen;
  EXPECT_TRUE(t.Explore(options, [&](const Execution&) { seen.insert({g_value[0], g_value[1]}); }).cut_by_deviations);
  EXPECT_EQ(seen, (std::set<std::pair<u64, u64>>{{0, 0}, {0, 1}, {1, 1}}));
}

// What plain-coherence forbids is refused when it is about to come about, whichever access is plain: nothing is built to be dropped.
TEST(ExactPlain, PlainCoherenceIsAskedOnTheWay) {
  static Order writes, reads;
  const Threads t{{[] {
                     g_value[0] = Read(kY);
                     Fence(Order::kRmb, kHere);
                     g_value[1] = Read(kX, reads);
                   },
                   [] {
                     Write(kX, 1, writes);
                     Fence(Order::kWmb, kHere);
                     Write(kY, 1);
                   }}};
  ExactOptions options;
  options.promises = false;
  for (const auto& [write, read] : {std::pair(Order::kPlain, Order::kOnce), std::pair(Order::kOnce, Order::kPlain)}) {
    writes = write;
    reads = read;
    const ExactResult r = t.Explore(options, [](const Execution&) { EXPECT_FALSE(g_value[0] == 1 && g_value[1] == 0); });
    EXPECT_EQ(r.executions, 3u);
    EXPECT_EQ(r.refused, 1u);
    EXPECT_EQ(r.refused_late, 0u);
  }
}

// lock.cat: the read of a trylock that takes its lock is an LKR like any other. po-unlock-lock-po orders the load before the store.
TEST(ExactLocks, ATrylockTakesALock) {
  const Threads t{{[] {
                     g_value[0] = Read(kX);
                     Lock(kZ, kHere, 0);
                     Unlock(kZ, kHere, 0);
                     Dep d;
                     EXPECT_TRUE(TryLock(kZ + 64, kHere, &d, 0));
                     Write(kY, 1);
                   },
                   [] {
                     Dep d;
                     g_value[1] = Load(kY, 8, Order::kOnce, kHere, 0, &d);
                     Store(kX, 8, 1, Order::kOnce, kHere, 0, d);
                   }}};
  std::set<std::pair<u64, u64>> seen;
  EXPECT_TRUE(t.Explore({}, [&](const Execution&) { seen.insert({g_value[0], g_value[1]}); }).complete);
  EXPECT_EQ(seen, (std::set<std::pair<u64, u64>>{{0, 0}, {0, 1}, {1, 0}}));
}

// A loop of a few turns goes on without where nothing can come, and there alone: where something does, it waits for it like any other.
TEST(ExactLoops, OneThatGivesUpDoesSoWhereNothingComes) {
  const auto taker = [](bool gives_up) {
    static bool g;
    g = gives_up;
    return Thread([] {
      g_value[0] = 0;
      for (int i = 0; i < 4 && g_value[0] == 0; ++i) {
        g_value[0] = Read(kX);
        if (g_value[0] == 0) Spin(g);
      }
      Write(kY, 1);
    });
  };
  const auto executions = [&](bool gives_up, Thread other) {
    u64 n = 0, went_without = 0;
    const ExactResult r = Threads{{taker(gives_up), other}}.Explore({}, [&](const Execution&) {
      ++n;
      went_without += g_value[0] == 0;
    });
    EXPECT_TRUE(r.complete);
    return std::pair(n, went_without);
  };
  const Thread nothing = [] {}, store = [] { Write(kX, 7); };
  EXPECT_EQ(executions(true, nothing), (std::pair<u64, u64>(1, 1)));
  EXPECT_EQ(executions(false, nothing), (std::pair<u64, u64>(0, 0)));
  EXPECT_EQ(executions(true, store), executions(false, store));
  EXPECT_EQ(executions(true, store).second, 0u);
}

}  // namespace
}  // namespace ordeal::model
