#include "finding/export/shared_places.h"

#include <algorithm>
#include <map>

namespace ordeal {

using model::kNoEvent;
using model::Trace;
using model::TraceEvent;

const std::vector<u32>& StoresOf(const Trace& trace, u32 granule) {
  static const std::vector<u32> kNone;
  for (const Trace::Location& l : trace.locations)
    if (l.granule == granule) return l.stores;
  return kNone;
}

u32 OverwrittenBy(const Trace& trace, u32 access, u32 granule) {
  const TraceEvent& e = trace.events[access];
  const std::vector<u32>& stores = StoresOf(trace, granule);
  auto at = stores.begin();
  if (const u32 source = SourceOf(e, granule); source != kNoEvent) {
    at = std::ranges::find(stores, source);
    if (at != stores.end()) ++at;
  }
  for (; at != stores.end(); ++at) {
    const TraceEvent& store = trace.events[*at];
    if (*at != access && store.addr < e.addr + e.bytes && e.addr < store.addr + store.bytes) return *at;
  }
  return kNoEvent;
}

SharedPlaces::SharedPlaces(const Trace& trace) {
  std::map<u32, std::set<u8>> cpus;
  std::set<u32> written;
  for (const TraceEvent& e : trace.events) {
    if (!IsAccess(e)) continue;
    for (u32 granule = FirstGranule(e); granule <= LastGranule(e); ++granule) {
      cpus[granule].insert(e.cpu);
      if (Writes(e)) written.insert(granule);
    }
  }
  for (const auto& [granule, who] : cpus)
    if (who.size() > 1 && written.contains(granule)) granules_.insert(granule);
  for (size_t before = 0; before != granules_.size();) {
    before = granules_.size();
    for (const TraceEvent& e : trace.events) {
      if (Touch(e)) granules_.insert({FirstGranule(e), LastGranule(e)});
    }
  }
}

}  // namespace ordeal
