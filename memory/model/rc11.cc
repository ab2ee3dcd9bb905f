// RC11: C11's atomics as one would use them for the kernel's.
//
//   READ_ONCE, WRITE_ONCE, RMW_relaxed   relaxed       smp_mb and its kin   fence(seq_cst)
//   _acquire, spin_lock                  acquire       smp_rmb              fence(acquire)
//   _release, spin_unlock                release       smp_wmb              fence(release)
//   RMW    fence(seq_cst), acq_rel, fence(seq_cst); a cmpxchg that fails skips the second one and is relaxed
//   plain  non-atomic
// That a full RMW is acq_rel itself adds nothing to its fences. No access is seq_cst: of psc there remains that seq_cst fences are in one
// order that agrees with hb ; eco ; hb.
#include <algorithm>

#include "memory/model/axioms.h"
#include "memory/model/machines.h"

namespace ordeal::model {
namespace {

using lkmm::Execution;

// The graph with the fences of RMWs spelled out; `origin`: by new event, the old one that it is or stands beside.
struct Spelled {
  Graph graph;
  std::vector<int> origin;

  explicit Spelled(const Graph& g) {
    std::vector<int> renamed(g.size());
    for (int e = 0; e < g.size(); e++) {
      const GraphEvent& event = g.events[e];
      const bool full = event.rmw && event.order == Order::kFull, write = event.kind == GraphEvent::Kind::kWrite;
      if (full && !write) AddFence(event.thread, e);
      renamed[e] = Add(event, e);
      if (full && write) AddFence(event.thread, e);
    }
    const auto rename = [&](int& e) {
      if (e != kNotThere) e = renamed[e];
    };
    for (GraphEvent& event : graph.events) {
      rename(event.partner);
      rename(event.rf);
    }
    graph.co = g.co;
    for (std::vector<int>& writes : graph.co) std::ranges::for_each(writes, rename);
  }

 private:
  int Add(GraphEvent event, int from) {
    event.addr = event.data = event.ctrl = {};  // C11 has no dependencies
    origin.push_back(from);
    return graph.Add(std::move(event));
  }
  void AddFence(int thread, int beside) {
    GraphEvent fence;
    fence.thread = thread;
    fence.kind = GraphEvent::Kind::kFence;
    fence.fence = FenceKind::kMb;
    Add(fence, beside);
  }
};

Relation HappensBefore(const Execution& x, const EventSet& sc_fences) {
  const EventSet release_fences = x.fence(FenceKind::kWmb) | sc_fences, acquire_fences = x.fence(FenceKind::kRmb) | sc_fences;
  const Relation one = Relation::Identity(x.po.events());
  const Relation release_sequence = Compose((x.po & x.loc).Optional(), x.W & x.Marked, Compose(x.rf, x.rmw).Star());
  const Relation from = Compose(x.Release, one) | Compose(release_fences, x.po);
  const Relation to = Compose(one, x.Acquire) | Compose(x.po, acquire_fences);
  return (x.po | Compose(from, release_sequence, x.rf, x.R & x.Marked, to)).Plus();
}

std::pair<int, int> FindRace(const Execution& x, const Relation& hb) {
  Relation conflicts(x.po.events());
  ForEachBit((x.W - x.IW).words(), [&](int w) { conflicts.AddAll(w, (x.Marked.has(w) ? x.Plain : x.M - x.IW).words()); });
  return EarliestPair((conflicts & x.loc) - hb - hb.Inverse());
}

Judgement JudgeSpelled(const Execution& x, bool want_race) {
  EventSet sc_fences = x.fence(FenceKind::kMb);
  for (FenceKind f : {FenceKind::kBeforeAtomic, FenceKind::kAfterAtomic, FenceKind::kAfterSpinlock, FenceKind::kAfterUnlockLock}) {
    sc_fences = sc_fences | x.fence(f);
  }
  const Relation hb = HappensBefore(x, sc_fences), eco = x.com.Plus();
  if (Judgement v = CheckIrreflexive(Axiom::kHappensBeforeRc11, hb, eco); !v.allowed()) return v;
  if (Judgement verdict = CheckAtomicity(x); !verdict.allowed()) return verdict;
  if (Judgement verdict = CheckAcyclic(Axiom::kPsc, Compose(sc_fences, hb, eco, hb, sc_fences)); !verdict.allowed()) return verdict;
  Judgement verdict = CheckAcyclic(Axiom::kNoThinAir, x.po | x.rf);
  if (!verdict.allowed() || !want_race) return verdict;
  std::tie(verdict.race_first, verdict.race_second) = FindRace(x, hb);
  verdict.race = verdict.race_first != kNotThere;
  return verdict;
}

}  // namespace

Judgement JudgeRc11(const Graph& g, bool want_race) {
  const Spelled spelled(g);
  Judgement verdict = JudgeSpelled(Execution(spelled.graph), want_race);
  for (int& e : verdict.cycle) e = spelled.origin[e];
  for (int* e : {&verdict.race_first, &verdict.race_second}) {
    if (*e != kNotThere) *e = spelled.origin[*e];
  }
  return verdict;
}

}  // namespace ordeal::model
