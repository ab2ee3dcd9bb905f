// What is the smallest program that fails in the same way?
//
// In two steps. While the program is large its one failing execution is replayed without this op and that decision: tens of thousands of
// tries a second; if that does not get far, executions with few deviations are searched for another one. Once it is small every execution is looked at on every rung, and what must stay is the conclusion: the violation, the
// rungs on which it happens, whose fault it is. The result is a function of the program and that conclusion alone, in canonical form, so that
// one bug gives the same bytes whoever found it.
#pragma once
#include "finding/investigate.h"

namespace ordeal {

struct ShrinkBudget {
  Bound small = {.executions = 2000, .promises = 0};  // each question of the second step
  Bound search = {.executions = 150, .promises = 0};  // each question of a search for any execution that shows the same
  u32 samples = 20000;                                // random executions on SC, for a finding that seems to need weak memory
  u32 plainer = 4000;                                 // random executions on each plainer machine
  u32 rounds = 8;                                     // of both steps, while it is not minimal
  u32 questions = 600;                                // of the second step, at most
};

// The finding's program is the machine's, before; the result's is, after. `minimal` is set if no op, CPU or decision could go.
Finding Shrunk(Investigator& investigator, Machine& machine, Finding f, const ShrinkBudget& budget = {});

}  // namespace ordeal
