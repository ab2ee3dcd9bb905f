#include "finding/analyse.h"

#include "finding/why/choices.h"
#include "finding/why/cycle.h"
#include "finding/why/nearest.h"

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

Finding Analysed(Investigator& investigator, Machine& machine, Finding f, const AnalysisBudget& budget) {
  Finding small = Shrunk(investigator, machine, std::move(f), budget.shrink);
  investigator.Conclude(&small);
  Explained(investigator, machine, &small, budget);
  return small;
}

}  // namespace ordeal
