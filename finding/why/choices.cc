#include "finding/why/choices.h"

#include <algorithm>

#include "finding/event_text.h"
#include "memory/model/ladder.h"
#include "memory/model/trace_to_graph.h"

namespace ordeal {
namespace {

using model::EventType;
using model::kNoEvent;
using model::Trace;
using model::TraceEvent;

constexpr size_t kMostLoads = 12;

// The execution up to and with this load, which reads `store`.
Trace Until(const Trace& trace, u32 load, u32 store) {
  Trace prefix;
  prefix.cpus = trace.cpus;
  prefix.events.assign(trace.events.begin(), trace.events.begin() + load + 1);
  prefix.events[load].rf[0] = store;
  for (const Trace::Location& l : trace.locations) {
    Trace::Location& kept = prefix.locations.emplace_back(Trace::Location{l.granule, {}});
    std::ranges::copy_if(l.stores, std::back_inserter(kept.stores), [&](u32 s) { return s < load; });
  }
  return prefix;
}

Choice Judged(const Trace& trace, u32 load, u32 store, model::Rung rung) {
  Choice c{.load = load, .store = store, .taken = trace.events[load].rf[0] == store};
  const model::TraceGraph t = model::TraceToGraph(Until(trace, load, store));
  const model::Judgement j = model::JudgeOn(rung, t.graph, false);
  c.allowed = j.allowed();
  if (c.allowed) return c;
  c.axiom = model::AxiomName(j.broken);
  for (const int e : j.cycle) {
    const u32 id = t.trace_event[e];
    if (id != kNoEvent && (c.cycle.empty() || c.cycle.back() != id)) c.cycle.push_back(id);
  }
  if (c.cycle.size() > 1 && c.cycle.back() == c.cycle.front()) c.cycle.pop_back();
  return c;
}

// Does a load up to this one read what is stored after this one? Then nobody can say what the prefix allows.
bool WaitsForLater(const Trace& trace, u32 load) {
  for (u32 id = 0; id <= load; ++id)
    for (const u32 source : trace.events[id].rf)
      if (source != kNoEvent && source > load) return true;
  return false;
}

bool Covers(const TraceEvent& store, const TraceEvent& load) { return store.addr < load.addr + load.bytes && load.addr < store.addr + store.bytes; }

bool Matters(const Finding& f, u32 id) {
  const TraceEvent& e = f.trace.events[id];
  if (e.type != EventType::kLoad || (e.addr >> 3) != ((e.addr + e.bytes - 1) >> 3)) return false;
  return IsStale(e) || std::ranges::find(f.cycle, id) != f.cycle.end() || (f.verdict.effect && f.verdict.effect->op == e.key.op);
}

}  // namespace

std::vector<Choice> ChoicesOf(const Finding& f, model::Rung rung) {
  std::vector<Choice> all;
  size_t loads = 0;
  for (u32 load = 0; load < f.trace.events.size() && loads < kMostLoads; ++load) {
    if (!Matters(f, load) || WaitsForLater(f.trace, load)) continue;
    const TraceEvent& e = f.trace.events[load];
    std::vector<u32> stores = {kNoEvent};
    for (const Trace::Location& l : f.trace.locations)
      if (l.granule == e.addr >> 3)
        std::ranges::copy_if(l.stores, std::back_inserter(stores), [&](u32 s) { return s < load && Covers(f.trace.events[s], e); });
    if (stores.size() < 2 || std::ranges::all_of(stores, [&](u32 s) { return s == kNoEvent || f.trace.events[s].cpu == e.cpu; }))
      continue;  // it could read nothing else
    ++loads;
    for (const u32 store : stores) all.push_back(Judged(f.trace, load, store, rung));
  }
  return all;
}

}  // namespace ordeal
