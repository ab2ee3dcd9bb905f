#include "base/share_testing.h"
#include "memory/model/ladder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "memory/model/graph_notation.h"

namespace ordeal::model {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

constexpr Rung kColumns[] = {Rung::kSc, Rung::kTso, Rung::kArmv8Ldar, Rung::kArmv8, Rung::kPower, Rung::kLkmm, Rung::kRc11};

// Who allows it: S SC, T TSO, D ARMv8 with LDAR, A ARMv8, P POWER, K LKMM, C RC11; a dot in the place of each that does not.
std::string AllowedOn(const Graph& g) {
  std::string allowed = "STDAPKC";
  for (size_t k = 0; k < allowed.size(); k++) {
    const Judgement verdict = JudgeOn(kColumns[k], g, false);
    EXPECT_EQ(verdict.cycle.empty(), verdict.allowed());
    if (!verdict.allowed()) allowed[k] = '.';
  }
  return allowed;
}

struct Row {
  const char* execution;
  const char* allowed;
};

void Expect(std::initializer_list<Row> rows) {
  for (const Row& row : rows) EXPECT_EQ(AllowedOn(GraphNotation::Parse(row.execution)), row.allowed) << row.execution;
}

TEST(LadderTest, StoreBuffering) {
  Expect({{"Wx1 Ry0 | Wy1 Rx0", ".TDAPKC"},
          {"Wx1 mb Ry0 | Wy1 mb Rx0", "......."},
          {"Wx1 wmb Ry0 | Wy1 mb Rx0", ".TDAPKC"},
          {"Wx1.rel Ry0.acq | Wy1.rel Rx0.acq", ".T.APKC"},     // RCpc: LDAPR overtakes STLR, LDAR does not
          {"Wx1 Wz1.rel Rw0.acq Ry0 | Wy1 mb Rx0", ".T.APKC"},  // the same in the middle
          {"Ux01 Ry0 | Uy01 Rx0", "..DAPKC"},
          {"Ux01.full Ry0 | Uy01.full Rx0", "......."},
          {"Wx1 Uz01 Ry0 | Wy1 mb Rx0", "..DAPKC"},
          {"Wx1 Cz0 Ry0 | Wy1 mb Rx0", "..DAPKC"},       // x86: locked, though it fails
          {"Wx1 Cz0.full Ry0 | Wy1 mb Rx0", "..DA.K."},  // POWER: the sync before it
          {"Wx1 before Ry0 | Wy1 mb Rx0", ".T...K."},    // out of place: nothing on x86, a barrier elsewhere
          {"Wx1 after Ry0 | Wy1 mb Rx0", ".T...K."},
          {"Wx1 after_spinlock Ry0 | Wy1 mb Rx0", ".T...K."},
          {"Wx1 after_unlock_lock Ry0 | Wy1 mb Rx0", ".TDA.K."},
          {"Wx1 barrier Ry0 | Wy1 mb Rx0", ".TDAPKC"},
          {"Wx1 Ls01 Ry0 Vs2 | Wy1 mb Rx0", "..DAPKC"},
          {"Ls01 Ry0 Vs2 | Wy1 mb Rs0", "..DAPKC"},
          {"Wx1 Rx1 Ry0 | Wy1 Ry1 Rx0", ".TDAPKC"},  // store forwarding
          {"Wx1 mb Ry0 | Wy1 Rx0", ".TDAPKC"},
          {"Ux01 Ry0 | Wy1 mb Rx0", "..DAPKC"},
          {"Wx1 Uy01 | Wy2 mb Rx0", "..DAPKC"},
          {"Wx1 Cy0 | Wy1 mb Rx0", "..DAPKC"},
          {"Ux01.noret Ry0 | Wy1 mb Rx0", "..DAPKC"},
          {"Wx1 Rx1 | Wx2 Rx2 Rx1", "......."}});
}

TEST(LadderTest, StoreBufferingAroundRmwsAndReleases) {
  Expect({{"Wx1.rel Uz01.acq Ry0 | Wy1 mb Rx0", "....PKC"},
          {"Wx1.rel Ls01 Ry0 Vs2 | Wy1 mb Rx0", "....PKC"},
          {"Wx1.rel Cz0.full Ry0 | Wy1 mb Rx0", ".....K."},
          {"Wx1.rel Ry0 | Wy1 mb Rx0", ".TDAPKC"},
          {"Ux01.full Ry0 | Wy1 mb Rx0", "......."},
          {"Wx1 Uz01.full Ry0 | Wy1 mb Rx0", "......."},
          {"Ux01.rel Ry0 | Wy1 mb Rx0", "..DAPKC"},
          {"Ux01.noret after Ry0 | Wy1 mb Rx0", "......."},
          {"Wx1 before Uy01.noret | Wy2 mb Rx0", "......."},
          {"Rx1 rmb Ry0 | Wy1 mb Wx1", "......."},
          {"Rx1 wmb Ry0 | Wy1 mb Wx1", "..DA.KC"},
          {"Wz1 wmb Wy1 | Ry1 Rz0/d", "..DAPKC"},
          {"Rx1 Ux12/a Wy1 | Ry1 mb Wx1", ".....K."},
          {"Rx1 Uy01/c | Ry1 mb Wx1", "......."},
          {"Rx1 Wy1.acq | Ry1.rel Wx1", "..DAPK."},
          {"Wx1 Wx2.rel Wy1 | Ry1 mb Rx1", "..DAPKC"},
          {"Wx1 Wx2 | Rx2 rmb Rx1", "......."},
          {"Wx2 mb Wy1 | Ry1 Wy2 Wx1/c", "......C"},
          {"Wx1 wmb Wy1 | Ry1 Wz1/d | Rz1 mb Rx0", ".....KC"},
          {"Rx1 Ry0 Wy1 Wy2 | Ry2 mb Wx1", "..DAPK."},
          {"Wx1 wmb Wy1 | Ry1 Wy2 Wy3 | Ry3 mb Rx0", ".....KC"},
          {"Rx1 Wy1/d Wy2 wmb Wz1 | Rz1 mb Wx1", "......."},
          {"Wx1 mb Wy1 Wy2 wmb Wz1 | Rz1 mb Rx0", "......."},
          {"Wx1 wmb Wy1 | Ry1 Uz01/d Rz1.acq Rx0", "......C"},
          {"Wx1 wmb Wy1 | Uy12 Ry2 rmb Rx0", "......."},
          {"Wx1 wmb Wy1 | Uy12 Ry2 Rx0", "..DAPKC"}});
}

TEST(LadderTest, MessagePassing) {
  Expect({{"Wx1 Wy1 | Ry1 Rx0", "..DAPKC"},
          {"Wx1 wmb Wy1 | Ry1 rmb Rx0", "......."},
          {"Wx1 rmb Wy1 | Ry1 rmb Rx0", "..DA.KC"},  // lwsync is more than DMB ISHLD
          {"Wx1 wmb Wy1 | Ry1 wmb Rx0", "..DA.KC"},
          {"Wx1 Wy1.rel | Ry1.acq Rx0", "......."},
          {"Wx1.rel Wy1 | Ry1.acq Rx0", "..DAPKC"},
          {"Wx1 wmb Wy1 | Ry1 Rx0", "..DAPKC"},
          {"Wx1 wmb Wy1 | Ry1 Rx0/a", "......C"},
          {"Wx1 wmb Wy1 | Ry1 Rx0/c", "..DAPKC"},
          {"Wx1 wmb Wy1 | Uy12 Rx0", "..DAPKC"},
          {"Wx1 wmb Wy1 | Uy12.acq Rx0", "......."},
          {"Wx1 wmb Wy1 | Uy12.full Rx0", "......."},
          {"Wx1 wmb Wy1 | Uy12.noret rmb Rx0", "..DA.K."},  // DMB ISHLD does not see STADD's read
          {"Wx1 wmb Wy1 | Uy12 rmb Rx0", "......."},
          {"Wx1 Uy01.rel | Ry1.acq Rx0", "......."},
          {"Wx1 Uy01.full | Ry1.acq Rx0", "......."},
          {"Wx1 wmb Wy1 | Cy1.acq Rx0", "....PKC"},  // ARM: CASA acquires, though it fails
          {"Wx1 wmb Wy1 | Cy1.full Rx0", "....PKC"},
          {"Wx1 wmb Wy1 | Cy1.rel Rx0", "..DAPKC"},
          {"Wx1 wmb Wy1 | Cy1 Rx0", "..DAPKC"},
          {"Wx1 Cz0.rel Wy1 | Ry1 rmb Rx0", "..DA.KC"},  // POWER: the lwsync before it
          {"Wx1 Cz0.full Wy1 | Ry1 rmb Rx0", "..DA.K."},
          {"Wx1 wmb Wy1 | Ry1 Wz1/a Rx0", "..DAPKC"},
          {"Wx1 wmb Wy1 | Ry1 Rz0/a Rx0", "..DAPKC"},
          {"Wx1.plain wmb Wy1 | Ry1 rmb Rx0.plain", "......."},
          {"Ls01 Wx1 Vs2 | Ls23 Rx0 Vs4", "......."}});
}

TEST(LadderTest, MessagePassingAndWhatAReaderDoesInBetween) {
  Expect({{"Wx1 Wy1.rel Wy2 | Ry2 Rx0/a", ".....KC"},  // relthenonce
          {"Wx1 mb Wy1 Wy2 | Ry2 Rx0/a", "......C"},
          {"Wx1 wmb Wy1 | Ry1 Wz1/d Rz1 Rx0/a", "......C"},
          {"Wx1 wmb Wy1 | Ry1 Wz1/c Rz1 Rx0/a", "..DAPKC"},
          {"Wx1 wmb Wy1 | Ry1 Wz1/a Rz1 Rx0/a", "......C"},
          {"Wx1 wmb Wy1 | Ry1 Uz01/d Rz1 Rx0/a", "......C"},
          {"Wx1 wmb Wy1 | Ry1 Rp0/a Rp1 Rx0/a | Wp1", "......C"},  // rdw
          {"Wx1 wmb Wy1 | Ry1 Wp1/d Rp2 Rx0/a | Wp2", "......C"},  // detour
          {"Wx1 wmb Wy1 | Ry1 Rz0/a Uz01 Rz1.acq Rx0", "..DA.KC"},
          {"Wx1 wmb Wy1 | Uy12 Ry2 Rx0/a", "..DAPKC"},
          {"Wx1 wmb Wy1 | Uy12 Ry2.acq Rx0", ".....K."},  // ARM: rmw; rfi; [A | Q]
          {"Wx1 wmb Wy1 | Ry1 Ry1 Rx0/a", "......C"}});
}

TEST(LadderTest, LoadBuffering) {
  Expect({{"Rx1 Wy1 | Ry1 Wx1", "..DAPK."},
          {"Rx1 Wy1/d | Ry1 Wx1/d", "......."},
          {"Rx1 Wy1/a | Ry1 Wx1/a", "......."},
          {"Rx1 Wy1/c | Ry1 Wx1/c", "......."},
          {"Rx1 Wy1/d | Ry1 Wx1", "..DAPK."},
          {"Rx1 Wy1.rel | Ry1 Wx1/d", "......."},
          {"Rx1.acq Wy1 | Ry1 Wx1/d", "......."},
          {"Rx1 wmb Wy1 | Ry1 wmb Wx1", "..DA.K."},  // lwsync is more than DMB ISHST
          {"Rx1 rmb Wy1 | Ry1 rmb Wx1", ".....K."},
          {"Rx1 mb Wy1 | Ry1 mb Wx1", "......."},
          {"Rx1 Rz0/a Wy1 | Ry1 Wx1/d", ".....K."},  // addr; po; [W]
          {"Rx1 Wz1/a Wy1 | Ry1 Wx1/d", ".....K."},
          {"Rx1 Wz1/d Wy1 | Ry1 Wx1/d", "..DAPK."},
          {"Rx1 Wz1/c Wy1 | Ry1 Wx1/d", "..DAPK."},
          {"Rx1 Wy1/d Wy2 | Ry2 Wx1/d", "......."},
          {"Rx1 Wz1/d Rz1 Wy1/d | Ry1 Wx1/d", "......."},
          {"Rx1 Wx2 Rx2 Wy1/d | Ry1 Wx1/d", "..DA.K."},
          {"Rx1.plain Wy1.plain/d | Ry1.plain Wx1.plain/d", ".....K."},
          {"Ux12 Wy1 | Ry1 Wx1/d", "..DAPK."},
          {"Cx1 Wy1 | Ry1 Wx1/d", "..DA.K."},  // POWER: a failed cmpxchg has branched
          {"Cx1.acq Wy1 | Ry1 Wx1/d", ".....K."},
          {"Rx1 Uy01.full | Ry1 Wx1/d", "......."}});
}

TEST(LadderTest, CumulativityThroughAThirdCpu) {
  Expect({{"Wx1 | Rx1 Wy1/d | Ry1 Rx0/a", "....PKC"},  // WRC
          {"Wx1 | Rx1 wmb Wy1 | Ry1 Rx0/a", "..DA.KC"},
          {"Wx1 | Rx1 rmb Wy1 | Ry1 Rx0/a", ".....KC"},
          {"Wx1 | Rx1 Wy1.rel | Ry1.acq Rx0", "......."},
          {"Wx1 | Rx1.acq Wy1 | Ry1.acq Rx0", ".....KC"},
          {"Wx1 wmb Wy1 | Ry1 Wz1/d | Rz1 Rx0/a", ".....KC"},  // ISA2
          {"Wx1 wmb Wy1 | Ry1 wmb Wz1 | Rz1 Rx0/a", "..DA.KC"},
          {"Wx1 | Wy1 | Rx1 Ry0/a | Ry1 Rx0/a", "....PKC"},
          {"Wx1 | Wy1 | Rx1 rmb Ry0 | Ry1 rmb Rx0", "....PKC"},  // IRIW
          {"Wx1 | Wy1 | Rx1.acq Ry0 | Ry1.acq Rx0", "....PKC"},
          {"Wx1 | Wy1 | Rx1 mb Ry0 | Ry1 rmb Rx0", "....PKC"},
          {"Wx1 | Wy1 | Rx1 mb Ry0 | Ry1 mb Rx0", "......."},
          {"Wx1 | Rx1 mb Ry0 | Wy1 mb Rx0", "......."},
          {"Wx1 | Rx1 rmb Ry0 | Wy1 mb Rx0", "....PKC"},
          {"Wx1 wmb Wy1 | Ry1 rmb Rz0 | Wz1 mb Rx0", "....PKC"},
          {"Wx1 wmb Wy1 | Ry1 mb Rz0 | Wz1 mb Rx0", "......."},
          {"Wx2 wmb Wy1 | Ry1 Wz1/d | Rz1 Wx1/d", ".....KC"}});
}

TEST(LadderTest, WritesAgainstWrites) {
  Expect({{"Wx2 Wy1 | Wy2 Wx1", "..DAPKC"},  // 2+2W
          {"Wx2 wmb Wy1 | Wy2 wmb Wx1", ".....KC"},
          {"Wx2 rmb Wy1 | Wy2 rmb Wx1", "..DA.KC"},
          {"Wx2 mb Wy1 | Wy2 wmb Wx1", ".....KC"},
          {"Wx2 mb Wy1 | Wy2 mb Wx1", "......."},
          {"Wx2 Wy1.rel | Wy2 Wx1.rel", ".....KC"},
          {"Ux12 Uy01 | Uy12 Ux01", "..DA.K."},
          {"Ux23 Uy01 | Uy12 Wx1 Ux12", "..DA.K."},
          {"Wx1 wmb Wy1 | Wy2 mb Rx0", "....PKC"},  // R
          {"Wx1 mb Wy1 | Wy2 mb Rx0", "......."},
          {"Wx1 mb Wy1 | Wy2 rmb Rx0", ".TDAPKC"},
          {"Wx2 wmb Wy1 | Ry1 Wx1/d", "......C"},  // S
          {"Wx2 wmb Wy1 | Ry1 Wx1", "..DAPKC"},
          {"Wx2 wmb Wy1 | Ry1 rmb Wx1", ".....K."},
          {"Wx2 mb Wy1 | Ry1 Wx1/c", "......C"},
          {"Ux02 | Wx1", "......."}});
}

TEST(LadderTest, Locks) {
  Expect({{"Rx1 Ls01 Vs2 Lt01 Wy1 Vt2 | Ry1 Wx1/d", "......."},
          {"Rx1 Ls01 Wy1 Vs2 | Ry1 Wx1/d", "..DAPK."},
          {"Wx1 Ls01 Vs2 Lt01 Ry0 Vt2 | Wy1 mb Rx0", "....PKC"},
          {"Wx1 Ls01 Vs2 Lt01 after_unlock_lock Ry0 Vt2 | Wy1 mb Rx0", "......."},
          {"Wx1 Ls01 after_spinlock Ry0 Vs2 | Wy1 mb Rx0", "......."},
          {"Wx1 wmb Wy1 | Ly12 Rx0", "......."}});
}

TEST(LadderTest, WhatPowerPromises) {
  Expect({{"Ux23 Uy01 | Uy23 Ux01 | Wx2 | Wy2", "..DA.KC"},  // scXX
          {"Ux23 Wy1 | Uy23 Ux01 | Wx2 | Wy2", "..DAPKC"},
          {"Wx2 Uy01 | Uy23 Wx1 | Wy2", "..DAPKC"},
          {"Ls23 Lt01 | Lt23 Ls01 | Vs2 | Vt2", ".....KC"},
          {"Wx1 mb Wy1 | Ry1 Wp1/d Rp2 Rx0/a | Wp2", "......C"},
          {"Wx1 mb Wy1 | Ry1 Wp1/c Rp2 Rx0/a | Wp2", "......C"},
          {"Wx1 mb Wy1 | Ry1 Wp1/c Rp1 Rx0/a", "..DAPKC"},
          {"Wx1 mb Wy1 | Ry1 Rp0/a Rp1 Rx0/a | Wp1", "......C"},
          {"Wx1 mb Wy1 | Ry1 Rp0/a Rp0 Rx0/a", "..DAPKC"},
          {"Wx1 mb Wy1 | Ry1 Rp0/c Rp1 Rx0/a | Wp1", "..DAPKC"},
          {"Rx1 Rp0/a Rp1 Wy1/d | Ry1 mb Wx1 | Wp1", "......."},
          {"Rx1 Rp0 Rp1 Wy1/d | Ry1 mb Wx1 | Wp1", "..DAPK."},
          {"Ry1 Ry1 Wx1 | Rx1 mb Wy1", "..DAPK."},
          {"Rx1 Rx2 Wy1/d | Ry1 mb Wx1 Wx2", "......."},
          {"Rx1 Uz01.acq Wy1 | Ry1 mb Wx1", "..DAPK."},
          {"Ux12.acq Wy1 | Ry1 mb Wx1", "......."},
          {"Ux12 Wy1 | Ry1 mb Wx1", "..DAPK."},
          {"Lx12 Wy1 | Ry1 mb Wx1", "......."},
          {"Wx1 mb Wy1 | Uy12.acq Rx0", "......."},
          {"Wx1 mb Wy1 | Uy12.rel Rx0", "..DAPKC"},
          {"Wx1 Uz01.rel Wy1 | Ry1 mb Rx0", "..DA.KC"},
          {"Wx1 Uz01.acq Wy1 | Ry1 mb Rx0", "..DAPKC"},
          {"Wx1 Ls01 Wy1 Vs2 | Ry1 mb Rx0", "..DAPKC"},
          {"Wx1 Ls01 Vs2 Wy1 | Ry1 mb Rx0", "..DA.KC"},
          {"Wx1 Ry0.acq Wz1 | Rz1 mb Rx0", "..DA.KC"},
          {"Wx1 | Rx1.acq Ry0 | Wy1 mb Rx0", "....PKC"},
          {"Wx1 | Rx1 wmb Wy1 | Ry1 mb Rx0", "..DA.K."},
          {"Wx1 mb Wy1 | Ry1 mb Wz1 | Wz2 mb Rx0", "......."},
          {"Wx1 wmb Wy1 | Ry1 mb Wz1 | Wz2 mb Rx0", "......."},
          {"Wx1 mb Wy1 | Ry1 wmb Wz1 | Wz2 mb Rx0", "..DA.KC"},
          {"Wx2 wmb Wy1 | Ry1 wmb Wz1 | Wz2 wmb Wx1", "..DA.KC"},
          {"Wx2 mb Wy1 | Ry1.acq Wx1", "......."},
          {"Wx1 | Rx1 mb Ry0 | Wy1 wmb Wz1 | Rz1 mb Rx0", "......."},
          {"Wx1 mb Ry0 | Wy1 | Ry1 mb Rx0", "......."},
          {"Wx2 mb Ry0 | Wy1 | Ry1 mb Wx1", "......."},
          {"Wx1 mb Ry0 | Wy1 wmb Wz1 | Wz2 mb Rx0", "....PKC"},
          {"Wx2 mb Ry0 | Wy1 mb Wx1", "......."},
          {"Wx1 mb Ry0 | Wy1 wmb Wz1 | Rz1.acq Rx0", "....PKC"},
          {"Wx1 mb Wy1 | Ry1 Wz1/d | Rz1 Rx0/a", "......C"},
          {"Wx1 | Rx1 mb Wy1 | Ry1 Wz1/d | Rz1 Rx0/a", "......C"},
          {"Rx1 mb Wy1 | Ry1 wmb Wz1 | Wz2 mb Wx1", "..DA.KC"},
          {"Wx2 mb Wy1 | Wy2 | Ry2 mb Wx1", "......."},
          {"Wx2 mb Wy1 | Wy2 | Ry2 wmb Wx1", "..DA.KC"}});
}

TEST(LadderTest, WhatC11Promises) {
  Expect({{"Wx1 Wy1.rel | Uy12 | Ry2.acq Rx0", "......."},
          {"Wx1 Wy1.rel | Ry1 Wy2/d | Ry2.acq Rx0", ".....KC"},
          {"Wx1 Wy1.rel Wy2.plain | Ry2.acq Rx0", ".....KC"},
          {"Wx1 wmb Wy1 | Ry1.acq Rx0", "......."},
          {"Wx1 wmb Wy1 | Ry1.plain rmb Rx0", ".....KC"},
          {"Wx1 wmb Wy1.plain | Ry1 rmb Rx0", ".....KC"},
          {"Wx1 Wy1.rel | Ry1 rmb Rx0", "......."},
          {"Wx1 mb Wy1 | Ry1 mb Rx0", "......."},
          {"Wx1 | Rx1 mb Ry0 | Wy1.rel mb Rx0", "......."},
          {"Ux01 Wz1.rel | Rz1.acq mb Rx0", "......."},
          {"Wx1 mb Rz0 | Wz1 | Rz1 mb Rx0", "......."},
          {"Wx1 Ry0 | Wy1 mb Rx0", ".TDAPKC"},
          {"Wx1 mb Ry0 | Wy1 mb Wx2 | Rx2 Rx1", "......."},
          {"Wx1.rel mb Ry0 | Wy1.rel mb Rz0 | Wz1 mb Rx0", "......."},
          {"Wx2 mb Wy1 | Wy2 mb Rx1 | Wx1", "......."},
          {"Rx1 mb Ry0 | Wy1 mb Wx1", "......."},
          {"Rx1 mb Ry0 | Wy1 mb Wz1 | Rz1 Wx1", "..DAPKC"},
          {"Rx1.acq mb Ry0 | Wy1 mb Wz1.rel | Rz1.acq Wx1.rel", "......."},
          {"Wx1 mb Ry0 | Wy1 mb Rz0 | Wz1 mb Rx0", "......."},
          {"Wx1.rel | Rx1.acq mb Ry0 | Wy1.rel | Ry1.acq mb Rx0", "......."},
          {"Wx1.rel Wz1 mb Ry0 | Wy1 mb Rw0 Rx0", "......."},
          {"Wx1 mb Wy1.rel | Ry1.acq Rz0 | Wz1 mb Rx0", "......."},
          {"Wx1 Wy1.rel Wy2 | Ry2.acq Rx0", ".....K."},    // a release sequence of C11 goes on with the thread's own writes
          {"Wx1 Wy1.rel | Wy2 | Ry2.acq Rx0", "....PKC"},  // not with another's
          {"Wx1 Wy1.rel | Uy12 | Uy23 | Ry3.acq Rx0", "......."},
          {"Wx1 Wy1.rel | Ry1 Rx0", "..DAPKC"},
          {"Wx1 Wy1 | Ry1.acq Rx0", "..DAPKC"},
          {"Wx1 after Wy1 | Ry1 after_spinlock Rx0", ".....K."},
          {"Wx1 before Wy1 | Ry1 after_unlock_lock Rx0", "..DA.K."},
          {"Wx1 Uy01.full Wz1 | Rz1.acq Rx0", "......."},
          {"Wx1 Uy01.rel | Uy12.acq Rx0", "......."},
          {"Uy01.full Wz1 | Rz1.acq Uy12.full", "STDAPKC"},
          {"Wx1 Cz0.full Wy1 | Ry1.acq Rx0", "..DA.K."},
          {"Wx1.rel Cz0.full Ry0 | Wy1.rel Cz0.full Rx0", ".....K."}});
}

// "Wx1 Wy1 | Ry1 Rx0" with x and y as pieces of one store and of one load.
Graph TornAccess() {
  Graph g = GraphNotation::Parse("Wx1 Wy1 | Ry1 Rx0");
  for (GraphEvent& e : g.events) {
    if (e.thread != kInitialThread) e.instruction = 1;
  }
  return g;
}

TEST(LadderTest, MixedSizes) {
  EXPECT_EQ(AllowedOn(TornAccess()), "....PKC");
  Graph torn_write = TornAccess(), torn_read = TornAccess();
  for (GraphEvent& e : torn_write.events) e.instruction = e.thread == 0 ? 1 : kNotThere;
  for (GraphEvent& e : torn_read.events) e.instruction = e.thread == 1 ? 1 : kNotThere;
  EXPECT_EQ(AllowedOn(torn_write), "..DAPKC");
  EXPECT_EQ(AllowedOn(torn_read), "..DAPKC");
}

TEST(LadderTest, SaysWhichAxiomIsBroken) {
  const auto on = [](Rung r, const char* execution) { return std::string(AxiomName(JudgeOn(r, GraphNotation::Parse(execution), false).broken)); };
  EXPECT_EQ(on(Rung::kSequential, "Wx1 Ry0 | Wy1 Rx0"), "interleaving");
  EXPECT_EQ(on(Rung::kSc, "Wx1 Ry0 | Wy1 Rx0"), "interleaving");
  for (Rung r : {Rung::kTso, Rung::kArmv8, Rung::kArmv8Ldar, Rung::kPower, Rung::kLkmm}) {
    EXPECT_EQ(on(r, "Wx1 | Rx1 Rx0"), "coherence");
    EXPECT_EQ(on(r, "Ux02 | Wx1"), "atomicity");
  }
  EXPECT_EQ(on(Rung::kTso, "Wx1 mb Ry0 | Wy1 mb Rx0"), "external");
  EXPECT_EQ(on(Rung::kArmv8, "Wx1 mb Ry0 | Wy1 mb Rx0"), "external");
  EXPECT_EQ(on(Rung::kPower, "Rx1 Wy1/d | Ry1 Wx1/d"), "no-thin-air");
  EXPECT_EQ(on(Rung::kPower, "Rx1 mb Wy1 | Ry1 mb Wx1"), "no-thin-air");
  EXPECT_EQ(on(Rung::kPower, "Wx1 wmb Wy1 | Ry1 rmb Rx0"), "observation");
  EXPECT_EQ(on(Rung::kPower, "Wx1 mb Ry0 | Wy1 mb Rx0"), "propagation");
  EXPECT_EQ(on(Rung::kPower, "Ux23 Uy01 | Uy23 Ux01 | Wx2 | Wy2"), "scXX");
  EXPECT_EQ(on(Rung::kCoherence, "Wx1 mb Wy1.rel | Ry1.acq mb Rx0"), "none");
  EXPECT_EQ(on(Rung::kCoherence, "Wx1 | Rx1 Rx0"), "coherence");
  EXPECT_EQ(on(Rung::kCoherence, "Ux02 | Wx1"), "atomicity");
  EXPECT_EQ(on(Rung::kRc11, "Wx1 Wy1.rel | Ry1.acq Rx0"), "coherence1");
  EXPECT_EQ(on(Rung::kRc11, "Rx1.acq Wy1.rel | Ry1.acq Wx1.rel"), "coherence1");
  EXPECT_EQ(on(Rung::kRc11, "Ux02 | Wx1"), "atomicity");
  EXPECT_EQ(on(Rung::kRc11, "Wx1 mb Ry0 | Wy1 mb Rx0"), "psc");
  EXPECT_EQ(on(Rung::kRc11, "Rx1 Wy1 | Ry1 Wx1"), "no-thin-air");
}

TEST(LadderTest, SaysWhichCycleBreaksIt) {
  const auto on = [](Rung r, const char* execution) { return JudgeOn(r, GraphNotation::Parse(execution), false).cycle; };
  EXPECT_THAT(on(Rung::kTso, "Wx1 mb Ry0 | Wy1 mb Rx0"), UnorderedElementsAre(1, 4, 5, 7));  // initial writes included
  EXPECT_THAT(on(Rung::kPower, "Wx1 wmb Wy1 | Ry1 rmb Rx0"), ElementsAre(7, 1));
  EXPECT_THAT(on(Rung::kRc11, "Ux01.full Ry0 | Uy01.full Rx0"), UnorderedElementsAre(2, 6));  // the RMWs, for their fences
}

TEST(LadderTest, RacesAreThoseOfTheLkmmAndOfC11) {
  const auto race = [](Rung r, const char* execution) {
    const Judgement verdict = JudgeOn(r, GraphNotation::Parse(execution), true);
    EXPECT_TRUE(verdict.allowed());
    EXPECT_EQ(verdict.race, verdict.race_first != kNotThere);
    const auto [first, second] = std::minmax(verdict.race_first, verdict.race_second);
    return verdict.race ? std::pair(first, second) : std::pair(0, 0);
  };
  const std::pair none(0, 0);
  for (Rung r : {Rung::kSc, Rung::kTso, Rung::kArmv8, Rung::kArmv8Ldar, Rung::kPower}) EXPECT_EQ(race(r, "Wx1.plain | Rx0.plain"), none);
  for (Rung r : {Rung::kLkmm, Rung::kRc11}) {
    EXPECT_EQ(race(r, "Wx1.plain | Rx0.plain"), std::pair(1, 2));
    EXPECT_EQ(race(r, "Wx1.plain | Rx0"), std::pair(1, 2));
    EXPECT_EQ(race(r, "Wx1 | Rx0.plain"), std::pair(1, 2));
    EXPECT_EQ(race(r, "Wx1 | Rx0"), none);
    EXPECT_EQ(race(r, "Rx0.plain | Rx0.plain"), none);
    EXPECT_EQ(race(r, "Wx1.plain Rx1.plain"), none);
    EXPECT_EQ(race(r, "Rx0.plain | Wy1.plain"), none);
    EXPECT_EQ(race(r, "Wx1.plain Wy1.rel | Ry1.acq Rx1.plain"), none);
    EXPECT_EQ(race(r, "Rx0.plain Wy1.rel | Ry1.acq Wx1.plain"), none);
  }
  EXPECT_EQ(race(Rung::kLkmm, "Wx1.plain wmb Wy1 | Ry1 Rx1.plain/a"), none);
  EXPECT_EQ(race(Rung::kRc11, "Wx1.plain wmb Wy1 | Ry1 Rx1.plain/a"), std::pair(1, 6));  // C11 knows no dependencies
  EXPECT_EQ(race(Rung::kRc11, "Uz01.full Wx1.plain | Rx0.plain"), std::pair(4, 5));      // the events of the graph, fences left out
}

// A random execution of a few marked accesses in which each location by itself is sequentially consistent: its accesses are merged from
// those of the threads. For the rest anything goes. The barriers for RMWs and locks stand beside them.
class RandomExecution {
 public:
  explicit RandomExecution(unsigned seed) : random_(seed) {
    const int threads = 2 + Below(2), locations = 2 + Below(2);
    units_.resize(locations + 1);
    for (int x = 0; x <= locations; x++) {
      GraphEvent initial;
      initial.location = x;
      graph.co.push_back({graph.Add(initial)});
    }
    for (thread_ = 0; thread_ < threads; thread_++) {
      reads_.clear();
      for (int left = 1 + Below(4); left > 0; left--) Instruction(locations);
    }
    for (int x = 0; x <= locations; x++) Merge(x);
  }

  Graph graph;

 private:
  using Unit = std::vector<int>;  // accesses of one location that nothing comes between

  int Below(int n) { return static_cast<int>(random_() % n); }
  bool OneIn(int n) { return Below(n) == 0; }

  void Instruction(int locations) {
    const int x = Below(locations), what = Below(10);
    if (what < 2) {
      constexpr FenceKind kFences[] = {FenceKind::kMb, FenceKind::kRmb, FenceKind::kWmb};
      AddFence(kFences[Below(3)]);
    } else if (what < 5) {
      AddUnit(x, {Access(GraphEvent::Kind::kRead, x, OneIn(3) ? Order::kAcquire : Order::kOnce)});
    } else if (what < 8) {
      AddUnit(x, {Access(GraphEvent::Kind::kWrite, x, OneIn(3) ? Order::kRelease : Order::kOnce)});
    } else if (what < 9) {
      constexpr Order kOrders[] = {Order::kOnce, Order::kAcquire, Order::kRelease, Order::kFull, Order::kNoReturn};
      Rmw(x, kOrders[Below(5)]);
    } else {
      CriticalSection(x, locations);
    }
  }
  void AddFence(FenceKind kind) {
    GraphEvent e;
    e.thread = thread_;
    e.kind = GraphEvent::Kind::kFence;
    e.fence = kind;
    graph.Add(e);
  }
  int Access(GraphEvent::Kind kind, int location, Order order) {
    GraphEvent e;
    e.thread = thread_;
    e.kind = kind;
    e.location = location;
    e.order = order;
    for (std::vector<int>* dependency : {&e.addr, &e.data, &e.ctrl}) {
      if (!reads_.empty() && OneIn(6)) dependency->push_back(reads_[Below(static_cast<int>(reads_.size()))]);
    }
    if (kind == GraphEvent::Kind::kRead) {
      e.data.clear();
      reads_.push_back(graph.size());
    }
    return graph.Add(e);
  }
  Unit Pair(int location, Order order) {
    const int read = Access(GraphEvent::Kind::kRead, location, order);
    const int write = Access(GraphEvent::Kind::kWrite, location, order);
    graph.events[read].partner = write;
    graph.events[write].partner = read;
    return {read, write};
  }
  void Rmw(int x, Order order) {
    const bool failed = order != Order::kNoReturn && OneIn(3);
    if (OneIn(4)) AddFence(FenceKind::kBeforeAtomic);
    const Unit unit = failed ? Unit{Access(GraphEvent::Kind::kRead, x, order)} : Pair(x, order);
    for (int e : unit) graph.events[e].rmw = true;
    AddUnit(x, unit);
    if (OneIn(4)) AddFence(FenceKind::kAfterAtomic);
  }
  void CriticalSection(int x, int lock) {
    Unit unit = Pair(lock, Order::kOnce);
    graph.events[unit[0]].lock = LockKind::kLockRead;
    graph.events[unit[1]].lock = LockKind::kLockWrite;
    if (OneIn(4)) AddFence(OneIn(2) ? FenceKind::kAfterSpinlock : FenceKind::kAfterUnlockLock);
    const auto kind = OneIn(2) ? GraphEvent::Kind::kRead : GraphEvent::Kind::kWrite;
    if (OneIn(2)) AddUnit(x, {Access(kind, x, Order::kOnce)});
    unit.push_back(Access(GraphEvent::Kind::kWrite, lock, Order::kOnce));
    graph.events[unit[2]].lock = LockKind::kUnlock;
    AddUnit(lock, unit);
  }
  void AddUnit(int location, Unit unit) { units_[location][thread_].push_back(std::move(unit)); }

  void Merge(int location) {
    std::map<int, std::vector<Unit>>& by_thread = units_[location];
    while (!by_thread.empty()) {
      const auto next = std::next(by_thread.begin(), Below(static_cast<int>(by_thread.size())));
      for (int e : next->second.front()) {
        if (graph.events[e].kind == GraphEvent::Kind::kWrite) graph.co[location].push_back(e);
        else graph.events[e].rf = graph.co[location].back();
      }
      next->second.erase(next->second.begin());
      if (next->second.empty()) by_thread.erase(next);
    }
  }

  std::mt19937 random_;
  int thread_ = 0;
  std::vector<int> reads_;                               // of this thread
  std::vector<std::map<int, std::vector<Unit>>> units_;  // by location and thread: what is still to be merged
};

TEST(LadderTest, EachRungAllowsWhatTheOneBeforeAllows) {
  constexpr std::pair<Rung, Rung> kSteps[] = {{Rung::kSc, Rung::kTso},       {Rung::kTso, Rung::kArmv8},  {Rung::kTso, Rung::kPower},
                                              {Rung::kArmv8, Rung::kLkmm},   {Rung::kPower, Rung::kLkmm}, {Rung::kArmv8Ldar, Rung::kArmv8},
                                              {Rung::kSc, Rung::kArmv8Ldar}, {Rung::kSc, Rung::kRc11}};
  std::map<Rung, int> allowed;
  for (int seed = 0; seed < ShareOf(20000); seed++) {
    const Graph g = RandomExecution(seed).graph;
    std::map<Rung, bool> on;
    for (Rung r : kColumns) allowed[r] += on[r] = JudgeOn(r, g, false).allowed();
    for (auto [below, above] : kSteps) {
      ASSERT_LE(on[below], on[above]) << RungName(below) << ", " << RungName(above) << ", seed " << seed;
    }
  }
  for (auto [below, above] : kSteps) EXPECT_LT(allowed[below], allowed[above]) << "the executions tell nothing";
}

// A search may stop at the first prefix that is forbidden.
TEST(LadderTest, NothingThatComesLaterMakesAForbiddenExecutionAllowed) {
  std::mt19937 random(1);
  for (int seed = 0; seed < ShareOf(5000); seed++) {
    Graph g = RandomExecution(seed).graph;
    std::map<Rung, bool> before;
    for (Rung r : kColumns) before[r] = JudgeOn(r, g, false).allowed();
    GraphEvent e;
    e.thread = static_cast<int>(random() % 3);
    e.kind = static_cast<GraphEvent::Kind>(random() % 3);
    e.fence = static_cast<FenceKind>(random() % kFenceKinds);
    if (e.kind != GraphEvent::Kind::kFence) {
      e.location = static_cast<int>(random() % g.co.size());
      e.order = static_cast<Order>(random() % 4);
      if (e.kind == GraphEvent::Kind::kRead) e.rf = g.co[e.location].back();
      else g.co[e.location].push_back(g.size());
    }
    g.Add(e);
    for (Rung r : kColumns) ASSERT_TRUE(before[r] || !JudgeOn(r, g, false).allowed()) << RungName(r) << ", seed " << seed;
  }
}

}  // namespace
}  // namespace ordeal::model
