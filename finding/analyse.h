// From a failing execution to an answer: smaller, classified, blamed, cured and explained.
#pragma once
#include "finding/cure/cure.h"
#include "finding/investigate.h"
#include "finding/shrink/shrink.h"

namespace ordeal {

struct AnalysisBudget {
  ShrinkBudget shrink;
  CureBudget cure;
};

// Of a finding as Look() gives it. Deterministic: a function of the finding alone. The machine's program and bugs are the result's, after.
Finding Analysed(Investigator& investigator, Machine& machine, Finding f, const AnalysisBudget& budget = {});

// The same of a finding that is as small as it should be: keeps its program and decisions.
void Explained(Investigator& investigator, Machine& machine, Finding* f, const AnalysisBudget& budget = {});

}  // namespace ordeal
