// By which rule do the threads of a crew get their PUs? How near they lie decides which buffers, caches and links their accesses meet in.
#pragma once
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace ordeal::stress {

enum class Policy {
  kSpread,   // as far from each other as the machine allows: packages, then nodes, caches, cores
  kCompact,  // next to each other in hwloc's order: siblings, then cores of one cache
  kSmt,      // siblings of one core: one store buffer or its halves, one L1
  kCache,    // different cores under one last-level cache
  kPackage,  // dealt over packages: lines travel the link between them
  kNode,     // dealt over NUMA nodes
  kRandom,   // drawn anew every epoch
  kList,     // the OS numbers that were named, in their order
  kRotate,   // those of the others but kList that this machine can do, one an epoch
};

const char* PolicyName(Policy policy);
absl::StatusOr<Policy> ParsePolicy(std::string_view name);

// What kRotate goes through, in this order.
const std::vector<Policy>& RotatedPolicies();

}  // namespace ordeal::stress
