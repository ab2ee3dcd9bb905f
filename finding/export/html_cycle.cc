#include "finding/export/html_cycle.h"

#include <algorithm>
#include <set>

#include "finding/export/shared_places.h"

namespace ordeal {

using model::EventType;
using model::kNoEvent;
using model::Trace;
using model::TraceEvent;

namespace {

bool LaterIn(const std::vector<u32>& stores, u32 first, u32 second) {
  const auto at = std::ranges::find(stores, second);
  if (at == stores.end()) return false;
  return first == kNoEvent || std::find(stores.begin(), at, first) != at;
}

// Is the access one that the repair changes or stands beside?
bool At(const TraceEvent& e, const Repair& r) {
  switch (r.kind) {
    case Repair::Kind::kPublish:
    case Repair::Kind::kConsume: return e.user && e.key.op == r.op;
    case Repair::Kind::kOrder:
    case Repair::Kind::kBarrierBefore:
    case Repair::Kind::kBarrierAfter: return e.site == r.site && r.site != 0;
    case Repair::Kind::kUndo:
    case Repair::Kind::kLock: return false;
  }
  return false;
}

}  // namespace

std::string RelationName(const Trace& t, u32 from, u32 to) {
  const TraceEvent& a = t.events[from];
  const TraceEvent& b = t.events[to];
  if (!IsAccess(a) || !IsAccess(b)) return a.cpu == b.cpu && from < to ? "program order" : "is ordered before";
  for (u32 granule = FirstGranule(a); granule <= LastGranule(a); ++granule) {
    if (granule < FirstGranule(b) || granule > LastGranule(b)) continue;
    if (ReadsFrom(b) && SourceOf(b, granule) == from) return "is read by";
    const std::vector<u32>& stores = StoresOf(t, granule);
    if (Writes(a) && Writes(b) && LaterIn(stores, from, to)) return "is overwritten by";
    if (ReadsFrom(a) && Writes(b) && LaterIn(stores, SourceOf(a, granule), to)) return "reads what is overwritten by";
  }
  return a.cpu == b.cpu && from < to ? "program order" : "is ordered before";
}

std::vector<CycleStep> CycleSteps(const Finding& f) {
  std::vector<CycleStep> steps;
  for (size_t k = 0; k < f.cycle.size(); ++k) {
    const u32 from = f.cycle[k], to = f.cycle[(k + 1) % f.cycle.size()];
    steps.push_back({from, to, RelationName(f.trace, from, to), nullptr});
  }
  if (f.cures.empty()) return steps;
  // Each repair mends the first program order of the cycle that it is at, and no other.
  for (const Repair& r : f.cures.front().repairs) {
    for (CycleStep& s : steps) {
      if (s.relation != "program order" || s.missing != nullptr) continue;
      if (!At(f.trace.events[s.from], r) && !At(f.trace.events[s.to], r)) continue;
      s.missing = &r;
      break;
    }
  }
  return steps;
}

std::vector<bool> HasPart(const Finding& f) {
  const std::vector<TraceEvent>& events = f.trace.events;
  std::vector<bool> part(events.size(), false);
  const auto mark = [&](u32 id) {
    if (id < part.size()) part[id] = true;
  };
  const auto mark_key = [&](AccessKey key, u8 cpu) {
    for (u32 id = 0; id < events.size(); ++id)
      if (events[id].key == key && events[id].cpu == cpu) mark(id);
  };
  for (const u32 id : f.cycle) mark(id);
  for (const Choice& c : f.choices) {
    mark(c.load);
    mark(c.store);
    for (const u32 id : c.cycle) mark(id);
  }
  for (const Difference& d : f.nearest) mark_key(d.at, d.cpu);
  if (f.verdict.race) {
    mark_key(f.verdict.race->first.key, f.verdict.race->first.cpu);
    mark_key(f.verdict.race->second.key, f.verdict.race->second.cpu);
  }
  // The op in which it showed, and who stored what it looked at. Without another CPU all of it is told, else what was shared.
  const u16 failed = f.verdict.effect ? f.verdict.effect->op : kInitOp;
  const SharedPlaces shared(f.trace);
  std::set<u32> looked_at;
  for (const TraceEvent& e : events)
    if (e.key.op == failed && IsAccess(e)) looked_at.insert({FirstGranule(e), LastGranule(e)});
  for (u32 id = 0; id < events.size(); ++id) {
    const TraceEvent& e = events[id];
    if (e.user && e.type == EventType::kFence) mark(id);
    if (!IsAccess(e)) continue;
    const bool alone = shared.granules().empty();
    if (e.user || (e.key.op == failed && (alone || shared.Touch(e)))) mark(id);
    if (Writes(e) && looked_at.contains(FirstGranule(e)) && (alone || shared.Touch(e))) mark(id);
    for (int k = 0; k < 2 && IsStale(e); ++k) {
      mark(id);
      if (e.rf[k] == e.newest[k]) continue;
      mark(e.rf[k]);
      mark(e.newest[k]);
    }
  }
  return part;
}

}  // namespace ordeal
