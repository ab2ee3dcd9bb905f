// How is a failing execution that exact mode found written down as decisions?
#pragma once
#include <functional>
#include <optional>

#include "finding/investigate.h"

namespace ordeal {

// Is this execution the one that is wanted? `race`: it has one by the axioms, or (followed by the engine on views) is suspected of one.
using Wanted = std::function<bool(const Outcome& outcome, bool race)>;

// The first execution on `rung` that is wanted, fewest deviations first, as a finding with facts and decisions and without a headline. Of a
// rung beside which another one stands (ARMv8 and POWER) one that both allow, if there is one. Nothing if there is none within the bound,
// or none that the engine's views can follow (load buffering). The investigator's machine holds r's program and bugs before and after.
std::optional<Finding> FirstWanted(Investigator& investigator, Trials& trials, const Reproducer& r, model::Rung rung, const Bound& bound,
                                   const Wanted& wanted);

// Of the decisions of a finding, those without which it is not the same: same violation, race, contract, and allowed on the same rungs.
void DropDecisions(Investigator& investigator, Finding* f);

// Do two findings show the same, as far as one execution tells?
bool ShowTheSame(const Verdict& a, const Verdict& b);

}  // namespace ordeal
