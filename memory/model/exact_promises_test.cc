// Load buffering: what is promised, what keeps it, and each execution once.
#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "memory/model/exact_testing.h"

namespace ordeal::model {
namespace {

using Threads = ExactThreads;

// A value out of thin air needs a promise that only its own data can keep.
TEST(ExactPromises, NothingComesOutOfThinAir) {
  const Threads t{{[] {
                     Dep d;
                     const u64 r = Load(kX, 8, Order::kOnce, kHere, 0, &d);
                     Store(kY, 8, r, Order::kOnce, kHere, 0, d);
                   },
                   [] {
                     Dep d;
                     const u64 r = Load(kY, 8, Order::kOnce, kHere, 0, &d);
                     Store(kX, 8, r, Order::kOnce, kHere, 0, d);
                   },
                   [] { Write(kX, 42); }}};
  std::set<u64> x;
  EXPECT_TRUE(t.Explore({}, [&](const Execution& e) {
                 for (const ExactEvent& v : e.events) x.insert(v.value);
               }).complete);
  EXPECT_EQ(x, (std::set<u64>{0, 42}));
}

// A CPU that spins goes on at a store to anything: what it stores then may keep a promise that nothing needed.
TEST(ExactPromises, WhatASpinningCpuKeepsIsNotNeeded) {
  const Threads t{{[] {
                     while (Read(kX) == 0) Spin();
                     Write(kY, 1);
                   },
                   [] {
                     Write(kX, 1);
                     Read(kY);
                     Write(kZ, 1);
                   }}};
  u64 executions = 0;
  EXPECT_TRUE(t.Explore({}, [&](const Execution&) { ++executions; }).complete);
  EXPECT_EQ(executions, 5u) << "with promises that were not needed there are more";
}

// A promise is of a value, and any store of it may keep it: the first, or the second, which is another execution though all values are the same.
TEST(ExactPromises, AnyStoreOfTheValueMayKeepAPromise) {
  const Threads t{{[] {
                     g_value[0] = Read(kX);
                     Write(kY, 1);
                   },
                   [] {
                     g_value[1] = Read(kY, Order::kAcquire);  // never promised: the other one has to be
                     Write(kX, 1);
                     Write(kX, 1);
                   }}};
  std::multiset<size_t> places;
  EXPECT_TRUE(t.Explore({}, [&](const Execution& e) {
                 if (g_value[0] == 0 || g_value[1] == 0) return;
                 const GraphEvent& read =
                     *std::ranges::find_if(e.graph.events, [](const GraphEvent& v) { return v.thread == 0 && v.kind == GraphEvent::Kind::kRead; });
                 const std::vector<int>& order = e.graph.co[static_cast<size_t>(read.location)];
                 places.insert(static_cast<size_t>(std::ranges::find(order, read.rf) - order.begin()));
               }).complete);
  EXPECT_EQ(places, (std::multiset<size_t>{1, 2}));
}

// In a cycle of po | rf some load has a later store that is not ordered behind it: one that acquires is promised nothing.
TEST(ExactPromises, LoadsThatAcquireArePromisedNothing) {
  const Threads t{{[] {
                     Read(kX, Order::kAcquire);
                     Write(kY, 1);
                   },
                   [] {
                     Read(kY, Order::kAcquire);
                     Write(kX, 1);
                   }}};
  const ExactResult r = t.Explore({}, [](const Execution&) {});
  EXPECT_EQ(r.executions, 3u);
  EXPECT_EQ(r.unfulfilled + r.repeated, 1u);  // both wait
}

// A load that cannot be in a cycle may have to wait for what comes behind one, and be the lowest CPU that waits: with LB of kY and kZ, kX
// becomes 1, on which the cmpxchg succeeds.
TEST(ExactPromises, WhatHangsOffACycleIsReached) {
  const Threads t{{[] {
                     u64 old = 1;
                     Dep d;
                     g_flag[0] = Cas(kX, 8, old, 2, Order::kFull, kHere, 0, 0, &d);
                   },
                   [] {
                     g_value[1] = Read(kY);
                     Write(kZ, 1);
                     Write(kX, 1);
                   },
                   [] {
                     g_value[2] = Read(kZ);
                     Write(kY, 1);
                   }}};
  const auto look = [&](const ExactOptions& options) {
    int reached = 0;
    const ExactResult r = t.Explore(options, [&](const Execution&) { reached += g_flag[0] && g_value[1] == 1 && g_value[2] == 1; });
    EXPECT_EQ(reached, 1);
    return r.executions;
  };
  ExactOptions any;
  any.may_promise = [](void*, int, u16) { return true; };
  EXPECT_EQ(look({}), look(any));
}

// A spinning CPU goes on at a store to anything, so that a promise can let go on what waits for no load of its: no execution of load buffering.
TEST(ExactPromises, WhoSpinsIsNotPromisedInto) {
  const Threads t{{[] {
                     g_value[0] = Read(kX);
                     Write(kZ, 1);
                     Write(kZ, 2);
                   },
                   [] {
                     for (int turn = 0; turn < 3 && Read(kY) == 0; ++turn) Spin();
                     Write(kX, 1);
                   }}};
  EXPECT_TRUE(t.Explore({}, [](const Execution&) { EXPECT_EQ(g_value[0], 0u); }).complete);
}

}  // namespace
}  // namespace ordeal::model
