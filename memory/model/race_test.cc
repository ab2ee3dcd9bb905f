// Plain accesses: which executions have a data race, by the LKMM's own definition?
#include "memory/model/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

#include "memory/model/graph_notation.h"

namespace ordeal::model {
namespace {

constexpr Axiom kAllowed = Axiom::kNone;
constexpr Axiom kPlain = Axiom::kPlainCoherence;

struct PlainRow {
  const char* execution;
  Axiom broken;
  bool race;
};

void ExpectPlain(std::initializer_list<PlainRow> rows) {
  for (const PlainRow& row : rows) {
    SCOPED_TRACE(row.execution);
    const Graph g = GraphNotation::Parse(row.execution);
    const Judgement verdict = Judge(g, true);
    EXPECT_STREQ(AxiomName(verdict.broken), AxiomName(row.broken));
    EXPECT_EQ(verdict.cycle.empty(), verdict.allowed());
    EXPECT_EQ(verdict.race, row.race);
    EXPECT_FALSE(Judge(g, false).race);
    if (!verdict.race) continue;
    const GraphEvent &a = g.events[verdict.race_first], &b = g.events[verdict.race_second];
    EXPECT_EQ(a.location, b.location);
    EXPECT_NE(a.thread, b.thread);
    EXPECT_TRUE(a.order == Order::kPlain || b.order == Order::kPlain);
  }
}

TEST(RaceTest, ConflictsAcrossCpusWithAPlainSide) {
  ExpectPlain({{"Wx1.plain | Rx0", kAllowed, true},
               {"Wx1 | Rx1.plain", kAllowed, true},
               {"Wx1 | Rx0.plain", kAllowed, true},
               {"Wx1.plain | Wx2", kAllowed, true},
               {"Wx1 | Wx2.plain", kAllowed, true},
               {"Wx1 | Rx1", kAllowed, false},
               {"Rx0.plain | Rx0.plain", kAllowed, false},
               {"Wx1.plain Rx1.plain Wx2.plain | Wy1.plain", kAllowed, false},
               {"Ux01.plain | Ux12.plain", kAllowed, false},  // RMWs are marked, whatever they are called
               {"Ux01 | Ux12", kAllowed, false}});
}

TEST(RaceTest, InitialWritesAreMarked) {
  Graph g = GraphNotation::Parse("Rx0 | Wx1");
  g.events[0].order = Order::kPlain;
  EXPECT_FALSE(Judge(g, true).race);
}

TEST(RaceTest, PublishThenRead) {
  ExpectPlain({{"Wx1.plain wmb Wy1 | Ry1 rmb Rx1.plain", kAllowed, false},
               {"Wx1.plain wmb Wy1 | Ry1 rmb Rx0.plain", kPlain, false},
               {"Wx1.plain wmb Wy1 | Ry0 rmb Rx0.plain", kAllowed, true},  // the load is not under an `if`
               {"Wx1.plain Wy1.rel | Ry1.acq Rx1.plain", kAllowed, false},
               {"Wx1.plain Wy1.rel | Ry1.acq Rx0.plain", kPlain, false},
               {"Wx1.plain mb Wy1 | Ry1 mb Rx1.plain", kAllowed, false},
               {"Wx1.plain wmb Wy1 | Ry1 Rx1.plain/a", kAllowed, false},
               {"Wx1.plain wmb Wy1 | Ry1 Rx0.plain/a", kPlain, false},
               {"Wx1.plain wmb Wy1 | Ry1 Rx1.plain/c", kAllowed, true},
               {"Wx1.plain wmb Wy1 | Ry1 Rx0.plain/c", kAllowed, true},
               {"Wx1.plain Wy1.rel | Ry1 Rx1.plain", kAllowed, true},
               {"Wx1.plain Wy1 | Ry1 rmb Rx1.plain", kAllowed, true},
               {"Wx1.plain wmb Wy1 | Rx0.plain Ry1", kAllowed, true},  // the reader has the wrong order
               {"Wx1.plain wmb Wy1 | Rx0.plain rmb Ry1", kAllowed, true},
               {"Wx1.plain wmb Wy1.plain | Ry1 Rx1.plain/a", kAllowed, true},
               {"Wx1.plain wmb Wy1 | Uy12.full Rx1.plain", kAllowed, false},
               {"Wx1.plain wmb Wy1 | Cy1.full Rx1.plain", kAllowed, true},
               {"Wx1.plain wmb Wy1 | Uy12.noret rmb Rx1.plain", kAllowed, true},
               {"Wx2.plain wmb Wy1 | Ry1 rmb Ux01.noret", kAllowed, true},
               {"Wx1.plain Wy1.rel | Ry1.plain mb Rz0.acq Rx0.plain", kAllowed, true},  // vis: [Marked] after rfe
               {"Wx1.plain Wy1.rel | Ry1 Ls01 Vs2 Lt01 Rx1", kAllowed, false},          // r-pre: empty
               {"Wx1.plain Vs1 | Ls12 Rx1.plain", kAllowed, false},
               {"Ls01 Wx1.plain Wy1 Vs2 | Ry1.acq Rx1.plain", kAllowed, true}});
}

TEST(RaceTest, TheFreerWrites) {
  // A plain store may be compiled into code that reads the location first: wmb does not order those reads.
  ExpectPlain({{"Wx1.plain Wy1.rel | Ry1.acq Wx2.plain", kAllowed, false},
               {"Wx2.plain Wy1.rel | Ry1.acq Wx1.plain", kPlain, false},
               {"Wx1.plain Wy1.rel | Ry1 Wx2.plain/a", kAllowed, false},
               {"Wx1.plain Wy1.rel | Ry1 Wx2.plain/c", kAllowed, true},
               {"Wx1.plain Wy1.rel | Ry1 rmb Wx2.plain", kAllowed, true},
               {"Wx1.plain Wy1.rel | Ry1 Wx2/c", kAllowed, false},
               {"Wx2.plain Wy1.rel | Ry1 Wx1/c", kPlain, false},
               {"Wx1.plain wmb Wy1 | Ry1.acq Wx2.plain", kAllowed, true},
               {"Wx1.plain wmb Wy1 | Ry1 rmb Wx2.plain/a1", kAllowed, true},
               {"Wx1.plain mb Wy1 | Ry1 rmb Wx2.plain/a1", kAllowed, false},
               {"Wx1 wmb Wy1 | Ry1.acq Wx2.plain", kAllowed, false},  // a marked first store is not compiled so
               // the second store's reads: wmb bounds a write, not a read
               {"Wx1.plain Wy1.rel | Ry1 Wz1/d wmb Wx2.plain", kAllowed, true},
               {"Wx1.plain Wy1.rel | Ry1 Wz1/d wmb Wx2", kAllowed, false},
               {"Wx1.plain Wy1.rel | Ry1 Wz1/d wmb rmb Wx2.plain", kAllowed, false},
               {"Wx1.plain wmb rmb Rz0 Wy1/d | Ry1.acq Wx2.plain", kAllowed, false},  // and likewise the first store's
               {"Wx1 Wy1.rel | Ry1 rmb Wx2.plain", kAllowed, true},
               {"Wx1 | Rx1.acq Wx2.plain", kAllowed, false},  // w-post: empty
               {"Wx1.plain Wy1 | Ry1.acq Wx2.plain", kAllowed, true}});
}

TEST(RaceTest, ReadsBeforeWrites) {
  ExpectPlain({{"Rx0.plain Wy1.rel | Ry1.acq Wx1.plain", kAllowed, false},
               {"Rx1.plain Wy1.rel | Ry1.acq Wx1.plain", kPlain, false},  // a read from what is ordered after it
               {"Rx0.plain Wy1.rel | Ry1.acq Wx1", kAllowed, false},
               {"Rx0 Wy1.rel | Ry1.acq Wx1.plain", kAllowed, false},
               {"Rx0.plain Uy01.rel | Uy12.acq Wx1.plain", kAllowed, false},
               {"Rx0.plain Wy1 | Ry1.acq Wx1.plain", kAllowed, true},
               {"Rx0.plain wmb Wy1 | Ry1.acq Wx1.plain", kAllowed, true},
               {"Rx0.plain Wy1/c | Ry1.acq Wx1.plain", kAllowed, true},           // r-post has no dependencies
               {"Rx0.plain rmb Rz0 Wy1/d | Ry1.acq Wx1.plain", kAllowed, false},  // r-post: rmb
               {"Rx0.plain rmb Uz01.noret Wy1/d3 | Ry1.acq Wx1.plain", kAllowed, true},
               {"Rx0.plain Rz0.acq Wy1/d | Ry1.acq Wx1.plain", kAllowed, true},
               {"Ux12.noret rmb Rz0 Wy1/d | Ry1.acq Wx1.plain", kAllowed, true},
               {"Rx0.plain Wy1.rel | Ry1 Wz1/d wmb Wx1.plain", kAllowed, false},   // w-pre: wmb
               {"Rx0 Wy1/d | Ry1.acq Wx1.plain", kAllowed, false},                 // r-post: empty
               {"Rx0.plain rmb Rz0 | Wz1 mb Ry0.acq Wx1.plain", kAllowed, false},  // xb*: pb
               {"Rx0 Wx1.plain | Rx0.plain", kAllowed, true}});
}

TEST(RaceTest, VisibilityThroughOtherCpus) {
  ExpectPlain({// ISA2 and WRC with a plain object
               {"Wx1.plain Wy1.rel | Ry1 Wz1.rel | Rz1.acq Rx1.plain", kAllowed, false},
               {"Wx1.plain Wy1.rel | Ry1 Wz1/d | Rz1.acq Rx1.plain", kAllowed, true},
               {"Wx1.plain Wy1.rel | Ry1 wmb Wz1 | Rz1.acq Rx1.plain", kAllowed, true},
               {"Wx1.plain wmb Wy1 | Ry1.acq Wz1.rel | Rz1 Rx1.plain/a", kAllowed, false},
               // w-post: (rf ; rmw)*
               {"Wx1.plain wmb Wy1 | Uy12 | Ry2.acq Rx1.plain", kAllowed, false},
               {"Wx1.plain wmb Wy1 | Ry1 Wy2/d | Ry2.acq Rx1.plain", kAllowed, true},
               // vis: strong-fence ; xb*, over steps of hb that are not cumulative
               {"Wx1.plain wmb Wy1 | Ry1 mb Wz1 | Rz1 Wv1/d | Rv1.acq Rx1.plain", kAllowed, false},
               {"Wx1.plain wmb Wy1 | Ry1 Wz1.rel | Rz1 Wv1/d | Rv1.acq Rx1.plain", kAllowed, true},
               // ww-vis and wr-vis: strong-fence ; xb* at once
               {"Wx1.plain mb Wz1 | Rz1 Wv1/d | Rv1.acq Rx1.plain", kAllowed, false},
               {"Wx1.plain mb Wz1 | Rz1 Wv1/d | Rv1.acq Wx2.plain", kAllowed, false},
               {"Wx1.plain Wz1.rel | Rz1 Wv1/d | Rv1.acq Wx2.plain", kAllowed, true},
               // wr-race: co? ; rf
               {"Wx1.plain Wy1.rel | Ry1.acq Wx2 | Rx2", kAllowed, true},
               {"Wx1 Wy1.rel | Ry1.acq Wx2 | Rx2", kAllowed, false},
               // and its other way out: the read is ordered before the older write
               {"Wx2 Wz1.rel | Rz1.acq Rx2.plain rmb Rv0 Wy1/d | Ry1.acq Wx1", kAllowed, false}});
}

TEST(RaceTest, DependenciesThroughTwoPointers) {
  // q points to x from the start; p is published last. The inner pointer has to be loaded by a marked access.
  ExpectPlain({{"Wx1.plain Wq1 Wp1.rel | Rp1 Rq1/a Rx1.plain/a", kAllowed, false},
               {"Wx1.plain Wq1 Wp1.rel | Rp1 Rq1/a Rx0.plain/a", kPlain, false},
               {"Wx1.plain Wq1 Wp1.rel | Rp1 Rq1.plain/a Rx1.plain/a", kAllowed, true},
               {"Wx1.plain Wq1 Wp1.rel | Rp1.acq Rq1.plain/a Rx1.plain/a", kAllowed, false}});
}

TEST(RaceTest, ReferenceCounts) {
  ExpectPlain({{"Rx0.plain Uc01.full | Uc12.full Wx1.plain", kAllowed, false},
               {"Rx0.plain Uc01.rel | Uc12.rel mb Wx1.plain", kAllowed, false},
               {"Rx0.plain Uc01.rel | Uc12.rel Wx1.plain/c", kAllowed, true},
               {"Rx0.plain Uc01.acq | Uc12.acq Wx1.plain", kAllowed, true},
               {"Rx0.plain Uc01 | Uc12 Wx1.plain", kAllowed, true},
               {"Rx1 Uc01 | Uc12.full Wx1/c", kAllowed, false}});  // allowed: a load after the put that lets go
}

}  // namespace
}  // namespace ordeal::model
