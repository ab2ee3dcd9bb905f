#include "memory/model/judge.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "memory/model/axioms.h"
#include "memory/model/lkmm.h"

namespace ordeal::model {
namespace {

using lkmm::Execution;
using lkmm::Visibility;

// linux-kernel.cat, pre-race: two accesses of different CPUs, at least one of them plain.
Relation RaceCandidates(const Execution& x) {
  Relation pairs(x.po.events());
  ForEachBit(x.M.words(), [&](int a) {
    if (x.Plain.has(a)) {
      pairs.AddAll(a, x.M.words());
    } else if (!x.IW.has(a)) {
      pairs.AddAll(a, x.Plain.words());
    }
  });
  return x.external(pairs);
}

// linux-kernel.cat, plain-coherence: what is ordered cannot be seen the other way round.
Judgement CheckPlainCoherence(const Execution& x, const Visibility& v, const Relation& candidates) {
  const Relation backwards = (x.rf & v.rw_xbstar.Inverse()) | (x.fr & v.wr_vis.Inverse()) | (x.co & v.ww_vis.Inverse());
  const auto [first, second] = EarliestPair(candidates & backwards);
  if (first == kNotThere) return {};
  return Forbidden(Axiom::kPlainCoherence, {first, second});
}

// linux-kernel.cat, ww-race, wr-race and rw-race: conflicting accesses that nothing orders. A write that is plain may be
// compiled into something that reads first, hence ww-race's demands on both sides.
std::pair<int, int> FindRace(const Execution& x, const Visibility& v, const Relation& candidates) {
  Relation first_safe = v.rw_xbstar, second_safe = v.wr_vis;
  ForEachBit((x.Marked & x.W).words(), [&](int w) { first_safe.AddAll(w, x.W.words()); });
  ForEachBit(x.W.words(), [&](int w) { second_safe.AddAll(w, x.Marked.words()); });
  const Relation ww_race = (candidates & x.co) - (v.ww_vis & first_safe & second_safe);
  const Relation wr_race = (candidates & Compose(x.co.Optional(), x.rf)) - v.wr_vis - v.rw_xbstar.Inverse();
  const Relation rw_race = (candidates & x.fr) - v.rw_xbstar;
  return EarliestPair(ww_race | wr_race | rw_race);
}

Judgement JudgePlain(const Execution& x, const Visibility& v, bool want_race) {
  const Relation candidates = RaceCandidates(x);
  Judgement verdict = CheckPlainCoherence(x, v, candidates);
  if (!verdict.allowed() || !want_race) return verdict;
  std::tie(verdict.race_first, verdict.race_second) = FindRace(x, v, candidates);
  verdict.race = verdict.race_first != kNotThere;
  return verdict;
}

// Whole instructions are the nodes: an access of mixed size is not torn, and nothing comes between the halves of an RMW.
Relation InterleavingOrder(const Graph& g) {
  std::vector<int> node(g.size());
  std::map<std::pair<int, int>, int> of_instruction;
  for (int e = 0; e < g.size(); e++) {
    node[e] = e;
    const GraphEvent& event = g.events[e];
    if (event.kind == GraphEvent::Kind::kWrite && event.partner != kNotThere) node[e] = node[event.partner];
    if (event.instruction != kNotThere) node[e] = of_instruction.try_emplace({event.thread, event.instruction}, node[e]).first->second;
  }
  const Execution x(g);
  Relation order(g.size());
  (x.po | x.com).ForEachPair([&](int a, int b) {
    if (node[a] != node[b]) order.add(node[a], node[b]);
  });
  return order;
}

}  // namespace

Judgement Judge(const Graph& g, bool want_race) {
  const Execution x = lkmm::CarryDependencies(Execution(g));
  if (Judgement verdict = CheckOneLocation(x); !verdict.allowed()) return verdict;
  const lkmm::Fences fences(x);
  const lkmm::Ordering order(x, fences);
  if (Judgement verdict = CheckAcyclic(Axiom::kHappensBefore, order.hb); !verdict.allowed()) return verdict;
  if (Judgement verdict = CheckAcyclic(Axiom::kPropagation, order.pb); !verdict.allowed()) return verdict;
  if (x.Plain.empty()) return {};
  return JudgePlain(x, Visibility(x, fences, order), want_race);
}

Judgement JudgeInterleaving(const Graph& g) { return CheckAcyclic(Axiom::kInterleaving, InterleavingOrder(g)); }

bool IsSequentiallyConsistent(const Graph& g) { return InterleavingOrder(g).IsAcyclic(); }

}  // namespace ordeal::model
