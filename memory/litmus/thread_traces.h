// What might one thread of a litmus test do, whatever the others do?
//
// All its runs alone: each read returns every value that its location could hold. What a location could hold is found by iteration:
// its initial value, what is stored only if it was read (storable.h), and what any thread writes that reads such values. For tests only: independent
// of the engine.
#pragma once
#include <span>
#include <vector>

#include "memory/litmus/test.h"
#include "memory/litmus/thread.h"
#include "memory/model/graph.h"

namespace ordeal::litmus {

// How much an enumeration may take: in looks at it, one a candidate or so, and not in time, so that a loaded machine gives the same answer.
class Budget {
 public:
  explicit Budget(u64 looks) : left_(looks) {}
  bool Spent() {
    if (left_ != 0) --left_;
    return left_ == 0;
  }

 private:
  u64 left_;
};

// The elements that some thread touches, numbered, and the values that each could hold, the initial one first.
class Domains {
 public:
  explicit Domains(const Test& test) : test_(test) {}

  int LocationAt(u64 addr);
  int size() const { return static_cast<int>(places_.size()); }
  Place place(int location) const { return places_[location]; }
  const std::vector<u64>& all_values(int location) const { return values_[location]; }
  // Those that were known when the round began.
  std::span<const u64> values(int location) const { return {values_[location].data(), known_[location]}; }
  void Add(int location, u64 value);
  bool NextRound();  // false: nothing was added in the last one

 private:
  const Test& test_;
  std::vector<Place> places_;
  std::vector<std::vector<u64>> values_;
  std::vector<size_t> known_;
  bool grew_ = true;
};

struct ThreadTrace {
  std::vector<model::GraphEvent> events;   // the indices in them count from this trace's first event
  std::vector<u64> values;                 // by event: what it read or wrote
  std::vector<std::vector<int>> branches;  // by event: the reads that branches before it depended on, its own `ctrl` of which arms it is in
  ThreadState state;                       // at the end
};

struct ThreadTraces {
  Domains domains;
  std::vector<std::vector<ThreadTrace>> of_thread;
  bool truncated = false;  // some loop wanted more turns
};

// Only runs that come to their end. After the budget: some of them.
ThreadTraces TraceThreads(const Test& test, int turns, Budget& budget);

}  // namespace ordeal::litmus
