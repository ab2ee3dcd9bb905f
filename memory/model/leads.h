// How does the engine that runs on views come to an execution that exact mode has found?
//
// Access by access (RunOptions::leads): what it records on the way are the Decisions that replay it. The views follow every execution
// whose po | rf is acyclic, but for an RMW that goes before a store that it comes after by po | rf, for stores that go between others of
// another size, and beyond the length of a history; and load buffering (as built) through loads that read one store made later: who asks for the
// execution looks at what came out.
#pragma once
#include "memory/model/exact.h"
#include "memory/model/schedule.h"

namespace ordeal::model {

enum class InOrder : u8 {
  kAsInterleaved,  // in which every load reads the newest store, as far as there is such an order; a CPU goes on as long as it can
  kRmwsInTime,     // in which every RMW comes before the stores that follow it in modification order, as far as there is such an order
  kAsBuilt,        // in which exact mode made the accesses
};

// Empty: there is no such order; load buffering has none but kAsBuilt.
Leads LeadsOf(const Execution& execution, InOrder order);

// A recorded execution, as it was made. Followed by another program (one with fewer ops), what is there still is made in the same order.
Leads LeadsOf(const Trace& trace);

}  // namespace ordeal::model
