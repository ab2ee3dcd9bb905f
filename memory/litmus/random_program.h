// What does a litmus test look like that nobody thought of?
//
// Small random programs, as text: 2 or 3 threads over a few variables and a lock, with all kinds of accesses, fences, dependencies
// and arms, few enough of them for the enumerator. For tests only.
#pragma once
#include <string>

#include "memory/order.h"

namespace ordeal::litmus {

// The same program for the same seed. Every register and variable is observed.
std::string RandomProgram(u64 seed);

}  // namespace ordeal::litmus
