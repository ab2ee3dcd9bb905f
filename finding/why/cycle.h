// Which accesses make the execution impossible where memory is sequentially consistent?
#pragma once
#include "finding/verdict.h"

namespace ordeal {

// A shortest cycle of program order, reads-from, coherence and from-reads, as events of the trace: each comes before the next and the last
// before the first (Shasha and Snir, TOPLAS 1988). Of each CPU no more than two accesses in a row. Empty: an interleaving explains it.
std::vector<u32> CriticalCycle(const model::Trace& trace);

}  // namespace ordeal
