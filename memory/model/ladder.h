// Does this rung of the ladder allow the execution?
//
// Exact, for every rung and on the same graph. Whatever a rung allows, those right of it in rung.h's chain allow too, as long as
// smp_mb__before_atomic() and its kin stand beside an RMW or a lock: elsewhere they are nothing on x86 and barriers on other machines.
#pragma once
#include "memory/model/graph.h"
#include "memory/model/judge.h"
#include "memory/model/rung.h"

namespace ordeal::model {

// Data races: those of the LKMM and of RC11, each by its own definition. The machines and SC have none. An execution that is
// sequential, one whole operation after another, cannot be told from an interleaving: kSequential is judged as kSc.
Judgement JudgeOn(Rung rung, const Graph& g, bool want_race);
// JudgeOn(rung, g, false).allowed(), and sooner where it is not.
bool AllowedOn(Rung rung, const Graph& g);

}  // namespace ordeal::model
