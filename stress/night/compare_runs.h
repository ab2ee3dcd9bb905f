// Do two runs differ: two machines, or one with a barrier and one without? Scenario by scenario, by how often the outcome that is asked about came.
#pragma once
#include <string>

#include "stress/night/tally.h"

namespace ordeal::stress {

// A head and a line for each scenario that ran in both: its rates in the first and in the second, and what Fisher's test says of the first beside
// the second. Then those that ran in one alone, and why nothing can be compared if nothing can.
std::string CompareRuns(const NightTally& first, const NightTally& second);

}  // namespace ordeal::stress
