// Exact mode reaches everything that the model allows, nothing else, and each execution once.
#include "base/share_testing.h"
#include "memory/model/exact.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "memory/model/classic_shapes.h"
#include "memory/model/exact_testing.h"
#include "memory/model/ladder.h"
#include "memory/model/model.h"

namespace ordeal::model {
namespace {

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
    for (const std::string& e : allowed[strong])
      EXPECT_TRUE(allowed[weak].contains(e)) << RungName(strong) << " but not " << RungName(weak) << ":\n" << e;
  };
  within(Rung::kSc, Rung::kTso);
  within(Rung::kTso, Rung::kArmv8);
  within(Rung::kTso, Rung::kPower);
  within(Rung::kArmv8, Rung::kLkmm);
  within(Rung::kPower, Rung::kLkmm);
}

// Deviation by deviation, or in pieces, of one execution each: the same executions, each once. Also where promises are made.
TEST_P(ExactShape, WideningAndGoingOnVisitTheSame) {
  ShapeRunner runner(GetParam());
  std::set<std::string> all, widened, pieces;
  ExactResult result;
  ExactOptions options;
  runner.Explore(options, &result, [&](const Execution& e) { all.insert(NameOf(e)); });
  options.widen = true;
  runner.Explore(options, &result, [&](const Execution& e) { EXPECT_TRUE(widened.insert(NameOf(e)).second); });
  EXPECT_TRUE(result.complete);
  EXPECT_EQ(widened, all);
  Standing standing;
  bool stop = false;
  u64 executions = 0, rounds = 0;
  options.stop = [&] { return stop; };
  do {
    stop = false;
    runner.Explore(options, &result, [&](const Execution& e) {
      EXPECT_TRUE(pieces.insert(NameOf(e)).second) << "twice:\n" << NameOf(e);
      stop = true;
    });
    executions += result.executions;
    if (result.complete) break;
    ASSERT_TRUE(result.resumable);
    EXPECT_LT(result.explored, 1);
    standing = result.at;
    rounds += standing.round > 0;
    options.from = &standing;
  } while (true);
  EXPECT_EQ(pieces, all);
  EXPECT_EQ(executions, all.size());
  if (GetParam().load_buffering) EXPECT_GT(rounds, 0u) << "it was to stop among promises, too";
}

std::string TestName(const testing::TestParamInfo<Shape>& info) {
  std::string name = info.param.name;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
}
INSTANTIATE_TEST_SUITE_P(Lkmm, ExactShape, testing::ValuesIn(ShareOf(ClassicShapes())), TestName);

}  // namespace
}  // namespace ordeal::model
