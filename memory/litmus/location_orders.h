// In which ways can the accesses of one location see each other?
//
// Every coherence order with every choice of what the reads read, such that the location by itself is sequentially consistent and
// nothing comes between the halves of an RMW. For tests only.
#pragma once
#include <span>
#include <utility>
#include <vector>

#include "memory/litmus/thread_traces.h"

namespace ordeal::litmus {

struct LocationOrder {
  std::vector<int> co;                  // the initial write at the front
  std::vector<std::pair<int, int>> rf;  // (read, write)
};

// `values`: by event. The initial write of the location is the event of that number.
std::vector<LocationOrder> OrdersOf(const model::Graph& graph, std::span<const u64> values, int location, Budget& budget);

}  // namespace ordeal::litmus
