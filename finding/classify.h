// Is it ordering at all, and whose fault is it? The program on every rung of the ladder, then with the contract enforced on the users.
#pragma once
#include "finding/trials.h"

namespace ordeal {

struct Budget {
  Bound rung = {.executions = 3000, .samples = 20000};       // for each rung of the ladder
  Bound enforced = {.executions = 20000, .samples = 20000};  // with the contract enforced
};

// Fills in ladder, headline and owner of a verdict whose facts (effect, race, contract, machines) are there. `rung`: where the execution
// was found. The trials' program and bugs are the reproducer's before and after.
void Classify(Trials& trials, const Reproducer& r, model::Rung rung, const Budget& budget, Verdict* verdict);

// Does the owner depend on whether it still fails with the contract enforced on the users? Where no weak memory is needed it does not. A breach
// is seen at a free. A race may come before that, and wrong contents may be an object's that came back from a hand-over without order: who
// frees it knows all accesses then, but those of the CPUs in between did not know each other.
bool EnforcementDecides(Violation violation, bool contract_broken);

// Who owes the repair of an ordering bug, by that test; `enforced`: what was counted. The trials' program and bugs are r's, after.
Owner OwnerByEnforcing(Trials& trials, const Reproducer& r, model::Rung rung, const Bound& bound, Violation violation, bool contract_broken,
                       Count* enforced);

// Whose bug is it that needs no weak memory?
Owner OwnerWithoutOrdering(Violation violation);

// The ladder up to and with `rung`, strongest first. Rungs beside the chain (LDAR, RC11, coherence) come after SC alone.
std::vector<model::Rung> LadderTo(model::Rung rung);

// "ordering/ARMv8+POWER": from the rungs that fail.
std::string HeadlineOf(const Verdict& verdict);

}  // namespace ordeal
