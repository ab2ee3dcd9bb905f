// PrefixJudge agrees with Judge() after every event of random executions, also after events that were refused or taken back.
#include "base/share_testing.h"
#include "memory/model/prefix_judge.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <vector>

#include "memory/model/prefix_yardstick.h"
#include "memory/model/random_execution.h"

namespace ordeal::model {
namespace {

using Counts = std::array<int, 6>;  // events by the axiom that they broke

class Comparison {
 public:
  // The execution begins with some events that mean nothing.
  Comparison(u64 seed, int idle, Counts& counts) : execution_(seed), counts_(counts) {
    GraphEvent barrier;
    barrier.kind = GraphEvent::Kind::kFence;
    barrier.thread = 7;
    for (int k = 0; k < idle; k++) execution_.graph.Add(barrier);
    boundaries_ = {execution_.graph.size()};
    for (int id = 0; id < execution_.graph.size(); id++) judge_.Append(execution_.graph, id);
  }

  // Lets the execution grow by that many events; after each instruction some backward ones are tried, and taken back. False: the judges disagree.
  bool Grow(int events) {
    const int end = execution_.graph.size() + events;
    for (int steps = 0; steps < 10 * events && execution_.graph.size() < end; steps++) {
      const int before = execution_.graph.size();
      const bool keep = steps % 4 == 0;
      execution_.set_backward(keep ? 10 : 100);
      bool allowed = true;
      for (const GraphEvent& e : execution_.NextInstruction()) {
        if (allowed && !Try(e, &allowed)) return false;
      }
      if (!keep || !allowed) CutTo(before);
      if (keep && execution_.Below(12) == 0) CutTo(boundaries_[execution_.Below(static_cast<int>(boundaries_.size()))]);
      if (boundaries_.back() != execution_.graph.size()) boundaries_.push_back(execution_.graph.size());
    }
    return true;
  }

 private:
  bool Try(const GraphEvent& e, bool* allowed) {
    const int id = execution_.AddEvent(e);
    const Axiom broken = BrokenIn(execution_.graph);
    counts_[static_cast<int>(broken)]++;
    *allowed = judge_.Append(execution_.graph, id);
    if (*allowed == (broken == Axiom::kNone)) return true;
    ADD_FAILURE() << "the last event breaks " << AxiomName(broken) << ":\n" << Describe(execution_.graph);
    return false;
  }

  void CutTo(int events) {
    execution_.CutTo(events);
    judge_.Rewind(events);
    while (boundaries_.size() > 1 && boundaries_.back() > events) boundaries_.pop_back();
  }

  RandomExecution execution_;
  PrefixJudge judge_;
  Counts& counts_;
  std::vector<int> boundaries_;  // between instructions
};

// A longer run: ORDEAL_EXECUTIONS.
int Executions() {
  const char* more = std::getenv("ORDEAL_EXECUTIONS");
  return more == nullptr ? ShareOf(800) : std::atoi(more);
}

TEST(PrefixJudgeTest, AgreesWithTheFullJudgeOnRandomExecutions) {
  Counts counts{};
  for (int seed = 0; seed < Executions(); seed++) {
    if (!Comparison(seed, 0, counts).Grow(seed % 2 == 0 ? 16 : 28)) FAIL() << "seed " << seed;
  }
  for (Axiom axiom : {Axiom::kNone, Axiom::kCoherence, Axiom::kAtomicity, Axiom::kHappensBefore, Axiom::kPropagation}) {
    RecordProperty(AxiomName(axiom), counts[static_cast<int>(axiom)]);
  }
  if (TestShare() > 1) return;
  EXPECT_GT(counts[static_cast<int>(Axiom::kCoherence)], 500);
  EXPECT_GT(counts[static_cast<int>(Axiom::kAtomicity)], 500);
  EXPECT_GT(counts[static_cast<int>(Axiom::kHappensBefore)], 100);
  EXPECT_GT(counts[static_cast<int>(Axiom::kPropagation)], 50);
}

// Sets of events are words in blocks: the events at work lie on both sides of where these end.
TEST(PrefixJudgeTest, AgreesWithTheFullJudgeOnLargerExecutions) {
  Counts counts{};
  for (int seed = 0; seed < 60; seed++) {
    if (!Comparison(seed, 45, counts).Grow(28)) FAIL() << "seed " << seed;
  }
  for (int seed = 0; seed < 4; seed++) {
    if (!Comparison(seed, 240, counts).Grow(24)) FAIL() << "seed " << seed;
  }
  EXPECT_GT(counts[static_cast<int>(Axiom::kHappensBefore)] + counts[static_cast<int>(Axiom::kPropagation)], 10);
}

TEST(PrefixJudgeTest, ResetForgetsTheExecution) {
  PrefixJudge judge;
  for (u64 seed = 0; seed < 50; seed++) {
    Graph g = RandomExecution(seed).graph;
    judge.Reset();
    EXPECT_EQ(judge.size(), 0);
    for (int id = 0; id < g.size(); id++) EXPECT_TRUE(judge.Append(g, id));
    GraphEvent write = g.events[0];
    write.thread = static_cast<int>(seed % 3);
    g.co[0].push_back(g.Add(write));
    EXPECT_TRUE(judge.Append(g, g.co[0].back()));
    GraphEvent read = write;
    read.kind = GraphEvent::Kind::kRead;
    read.rf = 0;
    EXPECT_FALSE(judge.Append(g, g.Add(read)));  // the CPU has overwritten it
  }
}

}  // namespace
}  // namespace ordeal::model
