// PrefixJudge agrees with Judge() on executions near the border of what is allowed: known shapes, their events in any order in which
// po and rf go forward, some of them changed.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <random>
#include <vector>

#include "base/check.h"
#include "base/share_testing.h"
#include "memory/model/graph_notation.h"
#include "memory/model/prefix_judge.h"
#include "memory/model/prefix_yardstick.h"

namespace ordeal::model {
namespace {

using Kind = GraphEvent::Kind;

// clang-format off
constexpr const char* kShapes[] = {
    // message passing, by barriers, releases and dependencies
    "Wx1 wmb Wy1 | Ry1 rmb Rx0", "Wx1 mb Wy1 | Ry1 mb Rx0", "Wx1 wmb wmb Wy1 | Ry1 rmb rmb Rx0", "Wx1 Wy1.rel | Ry1.acq Rx0", "Wx1 wmb Wy1 | Ry1 Rx0/a",
    "Wx1 rmb Wy1 | Ry1 rmb Rx0", "Wx1 Uy01.rel | Ry1.acq Rx0", "Wx1 Uy01.full | Uy12.full Rx0", "Wx1 wmb Wy1 | Uy12 rmb Rx0",
    "Wx1 wmb Wy1 | Cy1.acq Rx0", "Wx2 wmb Wy1 | Ry1 rmb Ux01", "Wx1 wmb Wy1 wmb Wz1 | Rz1 rmb Ry1 rmb Rx0",
    "Wx1 wmb Wy1 | Ry1 Wt1.plain/d Rt1.plain Rx0/a", "Wx1 wmb Wy1 | Ry1 Wt1/d Rt1.acq Rx0",
    "Wx1 wmb Wy1 | Ry1 Wt1/a Rt1.acq Rx0", "Wx1 wmb Wy1 | Ry1 Wt1.plain/d Rt1.plain Wu1.plain/d Ru1.plain Rx0/a",
    "Rt0 Wx1 wmb Wy1 | Ry1 rmb Rx0 Wt1", "Wx1 wmb Wy1 | Uy12.noret rmb Rx0", "Wx2 wmb Wy1 | Ry1 rmb Ux01.noret",
    "Wx2 wmb Wy1 | Ry1 rmb Ux01", "Rz1 Wx1/d rmb Ry0 | Wy1 wmb Wz1", "Rv1 Wx1/d wmb Ry0 | Wy1 Wv1.rel",
    "Rz1 Ry0.rel Wx1/d | Wy1 wmb Wz1",
    // release sequences, cumulativity
    "Wx1 Wy1.rel | Uy12 | Ry2.acq Rx0", "Wx1 Wy1.rel | Uy12.noret | Uy23 | Ry3.acq Rx0", "Wx1 wmb Wy1 | Uy12 | Ry2.acq Rx0",
    "Wx1 wmb Wy1.plain | Uy12 | Ry2.acq Rx0", "Wx1 | Rx1 Wy1.rel | Ry1.acq Rx0", "Wx1 | Rx1 mb Wy1 | Ry1 rmb Rx0",
    "Wx1 Wy1.rel | Ry1 Wz1.rel | Rz1.acq Rx0", "Wx1 wmb Wy1 | Ry1 mb Wz1 | Rz1 Rx0/a",
    "Wx1 Wy1.rel | Uy12.full Wz1 | Rz1.acq Rx0", "Wx1 Uz01.full Wy1 | Ry1.acq Rx0",
    "Wx1 Wy1.rel | Uy12 wmb Wz1 | Rz1.acq Rx0", "Rx0 mb Wy1 | Ry1 Wx1/d", "Rx0 mb Wy1 | Ry1 Wz1.rel | Rz1 Wx1/d",
    "Rx0 mb Wz1 | Rz1 Wy1/d | Wx1 mb Wv1 | Rv1 Wy2", "Ry2 mb Wz1 | Rz1 Wy1/d | Wy2",
    // writes against writes, and orders out of overwrites
    "Wx2 wmb Wy1 | Ry1 Wx1/d", "Wx2 wmb Wy1 | Ry1 Wx1/c", "Wx2 Wy1.rel | Ry1.acq Wx1", "Wx1 mb Wy1 | Wy2 mb Rx0",
    "Wx2 mb Wy1 | Wy2 mb Wx1", "Wx2 wmb Wy1 | Ry1.acq Wz1.rel | Rz1 Wx1/d",
    "Wa1 wmb Wb1 | Rb1 Rd1 Ra0/a2 Wc1/d1 | Wc2 wmb Wd1", "Wx1 mb Wy1 | Ry1 mb Wz1 | Wz2 mb Rx0",
    "Wx1 wmb Wy1 | Wy2 wmb Wz1 | Ry1 Rz1.acq Rx0", "Wx1 Wy1.rel | Wy2 wmb Wz1 | Ry1 Rz1 Rx0/a",
    "Wx2 wmb Wy1 | Ry1 Rz0/a Wz1 Wz2 | Rz2 Wx1/d", "Wx2 wmb Wy1 | Ry1 Wz1/d Wz2 | Rz2 Wx1/d",
    "Wx2 wmb Wp1 | Rp1 Wq1.plain/a wmb Wy1 | Ry1 Wx1/d", "Wx1 mb Wp1 | Rp1 Wq1.plain/a wmb wmb Wy1 | Ry1 rmb Rx0",
    // a store that its own CPU reads before others may
    "Wx2 wmb Wy1 | Ry1 Wz1/c Rz1.acq Wx1", "Wx2 wmb Wy1 | Ry1 Wz1/c Rz1 Wx1/d", "Wx2 wmb Wy1 | Ry1 Wz1/d Rz1.acq Wx1", "Wx2 wmb Wy1 | Ry1 Wz1.plain/d Rz1.acq Wx1",
    // strong fences
    "Wx1 mb Ry0 | Wy1 mb Rx0", "Wx1 mb Wz1 | Rz1.acq Ry0 | Wy1 mb Rx0", "Ux01.full Ry0 | Wy1 mb Rx0",
    "Wx1 Uy01.full | Wy2 mb Rx0", "Wx1 Uz01.full Ry0 | Wy1 mb Rx0", "Wx1 Cz0.full Ry0 | Wy1 mb Rx0",
    "Wx1 before Uz01 Ry0 | Wy1 mb Rx0", "Wx1 before Uy01 | Wy2 mb Rx0", "Wx1 before Cy0 | Wy1 mb Rx0",
    "Wx1 before Ry0 | Wy1 mb Rx0", "Ux01.noret after Ry0 | Wy1 mb Rx0", "Wx1 Uz01.noret after Ry0 | Wy1 mb Rx0",
    "Wx1 mb Ry0 | Wy1 mb Rz0 | Wz1 mb Rx0", "Wx1 | Wy1 | Rx1 mb Ry0 | Ry1 mb Rx0", "Wx1 | Rx1 mb Ry0 | Wy1 mb Rx0",
    "Wx1 mb Wz1 | Rz1 rmb Ry0 | Wy1 mb Rx0", "Wx1 wmb Wy1 | Ry1 mb Rz0 | Wz1 mb Rx0", "Wx1 mb Wy1 | Ry1.acq Rz0 | Wz1 mb Rx0",
    "Wx1 | Rx1 Wv1.rel | Rv1 mb Ry0 | Wy1 mb Rx0",
    // locks
    "Ls01 Wx1 Vs2 | Ls23 Rx0 Vs4", "Wx1 wmb Wy1 | Ry1 Ls01 Vs2 Lt01 Rx0 Vt2", "Wx1 wmb Wy1 | Ls01 Ry1 Vs2 Lt01 Rx0 Vt2",
    "Ls01 Wx1 Vs2 Lt01 | Rt1 rmb Rx0", "Ls01 Wx1 Vs2 Lt01 Wy1 Vt2 | Ry1 rmb Rx0", "Ls01 Wx1 Vs2 | Ls23 Wy1 Vs4 | Ry1 rmb Rx0",
    "Wx1 | Rx1 Ls01 Vs2 Lt01 Wy1 Vt2 | Ry1.acq Rx0", "Ls01 Wx1 Vs2 | Ls23 Lt01 Wy1 Vt2 Vs4 | Ry1 rmb Rx0",
    "Ls01 Lt01 Wx1 Vs2 Vt2 | Lt23 Wy1 Vt4 | Ry1 rmb Rx0", "Ls01 Wx1 Vs2 | Ls23 Vs4 | Ls45 Wy1 Vs6 | Ry1 rmb Rx0",
    "Wx1 Ls01 after_spinlock Ry0 Vs2 | Wy1 mb Rx0", "Ls01 after_spinlock Ry0 Vs2 | Wy1 mb Rs0",
    "Wx1 Ls01 Vs2 Lt01 after_unlock_lock Ry0 Vt2 | Wy1 mb Rx0", "Wx1 Ls01 Vs2 | Ls23 after_unlock_lock Ry0 Vs4 | Wy1 mb Rx0",
    "Wx1 | Rx1 Ls01 Vs2 | Ls23 after_unlock_lock Ry0 Vs4 | Wy1 mb Rx0",
    "Wx1 | Rx1 Ls01 Vs2 Lt01 after_unlock_lock Ry0 Vt2 | Wy1 mb Rx0", "Ls01 Vs2 Lt01 after_unlock_lock Ry0 Vt2 | Wy1 mb Rs1",
    "Ls01 Vs2 | Ls23 after_unlock_lock Ry0 Vs4 | Wy1 mb Rs1", "Ls01 Wx1 after_spinlock Ry0 Vs2 | Wy1 mb Rx0",
    "Ls01 Wx1 Vs2 after_unlock_lock Lt01 Wy1 Vt2 | Ry1 mb Rx0",
};
// clang-format on

class Variants {
 public:
  // Compares the judges after every event of some variant of the shape. False: they disagree.
  bool Compare(const char* shape) {
    Graph g = GraphNotation::Parse(shape);
    for (int changes = Below(4); changes-- > 0;) Change(g.events[Below(g.size())]);
    for (int read = 0; read < g.size(); read++) {
      GraphEvent& e = g.events[read];
      if (e.kind == Kind::kRead && e.partner != kNotThere && Below(2) == 0) e.instruction = g.events[e.partner].instruction = read;
    }
    const std::vector<int> order = AnyOrder(g);
    Graph prefix;
    prefix.co.resize(g.co.size());
    PrefixJudge judge;
    for (int id = 0; id < g.size(); id++) {
      AddRenamed(g, order, id, prefix);
      const Axiom broken = BrokenIn(prefix);
      counts[static_cast<int>(broken)]++;
      if (judge.Append(prefix, id) != (broken == Axiom::kNone)) {
        ADD_FAILURE() << shape << ": the last event breaks " << AxiomName(broken) << ":\n" << Describe(prefix);
        return false;
      }
      if (broken != Axiom::kNone) break;
    }
    return true;
  }

  std::array<int, 6> counts{};

 private:
  int Below(int n) { return static_cast<int>(random_() % static_cast<u64>(n)); }

  void Change(GraphEvent& e) {
    if (e.thread == kInitialThread) return;
    if (e.kind == Kind::kFence) {
      e.fence = static_cast<FenceKind>(Below(kFenceKinds));
    } else if (!e.rmw && e.lock == LockKind::kNone) {
      e.order = static_cast<Order>(Below(4));
      if (Below(2) == 0) std::swap(e.addr, e.data);
      if (Below(4) == 0) e.addr.clear();
    }
  }

  // By event of the result: its number in the shape.
  std::vector<int> AnyOrder(const Graph& g) {
    std::vector<int> order, ready;
    std::vector<bool> done(g.size());
    while (static_cast<int>(order.size()) < g.size()) {
      ready.clear();
      for (int e = 0; e < g.size(); e++) {
        if (!done[e] && MayCome(g, e, done)) ready.push_back(e);
      }
      ORDEAL_CHECK(!ready.empty(), "a shape has a cycle of po and rf");
      order.push_back(ready[Below(static_cast<int>(ready.size()))]);
      done[order.back()] = true;
    }
    return order;
  }

  static bool MayCome(const Graph& g, int e, const std::vector<bool>& done) {
    if (g.events[e].rf != kNotThere && !done[g.events[e].rf]) return false;
    for (int p = 0; p < g.size(); p++) {
      const bool before =
          g.events[p].thread == kInitialThread ? g.events[e].thread != kInitialThread : p < e && g.events[p].thread == g.events[e].thread;
      if (before && !done[p]) return false;
    }
    return true;
  }

  static void AddRenamed(const Graph& g, const std::vector<int>& order, int id, Graph& prefix) {
    const auto renamed = [&](int old) { return old == kNotThere ? kNotThere : static_cast<int>(std::ranges::find(order, old) - order.begin()); };
    GraphEvent e = g.events[order[id]];
    e.rf = renamed(e.rf);
    e.partner = renamed(e.partner);
    for (std::vector<int>* reads : {&e.addr, &e.data, &e.ctrl}) {
      for (int& read : *reads) read = renamed(read);
    }
    if (e.kind == Kind::kWrite) {
      std::vector<int>& co = prefix.co[e.location];
      co.clear();
      for (int write : g.co[e.location]) {
        if (renamed(write) <= id) co.push_back(renamed(write));
      }
    }
    prefix.Add(e);
  }

  std::mt19937_64 random_{1};
};

// A longer run: ORDEAL_VARIANTS.
TEST(PrefixShapesTest, AgreesWithTheFullJudgeNearTheBorder) {
  const char* more = std::getenv("ORDEAL_VARIANTS");
  Variants variants;
  for (int k = 0; k < (more == nullptr ? ShareOf(100) : std::atoi(more)); k++) {
    for (const char* shape : kShapes) {
      if (!variants.Compare(shape)) FAIL();
    }
  }
  for (Axiom axiom : {Axiom::kNone, Axiom::kCoherence, Axiom::kAtomicity, Axiom::kHappensBefore, Axiom::kPropagation}) {
    RecordProperty(AxiomName(axiom), variants.counts[static_cast<int>(axiom)]);
  }
  if (TestShare() > 1) return;
  EXPECT_GT(variants.counts[static_cast<int>(Axiom::kHappensBefore)], 1000);
  EXPECT_GT(variants.counts[static_cast<int>(Axiom::kPropagation)], 1000);
}

}  // namespace
}  // namespace ordeal::model
