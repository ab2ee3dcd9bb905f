// What can go from a program and its decisions while the one execution still shows the same? The first step of shrink.h.
#pragma once
#include "finding/investigate.h"
#include "finding/trials.h"

namespace ordeal {

// Decisions, planted bugs, ops: everything that the execution does not need. At a fixed point.
void ShrinkByReplay(Investigator& investigator, Trials& trials, Finding* f);

}  // namespace ordeal
