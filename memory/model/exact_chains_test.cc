// What comes of a promise may be promised in turn, and a bound says how often.
#include <set>

#include <gtest/gtest.h>

#include "memory/model/exact_testing.h"

namespace ordeal::model {
namespace {

using Threads = ExactThreads;

// kZ becomes 2 only in load buffering of kX and kY, which takes a promise; what then is stored may be promised in turn. The loads that
// acquire are promised nothing, so there is no other way.
TEST(ExactChains, WhatIsStoredBecauseOfAPromiseMayBePromised) {
  const Threads t{{kHeadOfAChain, [] {
                     const u64 y = Read(kY, Order::kAcquire);
                     Write(kX, 1);
                     Write(kZ, y + Read(kZ + 64, Order::kAcquire));
                   }}};
  std::set<u64> z;
  EXPECT_TRUE(t.Explore({}, [&](const Execution&) { z.insert(g_value[0]); }).complete);
  EXPECT_EQ(z, (std::set<u64>{0, 1, 2}));
}

// The same with what is stored there computed from what was promised, and stored by nobody in any other execution.
TEST(ExactChains, WhatIsComputedFromAPromiseMayBePromised) {
  const Threads t{{kHeadOfAChain, [] {
                     const u64 y = Read(kY, Order::kAcquire);
                     Write(kX, 1);
                     Dep d;
                     const u64 z = Load(kZ + 64, 8, Order::kAcquire, kHere, 0, &d);
                     if (y + z == 2) Store(kZ, 8, z + 1, Order::kOnce, kHere, 0, d);
                   }}};
  std::set<u64> z;
  EXPECT_TRUE(t.Explore({}, [&](const Execution&) { z.insert(g_value[0]); }).complete);
  EXPECT_EQ(z, (std::set<u64>{0, 2}));
}

// Two pairs that buffer loads, each with one promise: an execution in which both do has two.
TEST(ExactChains, NoMorePromisesThanTheBound) {
  const Threads t{{[] {
                     g_value[0] = Read(kX);
                     Write(kY, 1);
                   },
                   [] {
                     g_value[1] = Read(kY, Order::kAcquire);
                     Write(kX, 1);
                   },
                   [] {
                     g_value[2] = Read(kZ);
                     Write(kZ + 64, 1);
                   },
                   [] {
                     g_value[3] = Read(kZ + 64, Order::kAcquire);
                     Write(kZ, 1);
                   }}};
  for (const int most : {0, 1, 2, -1}) {
    int buffers[3] = {};
    ExactOptions options;
    options.max_promises = most;
    const ExactResult r = t.Explore(options, [&](const Execution&) { ++buffers[(g_value[0] && g_value[1]) + (g_value[2] && g_value[3])]; });
    EXPECT_EQ(r.complete, most < 0 || most >= 2);
    EXPECT_TRUE(r.complete_but_for_chains);
    EXPECT_EQ(buffers[0], 9);
    EXPECT_EQ(buffers[1], most == 0 ? 0 : 6);
    EXPECT_EQ(buffers[2], most == 0 || most == 1 ? 0 : 1);
  }
}

// An atom that only load buffering tells apart: what was visited before the promises is visited again, too.
TEST(ExactChains, ALateAtomBeginsAllPassesAgain) {
  const Threads t{{[] {
                     Dep d;
                     const u64 x = Load(kX, 8, Order::kOnce, kHere, 0, &d);
                     Write(kY, 1);
                     Store(kZ, 8, x, Order::kOnce, kHere, 0, d);
                   },
                   [] {
                     const u64 y = Read(kY, Order::kAcquire);
                     Write(kX, 1);
                     if (y + Read(kZ, Order::kAcquire) == 2) Read(kX, Order::kOnce, 4);
                   }}};
  u64 visited = 0, agains = 0;
  ExactOptions options;
  options.again = [&] {
    ++agains;
    visited = 0;
  };
  const u64 late = t.Explore(options, [&](const Execution&) { ++visited; }).executions;
  EXPECT_EQ(visited, late);
  EXPECT_EQ(agains, 1u);
  const Standing at_once{.atoms = {{(kX - kArenaBase) / 8, 0x0f}, {(kX - kArenaBase) / 8, 0xf0}}};
  options.from = &at_once;
  EXPECT_EQ(t.Explore(options, [](const Execution&) {}).executions, late);
  EXPECT_EQ(agains, 1u);
}

}  // namespace
}  // namespace ordeal::model
