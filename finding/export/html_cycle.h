// Why does each access of the critical cycle come before the next, and which of these orders is the one that is missing?
#pragma once
#include <string>
#include <vector>

#include "finding/verdict.h"

namespace ordeal {

struct CycleStep {
  u32 from = 0, to = 0;             // events of the trace
  std::string relation;             // "program order", "is read by", "is overwritten by"
  const Repair* missing = nullptr;  // of the first cure: what would keep the two in order
};

std::vector<CycleStep> CycleSteps(const Finding& f);

// "program order", "is read by", "is overwritten by", "misses": what leads from one access to the other.
std::string RelationName(const model::Trace& t, u32 from, u32 to);

// Which accesses belong to the story? The others are counted and folded.
std::vector<bool> HasPart(const Finding& f);

}  // namespace ordeal
