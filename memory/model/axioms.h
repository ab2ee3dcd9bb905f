// What do the axioms of every rung have in common?
//
// Coherence of one location, the atomicity of RMWs, and how a violated axiom is reported. Only the files of the rungs need this.
#pragma once
#include <algorithm>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "memory/model/judge.h"
#include "memory/model/lkmm.h"

namespace ordeal::model {

inline Judgement Forbidden(Axiom axiom, std::vector<int> cycle) {
  Judgement verdict;
  verdict.broken = axiom;
  verdict.cycle = std::move(cycle);
  return verdict;
}

// Is a violated axiom to be reported with the events on its shortest cycle, which takes far longer than to know that there is one?
inline thread_local bool t_cycles_wanted = true;

inline Judgement CheckAcyclic(Axiom axiom, const Relation& r) {
  if (!t_cycles_wanted) return r.IsAcyclic() ? Judgement() : Forbidden(axiom, {});
  std::vector<int> cycle = r.ShortestCycle();
  return cycle.empty() ? Judgement() : Forbidden(axiom, std::move(cycle));
}

// irreflexive a ; b
inline Judgement CheckIrreflexive(Axiom axiom, const Relation& a, const Relation& b) {
  Judgement verdict;
  a.ForEachPair([&](int from, int to) {
    if (verdict.allowed() && b.has(to, from)) verdict = Forbidden(axiom, from == to ? std::vector{from} : std::vector{from, to});
  });
  return verdict;
}

// Of several pairs the one that is complete first in event order: where the events are in execution order, the first to happen.
inline std::pair<int, int> EarliestPair(const Relation& pairs) {
  std::pair<int, int> best{kNotThere, kNotThere};
  pairs.ForEachPair([&](int a, int b) {
    if (best.first == kNotThere || std::max(a, b) < std::max(best.first, best.second)) best = {a, b};
  });
  return best;
}

// empty rmw & (fre ; coe)
inline Judgement CheckAtomicity(const lkmm::Execution& x) {
  const Relation fre = x.external(x.fr), coe = x.external(x.co);
  const auto [read, write] = EarliestPair(x.rmw & Compose(fre, coe));
  if (read == kNotThere) return {};
  int intruder = 0;
  while (!fre.has(read, intruder) || !coe.has(intruder, write)) intruder++;
  return Forbidden(Axiom::kAtomicity, {read, intruder, write});
}

// One location by itself is sequentially consistent on every machine.
inline Judgement CheckOneLocation(const lkmm::Execution& x) {
  Judgement verdict = CheckAcyclic(Axiom::kCoherence, (x.po & x.loc) | x.com);
  return verdict.allowed() ? CheckAtomicity(x) : verdict;
}

// RMWs that wrote nothing. To an instruction, unlike to the kernel, failure is no excuse: some keep a part of their order.
inline EventSet FailedRmws(const Graph& g) {
  EventSet failed(g.size());
  for (int e = 0; e < g.size(); e++) {
    if (g.events[e].rmw && g.events[e].partner == kNotThere) failed.add(e);
  }
  return failed;
}

// The reads of RMWs of this order, failed ones included.
inline EventSet RmwReads(const Graph& g, Order order) {
  EventSet reads(g.size());
  for (int e = 0; e < g.size(); e++) {
    const GraphEvent& event = g.events[e];
    if (event.rmw && event.kind == GraphEvent::Kind::kRead && event.order == order) reads.add(e);
  }
  return reads;
}

// Single-copy atomicity (si): the pieces of a load, or of a store, that meets accesses of other sizes are seen together.
inline Relation WithoutTearing(const Graph& g, Relation r) {
  std::map<std::tuple<int, int, GraphEvent::Kind>, int> first_piece;
  std::vector<int> node(g.size());
  for (int e = 0; e < g.size(); e++) {
    const GraphEvent& event = g.events[e];
    node[e] = event.instruction == kNotThere ? e : first_piece.try_emplace({event.thread, event.instruction, event.kind}, e).first->second;
  }
  if (first_piece.empty()) return r;
  Relation whole(g.size());
  r.ForEachPair([&](int a, int b) { whole.add(node[a], node[b]); });
  return whole;
}

}  // namespace ordeal::model
