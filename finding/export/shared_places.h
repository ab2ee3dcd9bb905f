// Through which places did the CPUs of an execution meet, and how do accesses to one place follow each other?
//
// A place is a granule: 8 bytes, addr >> 3.
#pragma once
#include <set>
#include <vector>

#include "finding/event_text.h"
#include "memory/model/trace.h"

namespace ordeal {

inline u32 FirstGranule(const model::TraceEvent& e) { return e.addr / 8; }
inline u32 LastGranule(const model::TraceEvent& e) { return (e.addr + e.bytes - 1) / 8; }

// A lock takes its word from somebody, too.
inline bool ReadsFrom(const model::TraceEvent& e) { return Reads(e) || e.type == model::EventType::kLock; }

// The store that the part in this granule was read from; kNoEvent: the initial value.
inline u32 SourceOf(const model::TraceEvent& e, u32 granule) { return e.rf[granule - FirstGranule(e)]; }

// The stores of a granule in modification order.
const std::vector<u32>& StoresOf(const model::Trace& trace, u32 granule);

// The first store behind the one that the access read from which takes bytes of the access; kNoEvent: none.
u32 OverwrittenBy(const model::Trace& trace, u32 access, u32 granule);

// The places that several CPUs touch and some CPU writes, and those that one access takes together with such a place.
class SharedPlaces {
 public:
  explicit SharedPlaces(const model::Trace& trace);
  bool Has(u32 granule) const { return granules_.contains(granule); }
  bool Touch(const model::TraceEvent& e) const { return IsAccess(e) && (Has(FirstGranule(e)) || Has(LastGranule(e))); }
  const std::set<u32>& granules() const { return granules_; }

 private:
  std::set<u32> granules_;
};

}  // namespace ordeal
