// Does the engine agree with the LKMM on the classic shapes?
#include "base/share_testing.h"
#include "memory/model/classic_shapes.h"

#include <cstdlib>

#include <gtest/gtest.h>

#include "memory/model/judge.h"
#include "memory/model/trace_to_graph.h"

namespace ordeal::model {
namespace {

class ClassicShape : public testing::TestWithParam<Shape> {};

constexpr int kExecutions = 20000;
// ORDEAL_JUDGED=10200 judges about a million executions of all shapes.
int Judged() {
  const char* wanted = std::getenv("ORDEAL_JUDGED");
  return wanted != nullptr ? std::atoi(wanted) : 1000;
}

TEST_P(ClassicShape, ReachesExactlyWhatTheModelAllows) {
  const Shape& shape = GetParam();
  ShapeRunner runner(shape);
  int seen = 0;
  for (int i = 0; i < kExecutions; ++i) {
    RunOptions o;
    o.seed = static_cast<u64>(i);
    RunResult r;
    seen += runner.Run(o, &r);
    ASSERT_EQ(r.ending, Ending::kFinished);
  }
  if (shape.verdict == Allowed::kNever || shape.load_buffering) {
    EXPECT_EQ(seen, 0);
  } else {
    EXPECT_GT(seen, 0);
  }
}

TEST_P(ClassicShape, ProducesNothingThatTheJudgeRejects) {
  ShapeRunner runner(GetParam());
  for (int i = 0; i < Judged(); ++i) {
    RunOptions o;
    o.seed = static_cast<u64>(i);
    o.record = true;
    RunResult r;
    runner.Run(o, &r);
    const Judgement j = Judge(TraceToGraph(RecordedTrace()).graph, false);
    ASSERT_TRUE(j.allowed()) << "seed " << i << ": " << AxiomName(j.broken);
  }
}

TEST_P(ClassicShape, ReplaysFromItsDecisions) {
  ShapeRunner runner(GetParam());
  for (int i = 0; i < 200; ++i) {
    RunOptions o;
    o.seed = static_cast<u64>(i);
    o.record = true;
    RunResult drawn;
    runner.Run(o, &drawn);
    const Decisions decisions = RecordedDecisions();
    o.replay = &decisions;
    RunResult replayed;
    runner.Run(o, &replayed);
    ASSERT_EQ(drawn.hash, replayed.hash) << "seed " << i;
    ASSERT_EQ(replayed.unmet, 0u) << "seed " << i;
  }
}

// On SC nothing weak is left: the same shapes, the newest store only.
TEST_P(ClassicShape, IsSequentiallyConsistentOnSc) {
  ShapeRunner runner(GetParam());
  for (int i = 0; i < 300; ++i) {
    RunOptions o;
    o.seed = static_cast<u64>(i);
    o.rung = Rung::kSc;
    o.record = true;
    RunResult r;
    runner.Run(o, &r);
    ASSERT_TRUE(IsSequentiallyConsistent(TraceToGraph(RecordedTrace()).graph)) << "seed " << i;
  }
}

// Nor is it by the decisions of a weak execution: those that SC has no place for are not met.
TEST_P(ClassicShape, IsSequentiallyConsistentOnScByAnyDecisions) {
  ShapeRunner runner(GetParam());
  for (int i = 0; i < 300; ++i) {
    RunOptions o;
    o.seed = static_cast<u64>(i);
    o.record = true;
    RunResult r;
    runner.Run(o, &r);
    const Decisions decisions = RecordedDecisions();
    o.replay = &decisions;
    o.rung = Rung::kSc;
    runner.Run(o, &r);
    ASSERT_TRUE(IsSequentiallyConsistent(TraceToGraph(RecordedTrace()).graph)) << "seed " << i;
  }
}

std::string TestName(const testing::TestParamInfo<Shape>& info) {
  std::string name = info.param.name;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
}
INSTANTIATE_TEST_SUITE_P(Lkmm, ClassicShape, testing::ValuesIn(ShareOf(ClassicShapes())), TestName);

}  // namespace
}  // namespace ordeal::model
