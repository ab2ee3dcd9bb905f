#include "finding/shrink/shrink.h"

#include "finding/shrink/canonical.h"
#include "finding/shrink/conclusion.h"
#include "finding/shrink/replay_shrink.h"
#include "finding/shrink/smaller.h"
#include "finding/shrink/witness.h"
#include "program/validate.h"

namespace ordeal {
namespace {

Violation ViolationOf(const Verdict& v) { return v.effect ? v.effect->violation : v.race ? Violation::kRace : Violation::kContract; }

// Offers smaller programs until none is accepted.
void OfferSmaller(Reproducer* r, const Accept& accept) {
  for (bool changed = true; changed;) {
    r->program = Canonicalised(r->program);
    changed = FewerCpus(*r, accept);
    changed |= FewerOps(*r, accept);
    changed |= FewerBugs(*r, accept);
    changed |= PlainerOps(*r, accept);
    changed |= PlainerGeometry(*r, accept);
  }
  r->program = Canonicalised(r->program);
}

// Makes it as small as the conclusion allows. False: it ran out of questions.
bool Minimise(Trials& trials, model::Rung rung, const ShrinkBudget& budget, const Conclusion& wanted, Reproducer* r) {
  u32 questions = 0;
  const bool disciplined = BrokenDiscipline(r->program).empty();
  OfferSmaller(r, [&](const Reproducer& candidate) {
    if (++questions > budget.questions || (disciplined && !BrokenDiscipline(candidate.program).empty())) return false;
    return ConclusionOf(trials, candidate, rung, budget.small, wanted.violation) == wanted;
  });
  return questions <= budget.questions;
}

// The strongest rung that allows the execution in hand.
model::Rung RungOf(const Verdict& v, model::Rung found_on) {
  for (const model::Rung rung : kMachines)
    if (v.machines[static_cast<int>(rung)]) return rung;
  return found_on;
}

// The same violation without weak memory, if a random search shows it: an execution that is easier to make smaller, and the stronger finding.
void PreferInterleaving(Investigator& investigator, Trials& trials, u32 samples, Finding* f) {
  if (!f->verdict.effect || f->verdict.machines[static_cast<int>(model::Rung::kSc)]) return;
  trials.Load(f->reproducer);
  for (u32 i = 0; i < samples; ++i) {
    model::RunOptions o;
    o.rung = model::Rung::kSc;
    o.seed = 0x5EA2C4 + i;
    const Report* effect = trials.machine().Run(o).effect();
    if (effect == nullptr || effect->violation != f->verdict.effect->violation) continue;
    if (std::optional<Finding> found = investigator.Look(f->reproducer, o)) {
      *f = *std::move(found);
      ShrinkByReplay(investigator, trials, f);
      return;
    }
  }
}

// Too many executions to look at them all: any execution that shows the same will do, sought where few deviations lead.
void ShrinkBySearch(Investigator& investigator, Trials& trials, const ShrinkBudget& budget, Finding* f) {
  const model::Rung rung = RungOf(f->verdict, investigator.rung());
  const bool disciplined = BrokenDiscipline(f->reproducer.program).empty();
  const Violation violation = ViolationOf(f->verdict);
  u32 questions = 0;
  Reproducer r = f->reproducer;
  OfferSmaller(&r, [&](const Reproducer& candidate) {
    if (++questions > budget.questions || (disciplined && !BrokenDiscipline(candidate.program).empty())) return false;
    std::optional<Finding> less =
        FirstWanted(investigator, trials, candidate, rung, budget.search, [&](const Outcome& o) { return Shows(o, o.race_suspected, violation); });
    if (!less || !ShowTheSame(less->verdict, f->verdict)) return false;
    f->verdict = less->verdict;
    *f = *std::move(less);
    return true;
  });
}

}  // namespace

Finding Shrunk(Investigator& investigator, Machine& machine, Finding f, const ShrinkBudget& budget) {
  Trials trials(machine);
  ShrinkByReplay(investigator, trials, &f);
  const Violation violation = ViolationOf(f.verdict);
  const auto conclude = [&] { return ConclusionOf(trials, f.reproducer, investigator.rung(), budget.small, violation); };
  std::optional<Conclusion> wanted = conclude();
  if (!wanted) {
    PreferInterleaving(investigator, trials, budget.samples, &f);
    wanted = conclude();
  }
  if (!wanted) {
    ShrinkBySearch(investigator, trials, budget, &f);
    wanted = conclude();
  }
  Reproducer r = f.reproducer;
  r.decisions.clear();
  std::optional<Finding> witness;
  if (wanted) {
    const bool minimal = Minimise(trials, investigator.rung(), budget, *wanted, &r);
    const bool effect = IsEffect(violation);
    // A race or a breach is the judge's to see, in the execution in hand: Look() is asked.
    const Wanted shows = [&](const Outcome& o) { return effect ? Shows(o, false, violation) : !o.reports.empty() || o.race_suspected || o.effect() == nullptr; };
    witness = FirstWanted(investigator, trials, r, wanted->shown_on, budget.small, shows);
    if (witness && ViolationOf(witness->verdict) == violation) {
      DropDecisions(investigator, &*witness);
      witness->minimal = minimal;
    } else {
      witness.reset();
    }
  }
  if (witness) f = *std::move(witness);
  trials.Load(f.reproducer);
  return f;
}

}  // namespace ordeal
