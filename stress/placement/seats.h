// How is a PU's place read out of hwloc's tree? Used by topology.cc alone.
#pragma once
#include <vector>

#include "stress/placement/topology.h"

namespace ordeal::stress {

// Every PU by logical number.
std::vector<Seat> SeatsOf(hwloc_topology* raw);
// The kernel's numbers of the NUMA nodes, by logical number.
std::vector<int> NodesOf(hwloc_topology* raw);
// Over all caches, in bytes; 0 if none tells.
int LongestCacheLineOf(hwloc_topology* raw);

}  // namespace ordeal::stress
