// What must PrefixJudge say of a graph? For its tests.
#pragma once
#include <string>
#include <vector>

#include "memory/model/judge.h"

namespace ordeal::model {

// By Judge(). An RMW's write that is not there yet is taken to be a write to a location of its own, which no other event can see.
inline Axiom BrokenIn(Graph g) {
  for (int read = 0; read < g.size(); read++) {
    if (g.events[read].kind != GraphEvent::Kind::kRead || g.events[read].partner < g.size()) continue;
    GraphEvent write = g.events[read];
    write.kind = GraphEvent::Kind::kWrite;
    if (write.lock == LockKind::kLockRead) write.lock = LockKind::kLockWrite;
    write.rf = kNotThere;
    write.addr = write.data = write.ctrl = {};
    write.location = static_cast<int>(g.co.size());
    write.partner = read;
    g.events[read].partner = g.size();
    g.co.push_back({g.Add(write)});
  }
  const Axiom broken = Judge(g, false).broken;
  return broken == Axiom::kPlainCoherence ? Axiom::kNone : broken;
}

inline std::string Describe(const Graph& g) {
  std::string text;
  for (int id = 0; id < g.size(); id++) {
    const GraphEvent& e = g.events[id];
    text += std::to_string(id) + ": cpu " + std::to_string(e.thread) + " kind " + std::to_string(static_cast<int>(e.kind)) + " ";
    text += e.kind == GraphEvent::Kind::kFence ? "fence " + std::to_string(static_cast<int>(e.fence)) : OrderName(e.order);
    text += " lock " + std::to_string(static_cast<int>(e.lock)) + " rmw " + std::to_string(e.rmw) + " partner " + std::to_string(e.partner);
    text += " loc " + std::to_string(e.location) + " rf " + std::to_string(e.rf) + " instr " + std::to_string(e.instruction);
    for (int r : e.addr) text += " /a" + std::to_string(r);
    for (int r : e.data) text += " /d" + std::to_string(r);
    for (int r : e.ctrl) text += " /c" + std::to_string(r);
    text += "\n";
  }
  for (const std::vector<int>& order : g.co) {
    text += "co:";
    for (int w : order) text += " " + std::to_string(w);
    text += "\n";
  }
  return text;
}

}  // namespace ordeal::model
