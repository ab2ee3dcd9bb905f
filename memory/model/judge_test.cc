#include "memory/model/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

#include "memory/model/graph_notation.h"

namespace ordeal::model {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

constexpr Axiom kAllowed = Axiom::kNone;
constexpr Axiom kHb = Axiom::kHappensBefore;
constexpr Axiom kPb = Axiom::kPropagation;

struct Row {
  const char* execution;
  Axiom broken;
};

void Expect(std::initializer_list<Row> rows) {
  for (const Row& row : rows) {
    SCOPED_TRACE(row.execution);
    const Judgement verdict = Judge(GraphNotation::Parse(row.execution), true);
    EXPECT_STREQ(AxiomName(verdict.broken), AxiomName(row.broken));
    EXPECT_EQ(verdict.cycle.empty(), verdict.allowed());
  }
}

TEST(JudgeTest, CoherenceOfOneLocation) {
  Expect({{"Wx1 | Rx1 Rx0", Axiom::kCoherence},  // CoRR
          {"Wx1.plain | Rx1.plain Rx0.plain", Axiom::kCoherence},
          {"Wx2 Wx1", Axiom::kCoherence},        // CoWW
          {"Wx2 Rx1 | Wx1", Axiom::kCoherence},  // CoWR
          {"Wx1 Rx0", Axiom::kCoherence},
          {"Rx1 Wx1", Axiom::kCoherence},        // CoRW1
          {"Rx2 Wx1 | Wx2", Axiom::kCoherence},  // CoRW2
          {"Wx1 | Wx2 | Rx1 Rx2 | Rx2 Rx1", Axiom::kCoherence},
          {"Wx1 | Rx0 Rx1", kAllowed},
          {"Wx1 | Wx2 | Rx1 Rx2 | Rx0 Rx2", kAllowed}});
}

TEST(JudgeTest, NothingComesBetweenTheHalvesOfAnRmw) {
  Expect({{"Ux02 | Wx1", Axiom::kAtomicity},
          {"Ux01.full | Ux02.full", Axiom::kAtomicity},
          {"Ls01 | Ls02", Axiom::kAtomicity},
          {"Ux01 | Ux12", kAllowed},
          {"Cx0 | Ux01", kAllowed},
          {"Ux03 | Wx4 | Wx5", kAllowed}});
}

TEST(JudgeTest, MessagePassing) {
  Expect({{"Wx1 Wy1 | Ry1 Rx0", kAllowed},
          {"Wx1 wmb Wy1 | Ry1 rmb Rx0", kHb},
          {"Wx1 mb Wy1 | Ry1 mb Rx0", kHb},
          {"Wx1 Wy1.rel | Ry1.acq Rx0", kHb},
          {"Wx1 wmb Wy1 | Ry1 Rx0/a", kHb},
          {"Wx1 Wy1.rel | Ry1 Rx0/a", kHb},
          {"Wx1 wmb Wy1 | Ry1 Rx0/c", kAllowed},  // no order from a control dependency to a read
          {"Wx1 wmb Wy1 | Ry1 Rx0", kAllowed},
          {"Wx1 Wy1 | Ry1 rmb Rx0", kAllowed},
          {"Wx1 wmb Wy1 | Ry1 wmb Rx0", kAllowed},
          {"Wx1 rmb Wy1 | Ry1 rmb Rx0", kAllowed},
          {"Wx1 barrier Wy1 | Ry1 rmb Rx0", kAllowed},
          {"Wx1 before Wy1 | Ry1 rmb Rx0", kAllowed},
          {"Wx1 after Wy1 | Ry1 rmb Rx0", kAllowed},
          {"Wx1.rel Wy1 | Ry1.acq Rx0", kAllowed},  // a release orders what is before it
          {"Wx1 Wy1.rel | Ry1 Rx0.acq", kAllowed},  // an acquire orders what is after it
          {"Wx1 Wy1.acq | Ry1.acq Rx0", kAllowed},  // neither on the wrong kind of access
          {"Wx1 Wy1.rel | Ry1.rel Rx0", kAllowed}});
}

TEST(JudgeTest, LoadBufferingAndDependencies) {
  Expect({{"Rx1 Wy1 | Ry1 Wx1", kAllowed},
          {"Rx1 Wy1/d | Ry1 Wx1/d", kHb},
          {"Rx1 Wy1/a | Ry1 Wx1/a", kHb},
          {"Rx1 Wy1/c | Ry1 Wx1/c", kHb},
          {"Rx1 Wy1/d | Ry1 Wx1", kAllowed},
          {"Rx1 Wy1.rel | Ry1 Wx1.rel", kHb},
          {"Rx1.acq Wy1 | Ry1.acq Wx1", kHb},
          {"Rx1 mb Wy1 | Ry1 mb Wx1", kHb},
          {"Rx1 rmb Wy1 | Ry1 Wx1/d", kAllowed},
          {"Rx1 wmb Wy1 | Ry1 Wx1/d", kAllowed},
          {"Rv1 Wx1/d wmb Ry0 | Wy1 Wv1.rel", kAllowed},  // wmb is for two writes
          {"Rz1 Wx1.acq/d Wy1 | Ry1 Wz1/d", kAllowed},    // tags on the wrong kind of access
          {"Rz1 Ry0.rel Wx1/d | Rx1 Wz1/d", kAllowed},
          {"Ry1 Wx1/d Wx2 | Rx2 Wy1/d", kHb},                 // overwrite & int: co
          {"Rz1 Rx0/a Wx1 | Rx1 Wz1/d", kHb},                 // overwrite & int: fr
          {"Rx1 Wy1.plain/c | Ry1.plain Wx1/c", kAllowed}});  // happens-before joins marked accesses only
}

TEST(JudgeTest, DependenciesThatPassThroughMemory) {
  // carry-dep: (data ; rfi)*
  Expect({{"Rx1 Wt1.plain/d Rt1.plain Wy1/d | Ry1 Wx1/d", kHb},
          {"Rx1 Wt1.plain/d Rt1.plain Wy1/c | Ry1 Wx1/d", kHb},
          {"Rx1 Wt1.plain/d Rt1.plain Wy1/a | Ry1 Wx1/d", kHb},
          {"Rx1 Wt1.plain/d Rt1.plain Wu1.plain/d Ru1.plain Wy1/d | Ry1 Wx1/d", kHb},
          {"Wx1 wmb Wy1 | Ry1 Wt1.plain/d Rt1.plain Rx0/a", kHb},
          {"Rx1 Wt1.plain/c Rt1.plain Wy1/d | Ry1 Wx1/d", kAllowed},
          {"Rx1 Wt1.plain/d | Rt1.plain Wy1/d | Ry1 Wx1/d", kAllowed}});
  // to-r: dep ; [Marked] ; rfi
  Expect({{"Wx1 wmb Wy1 | Ry1 Wt1/d Rt1.acq Rx0", kHb},
          {"Wx1 wmb Wy1 | Ry1 Wt1/a Rt1.acq Rx0", kHb},
          {"Wx1 wmb Wy1 | Ry1 Wt1/c Rt1.acq Rx0", kAllowed},
          {"Wx1 wmb Wy1 | Ry1 Wt1.plain/d Rt1.acq Rx0", kAllowed}});
  // to-w: addr ; [Plain] ; wmb
  Expect({{"Rp1 Wq1.plain/a wmb Wy1 | Ry1 Wp1/d", kHb},
          {"Rp1 Wq1.plain/d wmb Wy1 | Ry1 Wp1/d", kAllowed},
          {"Rp1 Rq0.plain/a wmb Wy1 | Ry1 Wp1/d", kAllowed},
          {"Wx1 wmb Wy1 | Uy12.noret Rz0.plain/a rmb Rx0", kAllowed}});  // rmb is no wmb: it does not see the head of this dependency
}

TEST(JudgeTest, StoreBufferingNeedsStrongFences) {
  Expect({{"Wx1 Ry0 | Wy1 Rx0", kAllowed},
          {"Wx1 mb Ry0 | Wy1 mb Rx0", kPb},
          {"Wx1 mb Ry0 | Wy1 Rx0", kAllowed},
          {"Wx1 wmb Ry0 | Wy1 mb Rx0", kAllowed},
          {"Wx1 rmb Ry0 | Wy1 mb Rx0", kAllowed},
          {"Wx1.rel Ry0.acq | Wy1 mb Rx0", kAllowed},
          {"Wx1 mb Wz1 | Rz1.acq Ry0 | Wy1 mb Rx0", kPb},  // pb: strong-fence ; hb*
          {"Wx1 wmb Wz1 | Rz1.acq Ry0 | Wy1 mb Rx0", kAllowed}});
}

TEST(JudgeTest, FullRmws) {
  Expect({{"Ux01.full Ry0 | Wy1 mb Rx0", kPb},  // [Mb & W] ; po
          {"Wx1 Uy01.full | Wy2 mb Rx0", kPb},  // po ; [Mb & R]
          {"Wx1 Uz01.full Ry0 | Wy1 mb Rx0", kPb},
          {"Wx1 Cz0.full Ry0 | Wy1 mb Rx0", kAllowed},  // a failed one orders nothing
          {"Cx0.full Ry1 | Wy1 mb Wx1", kAllowed},
          {"Wx1 Cy0.full | Wy1 mb Rx0", kAllowed},
          {"Wx1 Uz01 Ry0 | Wy1 mb Rx0", kAllowed},
          {"Ux01.acq Ry0 | Wy1 mb Rx0", kAllowed},
          {"Wx1.full Ry0 | Wy1 mb Rx0", kAllowed},  // only RMWs are full
          {"Wx1 before Uz01 Ry0 | Wy1 mb Rx0", kPb},
          {"Wx1 before Uy01 | Wy2 mb Rx0", kPb},
          {"Wx1 before Cy0 | Wy1 mb Rx0", kPb},
          {"Wx1 before Cz0 Ry0 | Wy1 mb Rx0", kPb},  // the barrier acts, though the RMW failed
          {"Wx1 before Ry0 | Wy1 mb Rx0", kAllowed},
          {"before Ux01 Ry0 | Wy1 mb Rx0", kAllowed},
          {"Ux01.noret after Ry0 | Wy1 mb Rx0", kPb},
          {"Wx1 Uz01.noret after Ry0 | Wy1 mb Rx0", kPb},
          {"Wx1 after Ry0 | Wy1 mb Rx0", kAllowed},
          {"Ux01 after | Wy1 mb Rx0", kAllowed}});
}

TEST(JudgeTest, OrderedRmwsInMessagePassing) {
  Expect({{"Wx1 Uy01.rel | Ry1.acq Rx0", kHb},
          {"Wx1 Uy01.full | Ry1.acq Rx0", kPb},  // not cumul-fence: Mb orders Wx1 before the read half only
          {"Wx1 Uy01.full | Uy12.full Rx0", kPb},
          {"Wx1 Uy01.acq | Ry1.acq Rx0", kAllowed},
          {"Wx1 wmb Wy1 | Uy12.acq Rx0", kHb},
          {"Wx1 wmb Wy1 | Uy12.full Rx0", kHb},
          {"Wx1 wmb Wy1 | Uy12.rel Rx0", kAllowed},
          {"Wx1 wmb Wy1 | Cy1.acq Rx0", kAllowed},
          {"Wx1 wmb Wy1 | Cy1.full Rx0", kAllowed},
          {"Wx1 wmb Wy1 | Cy1.acq Rx0/a", kHb},
          {"Wx1 wmb Wy1 | Uy12 rmb Rx0", kHb},
          {"Wx1 wmb Wy1 | Uy12.noret rmb Rx0", kAllowed},  // smp_rmb does not see the read of a void atomic
          {"Wx2 wmb Wy1 | Ry1 rmb Ux01", kHb},
          {"Wx2 wmb Wy1 | Ry1 rmb Ux01.noret", kAllowed}});
}

TEST(JudgeTest, ReleaseSequencesAreOfRmwsOnly) {
  Expect({{"Wx1 Wy1.rel | Uy12 | Ry2.acq Rx0", kHb},
          {"Wx1 Wy1.rel | Uy12.noret | Uy23 | Ry3.acq Rx0", kHb},
          {"Wx1 wmb Wy1 | Uy12 | Ry2.acq Rx0", kHb},
          {"Wx1 Wy1.rel | Ry1 Wy2/d | Ry2.acq Rx0", kAllowed},
          {"Wx1 Wy1.rel Wy2 | Ry2.acq Rx0", kAllowed}});
}

TEST(JudgeTest, CumulativityThroughAThirdCpu) {
  // WRC
  Expect({{"Wx1 | Rx1 Wy1.rel | Ry1.acq Rx0", kHb},
          {"Wx1 | Rx1 Wy1.rel | Ry1 Rx0/a", kHb},
          {"Wx1 | Rx1 mb Wy1 | Ry1 rmb Rx0", kHb},
          {"Wx1 | Rx1 Wy1/d | Ry1.acq Rx0", kAllowed},
          {"Wx1 | Rx1.acq Wy1 | Ry1.acq Rx0", kAllowed},
          {"Wx1 | Rx1 wmb Wy1 | Ry1.acq Rx0", kAllowed},
          {"Wx1 | Rx1.plain Wy1.rel | Ry1.acq Rx0", kAllowed}});
  // ISA2: a pointer that is passed along
  Expect({{"Wx1 Wy1.rel | Ry1 Wz1.rel | Rz1.acq Rx0", kHb},
          {"Wx1 wmb Wy1 | Ry1 mb Wz1 | Rz1 Rx0/a", kHb},
          {"Wx1 Wy1.rel | Uy12.full Wz1 | Rz1.acq Rx0", kHb},
          {"Wx1 Wy1.rel | Ry1 Wz1/d | Rz1.acq Rx0", kAllowed},
          {"Wx1 Wy1.rel | Ry1.acq Wz1 | Rz1.acq Rx0", kAllowed},
          {"Wx1 Wy1.rel | Ry1 wmb Wz1 | Rz1.acq Rx0", kAllowed},
          {"Wx1 Wy1.rel | Uy12 Wz1 | Rz1.acq Rx0", kAllowed},
          {"Wx1 Wy1 | Ry1 Wz1.rel | Rz1.acq Rx0", kAllowed}});
  // Z6.2, and a read that is stale because of what another CPU did later ("back": order through data and co)
  Expect({{"Wx2 wmb Wy1 | Ry1.acq Wz1.rel | Rz1 Wx1/d", kHb},
          {"Wx2 wmb Wy1 | Ry1 Wz1/d | Rz1 Wx1/d", kAllowed},
          {"Wa1 wmb Wb1 | Rb1 Rd1 Ra0/a2 Wc1/d1 | Wc2 wmb Wd1", kHb},
          {"Wa1 wmb Wb1 | Rb1 Rd1 Ra0/a2 Wc1 | Wc2 wmb Wd1", kAllowed}});
}

TEST(JudgeTest, WritesAgainstWrites) {
  Expect({{"Wx2 wmb Wy1 | Ry1 Wx1/d", kHb},  // S
          {"Wx2 wmb Wy1 | Ry1 Wx1/c", kHb},
          {"Wx2 Wy1.rel | Ry1.acq Wx1", kHb},
          {"Wx2 wmb Wy1 | Ry1 Wx1", kAllowed},
          {"Wx2 wmb Wy1 | Ry1 rmb Wx1", kAllowed},
          {"Wx1 mb Wy1 | Wy2 mb Rx0", kPb},  // R
          {"Wx1 wmb Wy1 | Wy2 mb Rx0", kAllowed},
          {"Wx1 Wy1.rel | Wy2 mb Rx0", kAllowed},
          {"Wx2 mb Wy1 | Wy2 mb Wx1", kPb},  // 2+2W
          {"Wx2 wmb Wy1 | Wy2 wmb Wx1", kAllowed},
          {"Wx2 mb Wy1 | Wy2 wmb Wx1", kAllowed},
          {"Wx1 wmb Wy1 | Ry1.acq Wz1.rel | Wz2 mb Rx0", kAllowed},  // Z6.0
          {"Wx1 mb Wy1 | Ry1 mb Wz1 | Wz2 mb Rx0", kPb}});
}

TEST(JudgeTest, IndependentReadersAgreeOnlyAfterStrongFences) {
  Expect({{"Wx1 | Wy1 | Rx1 mb Ry0 | Ry1 mb Rx0", kPb},  // IRIW
          {"Wx1 | Wy1 | Rx1 mb Ry0 | Ry1 rmb Rx0", kAllowed},
          {"Wx1 | Wy1 | Rx1.acq Ry0 | Ry1.acq Rx0", kAllowed},
          {"Wx1 | Rx1 mb Ry0 | Wy1 mb Rx0", kPb},  // RWC
          {"Wx1 | Rx1.acq Ry0 | Wy1 mb Rx0", kAllowed},
          {"Wx1 wmb Wy1 | Ry1 mb Rz0 | Wz1 mb Rx0", kPb},  // W+RWC
          {"Wx1 Wy1.rel | Ry1.acq Rz0 | Wz1 mb Rx0", kAllowed}});
}

TEST(JudgeTest, Locks) {
  Expect({{"Ls01 Wx1 Vs2 | Ls23 Rx0 Vs4", kHb},
          {"Ls01 Wx1 Wy1 Vs2 | Ry1.acq Rx0", kAllowed},  // the unlock comes too late for a lockless reader
          // po-unlock-lock-po in ppo: two locks on one CPU
          {"Rx1 Ls01 Vs2 Lt01 Wy1 Vt2 | Ry1 Wx1/d", kHb},
          {"Rx1 Ls01 Vs2 Ls23 Wy1 Vs4 | Ry1 Wx1/d", kHb},
          {"Rx1 Ls01 Wy1 Vs2 | Ry1 Wx1/d", kAllowed},
          {"Wx1 wmb Wy1 | Ls01 Ry1 Vs2 Lt01 Rx0 Vt2", kHb},
          // and in cumul-fence: the next holder, on the same CPU or another
          {"Ls01 Wx1 Vs2 Lt01 Wy1 Vt2 | Ry1 rmb Rx0", kHb},
          {"Ls01 Wx1 Vs2 | Ls23 Wy1 Vs4 | Ry1 rmb Rx0", kHb},
          {"Ls01 Wx1 Vs2 | Lt01 Wy1 Vt2 | Ry1 rmb Rx0", kAllowed},
          // which is not cumulative
          {"Wx1 | Rx1 Ls01 Vs2 Lt01 Wy1 Vt2 | Ry1.acq Rx0", kAllowed},
          {"Wx1 | Rx1 Ls01 Vs2 | Ls23 Wy1 Vs4 | Ry1.acq Rx0", kAllowed},
          // none of it is a full barrier
          {"Wx1 Ls01 Vs2 Lt01 Ry0 Vt2 | Wy1 mb Rx0", kAllowed},
          {"Wx1 Ls01 after_spinlock Ry0 Vs2 | Wy1 mb Rx0", kPb},
          {"Ls01 Wx1 after_spinlock Ry0 Vs2 | Wy1 mb Rx0", kAllowed},
          {"Ls01 after_spinlock Ry0 Vs2 | Wy1 mb Rs0", kPb},
          {"Wx1 Ls01 Vs2 Lt01 after_unlock_lock Ry0 Vt2 | Wy1 mb Rx0", kPb},
          {"Wx1 Lt01 after_unlock_lock Ry0 Vt2 | Wy1 mb Rx0", kAllowed}});
}

TEST(JudgeTest, OnlyMarkedAccessesLinkTheRelations) {
  Expect({{"Ry2 mb Wz1 | Rz1 Wy1/d | Wy2", kHb},  // prop: coe, rfe
          {"Ry2 mb Wz1 | Rz1 Wy1/d | Wy2.plain", kAllowed},
          {"Wz1.plain mb Rx0.plain | Wx1 mb Rz0", kAllowed},     // prop: the beginning, here of fre
          {"Wx1 | Rx1.plain mb Ry0 | Wy1 mb Rx0", kAllowed},     // prop: the end of rfe
          {"Wx1 wmb Wy1.plain | Uy12 | Ry2.acq Rx0", kAllowed},  // cumul-fence: the head of a release sequence
          {"Wx1 mb Wy1 | Ry1.acq Rz0 | Wz1 mb Rx0", kPb},        // hb: rfe
          {"Wx1 mb Wy1.plain | Ry1.acq Rz0 | Wz1 mb Rx0", kAllowed}});
}

TEST(JudgeTest, ReportsAShortCycle) {
  // In the order of the text, initial writes included: y's is event 2.
  EXPECT_THAT(Judge(GraphNotation::Parse("Wx1 wmb Wy1 | Ry1 rmb Rx0"), false).cycle, UnorderedElementsAre(5, 7));
  EXPECT_THAT(Judge(GraphNotation::Parse("Wx1 | Rx1 Rx0"), false).cycle, UnorderedElementsAre(1, 2, 3));
  EXPECT_THAT(Judge(GraphNotation::Parse("Ux02 | Wx1"), false).cycle, ElementsAre(1, 3, 2));
  EXPECT_THAT(Judge(GraphNotation::Parse("Wx1 mb Ry0 | Wy1 mb Rx0"), false).cycle, UnorderedElementsAre(4, 7));
}

TEST(JudgeTest, SequentialConsistency) {
  const auto sc = [](const char* execution) { return IsSequentiallyConsistent(GraphNotation::Parse(execution)); };
  EXPECT_TRUE(sc("Wx1 Wy1 | Ry1 Rx1"));
  EXPECT_TRUE(sc("Wx1.plain | Rx0.plain"));
  EXPECT_TRUE(sc("Ux01 Ux12 | Ux23 Cx3"));
  EXPECT_FALSE(sc("Wx1 Wy1 | Ry1 Rx0"));
  EXPECT_FALSE(sc("Wx1 Ry0 | Wy1 Rx0"));
  EXPECT_FALSE(sc("Rx1 Wy1 | Ry1 Wx1"));
  EXPECT_FALSE(sc("Ux02 | Wx1"));
  EXPECT_FALSE(sc("Wx1 | Wy1 | Rx1 Ry0 | Ry1 Rx0"));
}

TEST(JudgeTest, EmptyAndLoneExecutions) {
  Expect({{"", kAllowed}, {"mb", kAllowed}, {"Rx0", kAllowed}});
  EXPECT_TRUE(IsSequentiallyConsistent(Graph()));
}

}  // namespace
}  // namespace ordeal::model
