#include "finding/why/cycle.h"

#include <algorithm>
#include <deque>

#include "finding/event_text.h"
#include "memory/model/trace_to_graph.h"

namespace ordeal {
namespace {

using model::Graph;
using model::GraphEvent;
using model::TraceGraph;

// By access of the trace: those that come right after it.
std::vector<std::vector<u32>> Successors(const model::Trace& trace, const TraceGraph& t) {
  const Graph& g = t.graph;
  std::vector<std::vector<u32>> next(trace.events.size());
  const auto edge = [&](int from, int to) {
    const u32 a = t.trace_event[from], b = t.trace_event[to];
    if (a != model::kNoEvent && b != model::kNoEvent && a != b) next[a].push_back(b);
  };
  std::vector<u32> last(kMaxCpus, model::kNoEvent);
  for (u32 e = 0; e < trace.events.size(); ++e) {
    if (!IsAccess(trace.events[e])) continue;
    u32& before = last[trace.events[e].cpu];
    if (before != model::kNoEvent) next[before].push_back(e);
    before = e;
  }
  for (const std::vector<int>& co : g.co)
    for (size_t i = 1; i < co.size(); ++i) edge(co[i - 1], co[i]);
  for (int e = 0; e < g.size(); ++e) {
    const GraphEvent& read = g.events[e];
    if (read.kind != GraphEvent::Kind::kRead || read.rf == model::kNotThere) continue;
    edge(read.rf, e);
    const std::vector<int>& co = g.co[read.location];
    const auto source = std::ranges::find(co, read.rf);
    if (source != co.end() && source + 1 != co.end()) edge(e, *(source + 1));
  }
  return next;
}

// A shortest way from `start` back to it.
std::vector<u32> ShortestCycle(const std::vector<std::vector<u32>>& next, u32 start) {
  std::vector<u32> from(next.size(), model::kNoEvent);
  std::deque<u32> todo = {start};
  while (!todo.empty()) {
    const u32 e = todo.front();
    todo.pop_front();
    for (const u32 n : next[e]) {
      if (n == start) {
        std::vector<u32> cycle;
        for (u32 at = e; at != start; at = from[at]) cycle.push_back(at);
        cycle.push_back(start);
        std::ranges::reverse(cycle);
        return cycle;
      }
      if (from[n] != model::kNoEvent) continue;
      from[n] = e;
      todo.push_back(n);
    }
  }
  return {};
}

// What lies between the first and the last of a CPU's accesses in a row says nothing.
std::vector<u32> EndsOnly(const model::Trace& trace, const std::vector<u32>& cycle) {
  const auto cpu = [&](size_t i) { return trace.events[cycle[i % cycle.size()]].cpu; };
  std::vector<u32> ends;
  for (size_t i = 0; i < cycle.size(); ++i)
    if (cpu(i + cycle.size() - 1) != cpu(i) || cpu(i + 1) != cpu(i)) ends.push_back(cycle[i]);
  return ends;
}

}  // namespace

std::vector<u32> CriticalCycle(const model::Trace& trace) {
  const TraceGraph t = model::TraceToGraph(trace);
  const std::vector<std::vector<u32>> next = Successors(trace, t);
  std::vector<u32> best;
  for (u32 e = 0; e < trace.events.size(); ++e) {
    const std::vector<u32> cycle = EndsOnly(trace, ShortestCycle(next, e));
    if (!cycle.empty() && (best.empty() || cycle.size() < best.size())) best = cycle;
  }
  return best;
}

}  // namespace ordeal
