// Which loads of this execution could have returned what was stored after them?
//
// Load buffering cannot be drawn while an execution runs: what a load would return is not there yet. So search looks at an execution that it has
// recorded, takes a load and a store that came after it because of it, and runs the program again with the load promised that value
// (DecisionKind::kPromise). Whether the result is an execution, the engine and the judge say.
#pragma once
#include <cstddef>
#include <vector>

#include "memory/decision.h"
#include "memory/model/trace.h"

namespace ordeal::model {

// Does a load of this execution return what is stored after it?
bool BuffersLoads(const Trace& trace);

// Promises that are worth a try, in the order of the trace: to a plain or relaxed load, of what a store of another CPU brought to all of its bytes, where the
// load's CPU went on to store something that the other one had learned of by then (else the load might simply have come later), and where the value differs
// from what was read; and where the load's CPU has not accessed the place again by then (coherence). Of the stores to one place by one CPU the first such. At most `most`.
Decisions PromisesIn(const Trace& trace, std::size_t most);

// The decisions of that execution, with one promise more: so many of them, drawn at random.
std::vector<Decisions> WithPromises(const Trace& trace, const Decisions& decisions, u64 seed, std::size_t n);

}  // namespace ordeal::model
