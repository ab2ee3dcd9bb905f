// What is the least that would make every execution of this program pass, and which barriers does it not need at all?
//
// Every candidate is put in force inside the engine and the whole bound is run with it. A repair on the allocator's side that hides what the
// user owes is no cure: the contract is looked at in every execution, too.
#pragma once
#include "finding/trials.h"

namespace ordeal {

struct CureBudget {
  Bound bound = {.executions = 3000};                 // of each validation
  Bound quick = {.executions = 2000, .promises = 0};  // a look that turns most candidates away
  int singles = 8, pairs = 300;                       // cures that are told; pairs that are tried if no single change is one
};

// Fills in cures, band_aids and unneeded. The trials' program is the finding's before and after.
void FindCures(Trials& trials, model::Rung rung, const CureBudget& budget, Finding* f);

}  // namespace ordeal
