#include "stress/placement/seats.h"

#include <algorithm>
#include <map>

#include "hwloc.h"

namespace ordeal::stress {
namespace {

// The nearest memory: a node that hangs from the PU's own ancestors. Nodes without processors and far, faster memories hang elsewhere.
hwloc_obj_t NearestNode(hwloc_obj_t pu) {
  for (hwloc_obj_t above = pu; above != nullptr; above = above->parent)
    for (hwloc_obj_t memory = above->memory_first_child; memory != nullptr; memory = memory->memory_first_child)  // through memory-side caches
      if (memory->type == HWLOC_OBJ_NUMANODE) return memory;
  return nullptr;
}

// Fills in what lies above the PU; `last_cache` is the cache farthest from it, or null.
Seat SeatOf(hwloc_obj_t pu, int cores_told_of, hwloc_obj_t& last_cache) {
  Seat s;
  s.logical = static_cast<int>(pu->logical_index);
  s.os = static_cast<int>(pu->os_index);
  s.core = cores_told_of + s.logical;
  last_cache = nullptr;
  for (hwloc_obj_t above = pu->parent; above != nullptr; above = above->parent) {
    const int number = static_cast<int>(above->logical_index);
    if (above->type == HWLOC_OBJ_CORE) s.core = number;
    if (above->type == HWLOC_OBJ_PACKAGE) s.package = number;
    if (above->type == HWLOC_OBJ_L2CACHE) s.l2 = number;
    if (above->type == HWLOC_OBJ_L3CACHE) s.l3 = number;
    if (hwloc_obj_type_is_dcache(above->type)) last_cache = above;
  }
  if (const hwloc_obj_t node = NearestNode(pu); node != nullptr) {
    s.node = static_cast<int>(node->logical_index);
    s.node_os = static_cast<int>(node->os_index);
  }
  return s;
}

}  // namespace

std::vector<Seat> SeatsOf(hwloc_topology* raw) {
  std::vector<Seat> seats;
  std::map<hwloc_obj_t, int> caches;
  const int cores = std::max(hwloc_get_nbobjs_by_type(raw, HWLOC_OBJ_CORE), 0);
  for (hwloc_obj_t pu = nullptr; (pu = hwloc_get_next_obj_by_type(raw, HWLOC_OBJ_PU, pu)) != nullptr;) {
    hwloc_obj_t last = nullptr;
    seats.push_back(SeatOf(pu, cores, last));
    if (last != nullptr) seats.back().last_cache = caches.emplace(last, static_cast<int>(caches.size())).first->second;
    seats.back().kind = hwloc_cpukinds_get_by_cpuset(raw, pu->cpuset, 0);
  }
  return seats;
}

std::vector<int> NodesOf(hwloc_topology* raw) {
  std::vector<int> nodes;
  for (hwloc_obj_t node = nullptr; (node = hwloc_get_next_obj_by_type(raw, HWLOC_OBJ_NUMANODE, node)) != nullptr;)
    nodes.push_back(static_cast<int>(node->os_index));
  return nodes;
}

int LongestCacheLineOf(hwloc_topology* raw) {
  unsigned longest = 0;
  for (int depth = 0; depth < hwloc_topology_get_depth(raw); ++depth) {
    if (!hwloc_obj_type_is_dcache(hwloc_get_depth_type(raw, depth))) continue;
    for (hwloc_obj_t cache = nullptr; (cache = hwloc_get_next_obj_by_depth(raw, depth, cache)) != nullptr;)
      longest = std::max(longest, cache->attr->cache.linesize);
  }
  return static_cast<int>(longest);
}

}  // namespace ordeal::stress
