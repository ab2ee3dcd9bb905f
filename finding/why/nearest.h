// How little would have to be different for nothing to go wrong?
#pragma once
#include "finding/trials.h"

namespace ordeal {

// What differs between the failing execution and the one most like it, among those of the bound, in which nothing fails: loads that read
// another store, stores that stand elsewhere. Empty: none passes, or none was looked at. The trials' program is the finding's.
std::vector<Difference> NearestPassing(Trials& trials, const Finding& f, model::Rung rung, const Bound& bound);

}  // namespace ordeal
