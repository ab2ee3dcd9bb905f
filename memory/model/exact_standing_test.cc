// An exploration that stops and goes on visits what one that does not stop visits: also among promises.
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "memory/model/classic_shapes.h"
#include "memory/model/exact_testing.h"

namespace ordeal::model {
namespace {

using Threads = ExactThreads;

// What is learned in a round of promises is offered in the next one, which counts nothing that one before has counted. In pieces, too.
TEST(ExactStanding, NoRoundCountsWhatOneBeforeHas) {
  const Threads t{{kHeadOfAChain, [] {
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

// Where an exploration goes on that could have promised something only in what lies behind it, the promises are still to be made.
TEST(ExactStanding, GoingOnRemembersThatSomethingMayBePromised) {
  const Threads t{{[] {
                     g_value[0] = 0;
                     if (Read(kZ, Order::kAcquire) == 1) return;
                     g_value[0] = Read(kX);
                     Write(kY, 1);
                   },
                   [] {
                     g_value[1] = Read(kY, Order::kAcquire);
                     Write(kX, 1);
                   },
                   [] { Write(kZ, 1); }}};
  Standing standing;
  ExactOptions options;
  options.stop = [n = 0]() mutable { return ++n % 2 == 0; };
  int reached = 0;
  for (ExactResult r;; options.from = &standing) {
    r = t.Explore(options, [&](const Execution&) { reached += g_value[0] == 1 && g_value[1] == 1; });
    if (r.complete) break;
    standing = r.at;
  }
  EXPECT_GT(reached, 0);
}

// ... and that a bound has left something out, in a pass that is over.
TEST(ExactStanding, GoingOnRemembersWhatABoundLeftOut) {
  const Threads t{{[] {
                     Read(kX);
                     Write(kY, 1);
                   },
                   [] {
                     Read(kY);
                     Write(kX, 1);
                   }}};
  Standing standing;
  ExactOptions options;
  options.max_deviations = 0;
  options.stop = [n = 0]() mutable { return ++n % 2 == 0; };
  ExactResult r;
  for (r = t.Explore(options, [](const Execution&) {}); r.resumable; r = t.Explore(options, [](const Execution&) {})) {
    standing = r.at;
    options.from = &standing;
  }
  EXPECT_TRUE(r.cut_by_deviations);
  EXPECT_FALSE(r.complete_but_for_promises);
  EXPECT_FALSE(r.complete);
}

// Values that no dependency holds back grow with each round, up to the length of an execution: wherever the exploration stopped.
TEST(ExactStanding, GoingOnRemembersHowLongExecutionsAre) {
  const Threads t{{[] {
                     const u64 x = Read(kX);
                     for (u64 n = 0; x == 0 && n < 4; ++n) Write(kZ, n);  // what is explored first is longest
                     Write(kY, x + 1);
                   },
                   [] { Write(kX, Read(kY) + 1); }}};
  const u64 whole = t.Explore({}, [](const Execution&) {}).executions;
  u64 executions = 0;
  Standing standing;
  ExactOptions options;
  for (options.stop = [n = 0]() mutable { return ++n % 2 == 0; };; options.from = &standing) {
    const ExactResult r = t.Explore(options, [](const Execution&) {});
    EXPECT_LE(r.at.round, 20);
    executions += r.executions;
    if (r.complete) break;
    standing = r.at;
  }
  EXPECT_EQ(executions, whole);
}

// What is no place of this exploration is refused, before or when that turns out.
TEST(ExactStanding, AnotherPlaceIsRefused) {
  ShapeRunner runner({"MP", "x=1; y=1 | r0=y; r1=x", "1:r0=1 1:r1=0", Allowed::kSometimes});
  const auto refused = [&](const Standing& s) {
    ExactOptions options;
    options.from = &s;
    ExactResult result;
    runner.Explore(options, &result);
    return result.no_such_place;
  };
  EXPECT_FALSE(refused({}));
  EXPECT_FALSE(refused({.answers = {1}}));
  EXPECT_FALSE(refused({.round = 1, .atoms = {{512, 0xff}}, .values = {{0, 0, 1, 1}}}));
  EXPECT_TRUE(refused({.answers = {99}}));
  EXPECT_TRUE(refused({.answers = {0, 0, 0, 0, 0, 0, 0, 0, 0}})) << "so many questions there are not";
  EXPECT_TRUE(refused({.bound = -2}));
  EXPECT_TRUE(refused({.round = -1}));
  EXPECT_TRUE(refused({.atoms = {{512, 0}}}));
  EXPECT_TRUE(refused({.atoms = {{512, 0x0f}, {512, 0x18}}})) << "a byte of two atoms";
  EXPECT_TRUE(refused({.atoms = {{~u32{0}, 0xff}}})) << "beyond the arena";
  EXPECT_TRUE(refused({.atoms = {{512, 0xff}}, .values = {{1, 0, 1, 1}}})) << "a value of no atom";
  EXPECT_TRUE(refused({.atoms = {{512, 0xff}}, .values = {{0, 2, 1, 1}}})) << "there are two CPUs";
  EXPECT_TRUE(refused({.round = 1, .atoms = {{512, 0xff}}, .values = {{0, 0, 1, 3}}})) << "of a round to come";
}

}  // namespace
}  // namespace ordeal::model
