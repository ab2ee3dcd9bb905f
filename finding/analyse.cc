#include "finding/analyse.h"

#include <algorithm>

#include "finding/why/choices.h"
#include "finding/why/cycle.h"
#include "finding/why/nearest.h"
#include "memory/model/buffering.h"

namespace ordeal {

namespace {

// Whoever looks for an execution that buffers loads must look at those, too.
CureBudget WithPromises(CureBudget budget) {
  budget.quick.promises = 1;
  budget.bound.samples = std::max<u32>(budget.bound.samples, 2000);
  return budget;
}

}  // namespace

void Explained(Investigator& investigator, Machine& machine, Finding* f, const AnalysisBudget& budget) {
  Trials trials(machine);
  trials.Load(f->reproducer);
  const model::Rung rung = model::IsWeak(investigator.rung()) ? investigator.rung() : model::Rung::kSc;
  f->cycle = CriticalCycle(f->trace);
  f->choices = ChoicesOf(*f, rung);
  f->nearest = NearestPassing(trials, *f, rung, budget.cure.quick);
  FindCures(trials, rung, model::BuffersLoads(f->trace) ? WithPromises(budget.cure) : budget.cure, f);
  f->analysed = true;
}

Finding Analysed(Investigator& investigator, Machine& machine, Finding f, const AnalysisBudget& budget) {
  Finding small = Shrunk(investigator, machine, std::move(f), budget.shrink);
  investigator.Conclude(&small);
  Explained(investigator, machine, &small, budget);
  return small;
}

}  // namespace ordeal
