#include "finding/shrink/shrink.h"

#include <functional>

#include "finding/shrink/canonical.h"
#include "finding/shrink/conclusion.h"
#include "finding/shrink/replay_shrink.h"
#include "finding/shrink/smaller.h"
#include "finding/shrink/witness.h"
#include "memory/model/buffering.h"
#include "program/validate.h"

namespace ordeal {
namespace {

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

// Asks whether a candidate will do, as often as the budget allows. Of a program that keeps the discipline only those that do, too.
class Questions {
 public:
  Questions(const Program& program, u32 most, Accept ask) : most_(most), disciplined_(BrokenDiscipline(program).empty()), ask_(std::move(ask)) {}
  bool operator()(const Reproducer& candidate) {
    if (asked_ >= most_) {
      ran_out_ = true;
      return false;
    }
    ++asked_;
    return (!disciplined_ || BrokenDiscipline(candidate.program).empty()) && ask_(candidate);
  }
  bool ran_out() const { return ran_out_; }

 private:
  u32 most_, asked_ = 0;
  bool disciplined_, ran_out_ = false;
  Accept ask_;
};

// Questions are about what will be written down: how many executions have to be begun depends on the numbers of CPUs.
Reproducer InCanonicalForm(Reproducer r) {
  r.program = Canonicalised(r.program);
  return r;
}

// Makes it as small as the conclusion allows. False: it ran out of questions.
bool Minimise(Trials& trials, model::Rung rung, const ShrinkBudget& budget, const Conclusion& wanted, Reproducer* r) {
  Questions questions(r->program, budget.questions, [&](const Reproducer& candidate) {
    return ConclusionOf(trials, InCanonicalForm(candidate), rung, budget.small, wanted.violation) == wanted;
  });
  OfferSmaller(r, std::ref(questions));
  return !questions.ran_out();
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

// The same on a plainer machine, if a random search shows it: fewer accesses, so that all that follows costs less.
void PreferPlainMachine(Investigator& investigator, Trials& trials, u32 samples, Finding* f) {
  Reproducer r = f->reproducer;
  r.decisions.clear();
  PlainerMachine(r, [&](const Reproducer& candidate) {
    trials.Load(candidate);
    constexpr u32 kLooks = 8;
    for (u32 i = 0, looks = 0; i < samples && looks < kLooks; ++i) {
      model::RunOptions o;
      o.rung = investigator.rung();
      o.seed = 0x5EA2C4 + i;
      const Outcome& outcome = trials.machine().Run(o);
      if (!investigator.Suspicious(outcome) ||
          (f->verdict.effect && (outcome.effect() == nullptr || outcome.effect()->violation != f->verdict.effect->violation)))
        continue;
      ++looks;
      std::optional<Finding> found = investigator.Look(candidate, o);
      if (!found || !ShowTheSame(found->verdict, f->verdict)) continue;
      *f = *std::move(found);
      return true;
    }
    return false;
  });
  trials.Load(f->reproducer);
}

// Too many executions to look at them all: any execution that shows the same will do, sought where few deviations lead.
void ShrinkBySearch(Investigator& investigator, Trials& trials, const ShrinkBudget& budget, Finding* f) {
  const model::Rung rung = RungOf(f->verdict, investigator.rung());
  const Violation violation = ViolationOf(f->verdict);
  Reproducer r = f->reproducer;
  Questions questions(r.program, budget.questions, [&](const Reproducer& candidate) {
    std::optional<Finding> less =
        FirstWanted(investigator, trials, candidate, rung, budget.search, [&](const Outcome& o, bool race) { return Shows(o, race, violation); });
    if (!less || !ShowTheSame(less->verdict, f->verdict)) return false;
    *f = *std::move(less);
    return true;
  });
  OfferSmaller(&r, std::ref(questions));
}

// The witness of the smallest program with this conclusion. Nothing if the engine's views cannot follow it.
std::optional<Finding> SmallestWitness(Investigator& investigator, Trials& trials, const ShrinkBudget& budget, const Conclusion& wanted,
                                       Reproducer r) {
  r.decisions.clear();
  const bool minimal = Minimise(trials, investigator.rung(), budget, wanted, &r);
  std::optional<Finding> witness = FirstWanted(investigator, trials, r, wanted.shown_on, budget.small,
                                               [&](const Outcome& o, bool race) { return Shows(o, race, wanted.violation); });
  if (!witness || ViolationOf(witness->verdict) != wanted.violation) return std::nullopt;
  DropDecisions(investigator, &*witness);
  witness->minimal = minimal;
  return witness;
}

// Whoever looks for an execution that buffers loads must look at those, too.
ShrinkBudget BudgetFor(const Finding& f, ShrinkBudget budget) {
  if (model::BuffersLoads(f.trace)) budget.small.promises = budget.search.promises = 1;
  return budget;
}

Finding ShrunkOnce(Investigator& investigator, Trials& trials, Finding f, const ShrinkBudget& given) {
  const ShrinkBudget budget = BudgetFor(f, given);
  PreferPlainMachine(investigator, trials, budget.plainer, &f);
  ShrinkByReplay(investigator, trials, &f);
  const auto conclude = [&] {
    return ConclusionOf(trials, InCanonicalForm(f.reproducer), investigator.rung(), budget.small, ViolationOf(f.verdict));
  };
  std::optional<Conclusion> wanted = conclude();
  if (!wanted) {
    PreferInterleaving(investigator, trials, budget.samples, &f);
    wanted = conclude();
  }
  if (!wanted) {
    ShrinkBySearch(investigator, trials, budget, &f);
    wanted = conclude();
  }
  std::optional<Finding> witness = wanted ? SmallestWitness(investigator, trials, budget, *wanted, f.reproducer) : std::nullopt;
  return witness ? *std::move(witness) : f;
}

}  // namespace

// What one round left too large to look at in full may be small enough for the next: until nothing changes, so that a witness's witness is
// itself.
Finding Shrunk(Investigator& investigator, Machine& machine, Finding f, const ShrinkBudget& budget) {
  Trials trials(machine);
  f = ShrunkOnce(investigator, trials, std::move(f), budget);
  for (u32 round = 1; round < budget.rounds && !f.minimal; ++round) {
    const Reproducer before = f.reproducer;
    f = ShrunkOnce(investigator, trials, std::move(f), budget);
    if (f.reproducer == before) break;
  }
  trials.Load(f.reproducer);
  return f;
}

}  // namespace ordeal
