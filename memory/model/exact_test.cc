// Exact mode reaches everything that the model allows, nothing else, and each execution once.
#include "memory/model/exact.h"

#include <cctype>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "memory/model/classic_shapes.h"
#include "memory/model/ladder.h"
#include "memory/model/model.h"

namespace ordeal::model {
namespace {

// An execution by what does not depend on the order in which it was built.
std::string NameOf(const Execution& e) {
  std::map<int, std::string> name;
  std::map<int, int> count;
  for (int id = 0; id < e.graph.size(); ++id) {
    const int t = e.graph.events[id].thread;
    name[id] = t < 0 ? "i" + std::to_string(e.events[id].address) : std::to_string(t) + "." + std::to_string(count[t]++);
  }
  std::set<std::string> lines;
  for (int id = 0; id < e.graph.size(); ++id) {
    const GraphEvent& v = e.graph.events[id];
    if (v.thread >= 0) lines.insert(name[id] + "@" + std::to_string(e.events[id].address) + "=" + std::to_string(e.events[id].value) + (v.rf >= 0 ? "<" + name[v.rf] : ""));
  }
  for (const auto& order : e.graph.co) {
    std::string line;
    for (const int w : order) line += name[w] + " ";
    lines.insert(line);
  }
  std::string all;
  for (const std::string& l : lines) all += l + "\n";
  return all;
}

class ExactShape : public testing::TestWithParam<Shape> {};

TEST_P(ExactShape, AllExecutionsReachExactlyWhatTheModelAllows) {
  ShapeRunner runner(GetParam());
  std::set<std::string> seen;
  ExactResult result;
  const bool reached = runner.Explore({}, &result, [&](const Execution& e) {
    EXPECT_TRUE(seen.insert(NameOf(e)).second) << "twice:\n" << NameOf(e);
    EXPECT_TRUE(Judge(e.graph, false).allowed());
    EXPECT_EQ(e.ending, Ending::kFinished);
  });
  EXPECT_TRUE(result.complete);
  EXPECT_EQ(result.executions, seen.size());
  EXPECT_EQ(reached, GetParam().verdict == Allowed::kSometimes);
}

// Without promises only the executions whose po | rf has a cycle are missing.
TEST_P(ExactShape, WithoutPromisesOnlyLoadBufferingIsMissing) {
  ShapeRunner runner(GetParam());
  ExactOptions options;
  options.promises = false;
  ExactResult result;
  EXPECT_EQ(runner.Explore(options, &result), GetParam().verdict == Allowed::kSometimes && !GetParam().load_buffering);
}

// Random executions are among all of them, and after enough of them all have been seen.
TEST_P(ExactShape, RandomExecutionsAreTheSameExecutions) {
  ShapeRunner runner(GetParam());
  std::set<std::string> all, random;
  ExactResult result;
  runner.Explore({}, &result, [&](const Execution& e) { all.insert(NameOf(e)); });
  ExactOptions options;
  options.runs = 4000;
  runner.Explore(options, &result, [&](const Execution& e) { random.insert(NameOf(e)); });
  for (const std::string& e : random) EXPECT_TRUE(all.contains(e)) << e;
  EXPECT_EQ(random.size(), all.size());
}

// Whatever a rung allows, the weaker rungs allow.
TEST_P(ExactShape, TheLadderHolds) {
  ShapeRunner runner(GetParam());
  std::map<Rung, std::set<std::string>> allowed;
  for (const Rung rung : {Rung::kSc, Rung::kTso, Rung::kArmv8, Rung::kPower, Rung::kLkmm}) {
    ExactOptions options;
    options.rung = rung;
    ExactResult result;
    runner.Explore(options, &result, [&](const Execution& e) { EXPECT_TRUE(allowed[rung].insert(NameOf(e)).second); });
    EXPECT_TRUE(result.complete);
    EXPECT_FALSE(allowed[rung].empty());
  }
  const auto within = [&](Rung strong, Rung weak) {
    for (const std::string& e : allowed[strong]) EXPECT_TRUE(allowed[weak].contains(e)) << RungName(strong) << " but not " << RungName(weak) << ":\n" << e;
  };
  within(Rung::kSc, Rung::kTso);
  within(Rung::kTso, Rung::kArmv8);
  within(Rung::kTso, Rung::kPower);
  within(Rung::kArmv8, Rung::kLkmm);
  within(Rung::kPower, Rung::kLkmm);
}

// Deviation by deviation, or in pieces: the same executions, each once.
TEST_P(ExactShape, WideningAndGoingOnVisitTheSame) {
  ShapeRunner runner(GetParam());
  std::set<std::string> all, widened, pieces;
  ExactResult result;
  ExactOptions options;
  options.promises = false;  // where an exploration of promises stopped it cannot go on
  runner.Explore(options, &result, [&](const Execution& e) { all.insert(NameOf(e)); });
  options.widen = true;
  runner.Explore(options, &result, [&](const Execution& e) { EXPECT_TRUE(widened.insert(NameOf(e)).second); });
  EXPECT_TRUE(result.complete);
  EXPECT_EQ(widened, all);
  Standing standing{0, -1, false, {}};
  bool stop = false;
  options.stop = [&] { return stop; };
  do {
    stop = false;
    options.from = &standing;
    int visited = 0;
    runner.Explore(options, &result, [&](const Execution& e) {
      EXPECT_TRUE(pieces.insert(NameOf(e)).second) << "twice:\n" << NameOf(e);
      stop = ++visited == 3;
    });
    if (result.complete) break;
    ASSERT_TRUE(result.resumable);
    EXPECT_LT(result.explored, 1);
    standing = result.at;
  } while (true);
  EXPECT_EQ(pieces, all);
}

std::string TestName(const testing::TestParamInfo<Shape>& info) {
  std::string name = info.param.name;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
}
INSTANTIATE_TEST_SUITE_P(Lkmm, ExactShape, testing::ValuesIn(ClassicShapes()), TestName);

// ---- what the shapes do not have: one lambda a CPU
using Thread = void (*)();
struct Threads {
  std::vector<Thread> body;
  ExactResult Explore(ExactOptions options, const std::function<void(const Execution&)>& visit) const {
    return model::Explore(static_cast<int>(body.size()), [](void* self, int cpu) {
      BeginOp(static_cast<u16>(cpu));
      static_cast<const Threads*>(self)->body[static_cast<size_t>(cpu)]();
    }, const_cast<Threads*>(this), options, visit);
  }
};
constexpr model::At kHere{0, std::source_location()};
constexpr u64 kX = kArenaBase + 4096, kY = kArenaBase + 4160;
u64 Read(u64 at, Order o = Order::kOnce, u8 bytes = 8) {
  Dep d;
  return Load(at, bytes, o, kHere, 0, &d);
}
void Write(u64 at, u64 value, Order o = Order::kOnce, u8 bytes = 8) { Store(at, bytes, value, o, kHere, 0, 0); }
bool g_flag[4];
u64 g_value[4];

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

}  // namespace
}  // namespace ordeal::model
