#include "finding/analyse.h"

#include <algorithm>

#include "finding/why/choices.h"
#include "finding/why/cycle.h"
#include "finding/why/nearest.h"
#include "memory/model/buffering.h"

namespace ordeal {

void Explained(Investigator& investigator, Machine& machine, Finding* f, const AnalysisBudget& budget) {
  Trials trials(machine);
  trials.Load(f->reproducer);
  const model::Rung rung = model::IsWeak(investigator.rung()) ? investigator.rung() : model::Rung::kSc;
  f->cycle = CriticalCycle(f->trace);
  f->choices = ChoicesOf(*f, rung);
  f->nearest = NearestPassing(trials, *f, rung, budget.cure.quick);
  FindCures(trials, rung, budget.cure, f);
  f->analysed = true;
}

namespace {

// Whoever looks for an execution that buffers loads must look at those, too.
AnalysisBudget WithPromises(AnalysisBudget budget) {
  budget.shrink.small.promises = budget.shrink.search.promises = budget.cure.quick.promises = 1;
  budget.cure.bound.samples = std::max<u32>(budget.cure.bound.samples, 2000);
  return budget;
}

}  // namespace

Finding Analysed(Investigator& investigator, Machine& machine, Finding f, const AnalysisBudget& budget) {
  const bool buffers = model::BuffersLoads(f.trace);
  Finding small = Shrunk(investigator, machine, std::move(f), buffers ? WithPromises(budget).shrink : budget.shrink);
  investigator.Conclude(&small);
  Explained(investigator, machine, &small, model::BuffersLoads(small.trace) ? WithPromises(budget) : budget);
  return small;
}

}  // namespace ordeal
