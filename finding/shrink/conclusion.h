// What must stay the same while a program is made smaller? Not the crash: the conclusion.
#pragma once
#include <optional>
#include <string>

#include "finding/shrink/witness.h"

namespace ordeal {

struct Conclusion {
  Violation violation = Violation::kNone;  // kRace, kContract: without an effect
  std::string headline;
  Owner owner = Owner::kUnclear;
  model::Rung shown_on = model::Rung::kLkmm;  // the strongest rung on which it happens
  bool operator==(const Conclusion&) const = default;
};

// Of all executions of the program on the ladder to `rung`; `violation` is the one that must be among the effects on the strongest rung that
// fails. Nothing if there is no such execution, or if a rung on which nothing fails was not exhausted. Where several executions show it the
// first one, with the fewest deviations, says whether the contract is broken.
std::optional<Conclusion> ConclusionOf(Trials& trials, const Reproducer& r, model::Rung rung, const Bound& bound, Violation violation);

// Is this outcome the violation? kRace and kContract: no effect, and (as far as an outcome can tell) a race or a breach.
bool Shows(const Outcome& outcome, bool race, Violation violation);

}  // namespace ordeal
