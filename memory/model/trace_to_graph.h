// What is the execution graph of a recorded execution?
//
// The LKMM knows whole variables only; a trace has accesses of any size over the same bytes. Within each granule (8 bytes) the
// bytes are split into atoms, the largest sets that every access of the trace takes together or not at all. A location is one
// atom, and an access is one event per atom that it covers: with accesses of one size, exactly the LKMM.
#pragma once
#include <vector>

#include "memory/model/graph.h"
#include "memory/model/trace.h"

namespace ordeal::model {

enum class Keep : u8 {
  kEverything,
  // The user's side of the contract: every access to an object happens before its free, by edges that users made. Kept are the user's
  // accesses and fences alone, so that what the allocator's locks and atomics order does not count. Each CPU's accesses to a lifetime of
  // an object are a location of their own, to which its free is a plain store: a data race is then an access that no edge orders before
  // the free, and nothing else. The allocation is a store of the CPU that made it.
  kUserOnly,
};

struct TraceGraph {
  struct Location {
    u32 object;   // lifetime; 0: not an object, or everything is kept
    u32 granule;  // addr >> 3; of an object in kUserOnly: the CPU
    u8 bytes;     // the atom: bit b set if byte b of the granule belongs to it
  };

  Graph graph;
  std::vector<u32> trace_event;     // by event of the graph: its index in Trace::events; kNoEvent for an initial write
  std::vector<Location> locations;  // by location of the graph
};

TraceGraph TraceToGraph(const Trace& trace, Keep keep = Keep::kEverything);

}  // namespace ordeal::model
