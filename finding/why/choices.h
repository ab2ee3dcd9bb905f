// What else could a load have read, and what forbids the rest?
#pragma once
#include "finding/verdict.h"

namespace ordeal {

// For each load that matters (stale ones, those of the critical cycle, those of the op that failed): every store to its location that had
// been made by then, and whether the rung's axioms allow the execution so far with this store instead. Loads of one granule; not the loads
// inside read-modify-writes, whose atomicity leaves no choice.
std::vector<Choice> ChoicesOf(const Finding& f, model::Rung rung);

}  // namespace ordeal
