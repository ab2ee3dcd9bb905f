// What are all the executions of a litmus test, found the plain way?
//
// The oracle of the tests: every combination of what the threads might do (thread_traces.h) and of how each location's accesses might
// see each other (location_orders.h), and the axioms asked about each. Knows nothing of the engine; slow, for small tests.
#pragma once
#include <span>
#include <vector>

#include "memory/litmus/state.h"
#include "memory/model/rung.h"

namespace ordeal::litmus {

struct Enumeration {
  Answer answer;          // as RunReport::answer
  bool complete = false;  // within the budget
  u64 candidates = 0;     // asked about
  u64 executions = 0;     // allowed, before the filter
};

inline constexpr u64 kAllOfThem = UINT64_MAX;

// One for each rung, in their order. `looks`: Budget.
std::vector<Enumeration> Enumerate(const Test& test, std::span<const model::Rung> rungs, u64 looks = kAllOfThem, int turns = kDefaultTurns);
Enumeration Enumerate(const Test& test, model::Rung rung, u64 looks = kAllOfThem, int turns = kDefaultTurns);

}  // namespace ordeal::litmus
