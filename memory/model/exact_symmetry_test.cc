// Of executions that differ only by exchanging CPUs that are alike one is visited, and it knows how many it stands for.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "memory/model/exact_testing.h"

namespace ordeal::model {
namespace {

using Threads = ExactThreads;

struct Seen {
  std::set<std::string> names;
  ExactResult result;
  std::vector<u64> orbits;
};

Seen Look(const std::vector<Thread>& cpus, std::vector<int> alike, Rung rung = Rung::kLkmm, bool promises = true) {
  Seen seen;
  ExactOptions options;
  options.alike = std::move(alike);
  options.rung = rung;
  options.promises = promises;
  seen.result = Threads{cpus}.Explore(options, [&](const Execution& e) {
    EXPECT_TRUE(seen.names.insert(NameOf(e)).second) << "twice:\n" << NameOf(e);
    seen.orbits.push_back(e.orbit);
  });
  EXPECT_TRUE(seen.result.complete);
  EXPECT_EQ(seen.result.representatives, seen.names.size());
  return seen;
}

// With and without. The number of those that were built.
u64 ExpectTheSame(const std::vector<Thread>& cpus, const std::vector<int>& alike, Rung rung = Rung::kLkmm) {
  const Seen all = Look(cpus, {}, rung), some = Look(cpus, alike, rung);
  EXPECT_EQ(some.result.executions, all.result.executions);
  for (const std::string& name : some.names) EXPECT_TRUE(all.names.contains(name)) << name;
  return some.result.representatives;
}

constexpr Thread kCount = [] {
  Lock(kY, kHere, 0);
  Write(kX, Read(kX) + 1);
  Unlock(kY, kHere, 0);
};
constexpr Thread kIncrement = [] {
  Dep d;
  Rmw(kX, 8, RmwOp::kAdd, 1, Order::kFull, kHere, 0, 0, &d);
};
constexpr Thread kReadTwice = [] {
  Read(kX);
  Read(kX);
};

// Who holds the lock it waits for itself, and all others with it: which one is the only question.
TEST(ExactSymmetry, WhoWaitsInADeadlockIsExchangedToo) {
  constexpr Thread kLockTwice = [] {
    Lock(kY, kHere, 0);
    Lock(kY, kHere, 0);
  };
  constexpr Thread kReadAndLockTwice = [] {
    Read(kX);
    Lock(kY, kHere, 0);
    Lock(kY, kHere, 0);
  };
  for (const Thread thread : {kLockTwice, kReadAndLockTwice}) {
    for (const size_t n : {2u, 3u}) {
      const Seen s = Look(std::vector<Thread>(n, thread), std::vector<int>(n, 0));
      EXPECT_EQ(s.result.executions, n);
      EXPECT_EQ(s.orbits, std::vector<u64>{n});
    }
  }
}

// n! orders of who holds the lock, all of them exchanges of one.
TEST(ExactSymmetry, LockHoldersAreOneExecution) {
  for (int n : {2, 4, 7, 8}) {
    const Seen s = Look(std::vector<Thread>(static_cast<size_t>(n), kCount), std::vector<int>(static_cast<size_t>(n), 0), Rung::kLkmm, false);
    u64 factorial = 1;
    for (int k = 2; k <= n; ++k) factorial *= static_cast<u64>(k);
    EXPECT_EQ(s.result.executions, factorial);
    EXPECT_EQ(s.orbits, std::vector<u64>{factorial});
    EXPECT_LT(s.result.unfulfilled, 200u) << "dead ends";
  }
}

TEST(ExactSymmetry, IncrementsAreOneExecution) {
  const Seen s = Look(std::vector<Thread>(8, kIncrement), std::vector<int>(8, 0));
  EXPECT_EQ(s.result.executions, 40320u);
  EXPECT_EQ(s.result.representatives, 1u);
}

// CPUs that do the very same are exchanged for nothing: two readers of one store, by what each of its two reads sees.
TEST(ExactSymmetry, WhoDoesTheSameIsNotCountedTwice) {
  const Seen s = Look({kReadTwice, kReadTwice, [] { Write(kX, 1); }}, {0, 0, -1});
  EXPECT_EQ(s.result.executions, 9u);
  EXPECT_EQ(s.result.representatives, 6u);
  EXPECT_EQ(std::ranges::count(s.orbits, 1u), 3);
  EXPECT_EQ(std::ranges::count(s.orbits, 2u), 3);
}

TEST(ExactSymmetry, ClassesAreExchangedApart) {
  const Thread store = [] { Write(kX, 1); };
  EXPECT_LT(ExpectTheSame({kReadTwice, store, kReadTwice, store}, {0, 1, 0, 1}), 100u);
  EXPECT_EQ(Look({kIncrement, kIncrement, kIncrement, kIncrement}, {0, 1, 0, 1}).result.representatives, 6u);  // 4! / 2! / 2!
  EXPECT_EQ(Look({kIncrement, kIncrement, kIncrement, kIncrement}, {-1, 3, 3, -1}).result.executions, 24u);
}

// Load buffering, in which a promise is kept by either of two, and made to both.
TEST(ExactSymmetry, PromisesToAndOfEqualCpus) {
  const Thread left = [] {
    Read(kX);
    Write(kY, 1);
  };
  const Thread right = [] {
    Read(kY);
    Write(kX, 1);
  };
  for (const Rung rung : {Rung::kLkmm, Rung::kArmv8, Rung::kPower, Rung::kCoherence}) {
    ExpectTheSame({left, left, right}, {0, 0, -1}, rung);
    ExpectTheSame({left, right, right}, {-1, 0, 0}, rung);
    ExpectTheSame({right, left, right, left}, {0, 1, 0, 1}, rung);
  }
  const Thread both = [] {
    Dep d;
    Read(kX);
    Rmw(kY, 8, RmwOp::kXchg, 1, Order::kOnce, kHere, 0, 0, &d);
  };
  ExpectTheSame({both, both, right}, {0, 0, -1});
}

// Of two CPUs that are alike one stores 2, when the other one has passed; that one is promised it, and stores 3 because of it. So 3 comes of a store of
// each, and is not computed from itself. 2 is seen to be stored by the higher CPU alone: the lower one's would be that execution exchanged.
TEST(ExactSymmetry, WhatOneIsPromisedByTheOtherIsNotItsOwn) {
  const Thread pass = [] {
    const u64 seen = Read(kZ, Order::kAcquire);
    Dep d;
    const u64 old = Load(kX, 8, Order::kOnce, kHere, 0, &d);
    const u64 passed = Read(kY, Order::kAcquire);
    Write(kY, old == 0 && passed == 1 ? 2 : 1);
    const bool both = Read(kY, Order::kAcquire) == 2;
    if (old == 0 && passed == 1 && seen == 1) Store(kX, 8, 2, Order::kOnce, kHere, 0, d);
    if (old == 2 && passed == 0 && both && seen == 1) Store(kX, 8, 3, Order::kOnce, kHere, 0, d);
  };
  const Thread watch = [] {
    Read(kX);
    Write(kZ, 1);
  };
  ExpectTheSame({pass, pass, watch}, {0, 0, -1});
}

// One of them holds the lock for ever: the other one comes behind it.
TEST(ExactSymmetry, ADeadlockIsExchanged) {
  const Thread hold = [] {
    Read(kX);
    Lock(kY, kHere, 0);
    Write(kX, 1);
  };
  ExpectTheSame({hold, hold}, {0, 0});
  ExpectTheSame({hold, hold, [] { Write(kX, 2); }}, {0, 0, -1});
  ExpectTheSame({[] { Lock(kY, kHere, 0); }, hold, hold}, {-1, 0, 0});
  ExpectTheSame({[] { Write(kY, 0, Order::kOnce, 4); }, hold, hold}, {-1, 0, 0});
}

TEST(ExactSymmetry, InPiecesAndByDeviations) {
  const std::vector<Thread> cpus{kReadTwice, kReadTwice, [] { Write(kX, 1); }, [] { Write(kX, 2); }};
  const Seen all = Look(cpus, {});
  ExactOptions options;
  options.alike = {0, 0, -1, -1};
  options.widen = true;
  options.stop = [n = 0]() mutable { return ++n % 3 == 0; };
  Standing standing;
  u64 executions = 0;
  for (ExactResult r;; options.from = &standing) {
    r = Threads{cpus}.Explore(options, [](const Execution&) {});
    executions += r.executions;
    if (r.complete) break;
    standing = r.at;
  }
  EXPECT_EQ(executions, all.result.executions);
}

}  // namespace
}  // namespace ordeal::model
