// How does a finding look in a trace viewer (Perfetto, chrome://tracing)?
#pragma once
#include <string>

#include "finding/verdict.h"

namespace ordeal {

// The JSON trace event format: a track a CPU, a slice an op, its accesses as slices inside it, an arrow where a CPU read what another
// stored, and the effect as an instant. The time is the position in the execution.
std::string ChromeTrace(const Finding& f);

}  // namespace ordeal
