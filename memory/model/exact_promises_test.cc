// Load buffering: what is promised, what keeps it, and each execution once.
#include <algorithm>
#include <set>
#include <string>
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

// kZ becomes 2 only in load buffering of kX and kY, which takes a promise; what then is stored may be promised in turn. The loads that
// acquire are promised nothing, so there is no other way.
TEST(ExactPromises, WhatIsStoredBecauseOfAPromiseMayBePromised) {
  const Threads t{{[] {
                     g_value[0] = Read(kZ);
                     Dep d;
                     const u64 x = Load(kX, 8, Order::kOnce, kHere, 0, &d);
                     Write(kY, 1);
                     Store(kZ + 64, 8, x, Order::kOnce, kHere, 0, d);
                   },
                   [] {
                     const u64 y = Read(kY, Order::kAcquire);
                     Write(kX, 1);
                     Write(kZ, y + Read(kZ + 64, Order::kAcquire));
                   }}};
  std::set<u64> z;
  EXPECT_TRUE(t.Explore({}, [&](const Execution&) { z.insert(g_value[0]); }).complete);
  EXPECT_EQ(z, (std::set<u64>{0, 1, 2}));
}

// ... in the next round, which counts nothing that one before has counted. In pieces, too.
TEST(ExactPromises, NoRoundCountsWhatOneBeforeHas) {
  const Threads t{{[] {
                     Read(kZ);
                     Dep d;
                     const u64 x = Load(kX, 8, Order::kOnce, kHere, 0, &d);
                     Write(kY, 1);
                     Store(kZ + 64, 8, x, Order::kOnce, kHere, 0, d);
                   },
                   [] {
                     const u64 y = Read(kY, Order::kAcquire);
                     Write(kX, 1);
                     Write(kZ, y + Read(kZ + 64, Order::kAcquire));
                   }}};
  std::set<std::string> seen;
  std::set<int> rounds;
  Standing standing;
  ExactOptions options;
  const ExactResult whole = t.Explore(options, [&](const Execution& e) { EXPECT_TRUE(seen.insert(NameOf(e)).second) << NameOf(e); });
  EXPECT_EQ(whole.executions, seen.size());
  u64 executions = 0;
  options.stop = [n = 0]() mutable { return ++n % 5 == 0; };
  for (ExactResult r;; options.from = &standing) {
    r = t.Explore(options, [&](const Execution& e) {
      EXPECT_TRUE(seen.contains(NameOf(e)));
      ++executions;
    });
    if (r.complete) break;
    standing = r.at;
    rounds.insert(standing.round);
  }
  EXPECT_EQ(executions, whole.executions);
  EXPECT_TRUE(rounds.contains(2)) << "no second round";
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

}  // namespace
}  // namespace ordeal::model
