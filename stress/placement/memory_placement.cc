#include "stress/placement/memory_placement.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "hwloc.h"

namespace ordeal::stress {
namespace {

using Kind = MemoryPlacement::Kind;
using Bitmap = std::unique_ptr<hwloc_bitmap_s, void (*)(hwloc_bitmap_t)>;

absl::Status Cannot(absl::string_view what, absl::string_view why) {
  return absl::FailedPreconditionError(absl::StrCat("memory: ", what, ": ", why));
}

// The kernel's latencies from one node to another; 0 where they are not known.
uint64_t Distance(hwloc_topology* raw, int from_os, int to_os) {
  unsigned count = 1;
  hwloc_distances_s* matrix = nullptr;
  if (hwloc_distances_get_by_type(raw, HWLOC_OBJ_NUMANODE, &count, &matrix, HWLOC_DISTANCES_KIND_MEANS_LATENCY, 0) != 0 || count == 0) return 0;
  const hwloc_obj_t from = hwloc_get_numanode_obj_by_os_index(raw, static_cast<unsigned>(from_os)),
                    to = hwloc_get_numanode_obj_by_os_index(raw, static_cast<unsigned>(to_os));
  hwloc_uint64_t there = 0, back = 0;
  const bool known = from != nullptr && to != nullptr && hwloc_distances_obj_pair_values(matrix, from, to, &there, &back) == 0;
  hwloc_distances_release(raw, matrix);
  return known ? there : 0;
}

// Only nodes that a cpuset lets us take memory from.
bool Allowed(const Topology& t, int node_os) {
  return hwloc_bitmap_isset(hwloc_topology_get_allowed_nodeset(t.raw()), static_cast<unsigned>(node_os));
}

absl::Status FillNodes(const Topology& t, const MemoryPlacement& p, const Seat& seat, hwloc_bitmap_t nodes) {
  int node = seat.node_os;
  if (p.kind == Kind::kInterleave)
    return hwloc_bitmap_copy(nodes, hwloc_topology_get_allowed_nodeset(t.raw())) == 0
               ? absl::OkStatus()
               : absl::ResourceExhaustedError("memory: no memory for a set of nodes");
  if (p.kind == Kind::kRemote) {
    node = FarthestNode(t, seat.node_os);
    if (node < 0) return Cannot("remote", "there is no second NUMA node that may be used");
  }
  if (p.kind == Kind::kBind) node = p.node_os;
  bool exists = false;
  for (const int os : t.nodes_os()) exists |= os == node;
  if (!exists) return Cannot(absl::StrCat("node P#", node), "this machine has no such NUMA node");
  if (!Allowed(t, node)) return Cannot(absl::StrCat("node P#", node), "may not be used by this process");
  return hwloc_bitmap_only(nodes, static_cast<unsigned>(node)) == 0 ? absl::OkStatus()
                                                                    : absl::ResourceExhaustedError("memory: no memory for a set of nodes");
}

}  // namespace

int FarthestNode(const Topology& t, int node_os) {
  int best = -1;
  uint64_t far = 0;
  for (const int other : t.nodes_os()) {
    if (other == node_os || !Allowed(t, other)) continue;
    if (const uint64_t d = Distance(t.raw(), node_os, other); best < 0 || d > far) best = other, far = d;
  }
  return best;
}

absl::StatusOr<MemoryPlacement> ParseMemoryPlacement(std::string_view text) {
  const std::string word(text);
  if (word == "local") return MemoryPlacement{};
  if (word == "interleave") return MemoryPlacement{Kind::kInterleave};
  if (word == "remote") return MemoryPlacement{Kind::kRemote};
  int node = -1;
  if (word.rfind("bind:", 0) == 0 && word.find_first_not_of("0123456789", 5) == std::string::npos && absl::SimpleAtoi(word.substr(5), &node))
    return MemoryPlacement{Kind::kBind, node};
  return absl::InvalidArgumentError(absl::StrCat("memory: expected local, interleave, remote or bind:N, got \"", word, "\""));
}

absl::Status PlaceMemory(const Topology& topology, const MemoryPlacement& placement, const Seat& seat, void* start, size_t bytes) {
  if (!topology.this_system()) return Cannot("cannot be placed", "the topology is not this machine");
  const Bitmap nodes(hwloc_bitmap_alloc(), hwloc_bitmap_free), got(hwloc_bitmap_alloc(), hwloc_bitmap_free);
  if (nodes == nullptr || got == nullptr) return absl::ResourceExhaustedError("memory: no memory for a set of nodes");
  if (absl::Status s = FillNodes(topology, placement, seat, nodes.get()); !s.ok()) return s;
  const hwloc_membind_policy_t policy = placement.kind == Kind::kInterleave ? HWLOC_MEMBIND_INTERLEAVE : HWLOC_MEMBIND_BIND;
  const int flags = HWLOC_MEMBIND_BYNODESET | HWLOC_MEMBIND_STRICT;
  if (hwloc_set_area_membind(topology.raw(), start, bytes, nodes.get(), policy, flags | HWLOC_MEMBIND_MIGRATE) != 0)
    return Cannot("cannot be bound", std::strerror(errno));
  hwloc_membind_policy_t now = HWLOC_MEMBIND_DEFAULT;
  if (hwloc_get_area_membind(topology.raw(), start, bytes, got.get(), &now, flags) != 0)
    return Cannot("the binding cannot be read back", std::strerror(errno));
  if (now != policy || !hwloc_bitmap_isequal(got.get(), nodes.get())) return Cannot("was bound", "but reads back otherwise");
  return absl::OkStatus();
}

absl::Status AdvisePages(std::string_view pages, void* start, size_t bytes) {
  const std::string word(pages);
  const long size = sysconf(_SC_PAGESIZE);
  if (word != "4k" && word != "64k" && word != "thp")
    return absl::InvalidArgumentError(absl::StrCat("pages: expected 4k, 64k or thp, got \"", word, "\""));
  if (word != "thp" && size != (word == "4k" ? 4096 : 65536))
    return absl::FailedPreconditionError(absl::StrCat("pages: ", word, ": the pages of this machine are of ", size / 1024, "k"));
  if (reinterpret_cast<uintptr_t>(start) % static_cast<uintptr_t>(size) != 0)
    return absl::InvalidArgumentError(absl::StrCat("pages: expected a region that begins at a page, of ", size, " bytes"));
  if (madvise(start, bytes, word == "thp" ? MADV_HUGEPAGE : MADV_NOHUGEPAGE) == 0) return absl::OkStatus();
  if (word != "thp" && errno == EINVAL) return absl::OkStatus();  // a kernel without transparent huge pages: small ones are all that it has
  return absl::FailedPreconditionError(absl::StrCat("pages: ", word, ": ", std::strerror(errno)));
}

}  // namespace ordeal::stress
