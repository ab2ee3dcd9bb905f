// On which node does a region's memory lie, and in pages of which size? What far memory and few TLB entries do to timing is half of a stress test.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "stress/placement/topology.h"

namespace ordeal::stress {

struct MemoryPlacement {
  enum class Kind {
    kLocal,       // the node of the seat that uses it
    kInterleave,  // page by page over all nodes
    kBind,        // the node that is named
    kRemote,      // a node that is not the seat's, the farthest where distances are known
  };
  Kind kind = Kind::kLocal;
  int node_os = -1;  // kBind: the kernel's number, as numactl has it
};

// "local", "interleave", "bind:N", "remote".
absl::StatusOr<MemoryPlacement> ParseMemoryPlacement(std::string_view text);

// The kernel's number of the node with the longest way from `node_os`, the first of equals (of all others, where distances are not told); -1 if there
// is no other that may be used.
int FarthestNode(const Topology& topology, int node_os);

// For the pages of [start, start + bytes), those that were touched before too; `seat` is who uses it. Read back before it is believed.
// FailedPrecondition where it cannot be: a description of a machine, no second node, no such node, a kernel or container that forbids it.
absl::Status PlaceMemory(const Topology& topology, const MemoryPlacement& placement, const Seat& seat, void* start, size_t bytes);

// "4k", "64k": pages of that size, which must be this machine's; "thp": transparent huge pages. Advice: whether huge pages are found is seen in
// /proc/self/smaps. `start` is a multiple of the page size.
absl::Status AdvisePages(std::string_view pages, void* start, size_t bytes);

}  // namespace ordeal::stress
