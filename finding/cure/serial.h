// Did one op run after the other, as far as anybody can tell?
#pragma once
#include "memory/model/exact.h"

namespace ordeal {

// Do all edges (reads-from, coherence, from-reads) between the accesses of these ops go one way? A lock around both makes it so. Executions
// in which they do not are those that such a lock forbids; it may forbid more.
bool OneAfterTheOther(const model::Execution& x, u16 a, u16 b);

}  // namespace ordeal
