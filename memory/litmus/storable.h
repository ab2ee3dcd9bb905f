// What could be stored only because it was read?
//
// Load buffering goes by promises of values (memory/model/exact.h), and what is seen to be stored is not all of them: where a branch
// goes a way that no value known to be there leads to, what is stored behind it may be what leads there. So the threads are
// followed with sets of values for registers and variables, first where these lead, then both ways at every branch; what the second adds is the answer. Data
// that goes round (x = x + 1) has no end; but a value that is really there comes by a chain of stores, each made once, so as many
// rounds as the test makes stores are enough. Thread-safe.
#pragma once
#include <vector>

#include "memory/litmus/test.h"

namespace ordeal::litmus {

struct StorableValue {
  u64 address;
  u8 bytes;  // a spinlock has fewer than other variables
  int thread;
  u64 value;
};

struct StorableValues {
  std::vector<StorableValue> values;
  bool all = true;  // false: there may be more, some place or register has kMostValues
};

inline constexpr size_t kMostValues = 256;

// `turns`: of a loop, as for RunThread().
StorableValues StoredOnlyIfRead(const Test& test, int turns);

}  // namespace ordeal::litmus
