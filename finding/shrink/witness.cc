#include "finding/shrink/witness.h"

#include "memory/model/ladder.h"
#include "memory/model/leads.h"

namespace ordeal {

using model::Rung;

bool ShowTheSame(const Verdict& a, const Verdict& b) {
  const auto symptom = [](const Verdict& v) { return v.effect ? v.effect->violation : Violation::kNone; };
  return symptom(a) == symptom(b) && a.race.has_value() == b.race.has_value() && a.contract.has_value() == b.contract.has_value() &&
         a.machines == b.machines;
}

namespace {

// Ways to come to an execution, the most readable first.
std::vector<model::Leads> WaysTo(const model::Execution& x) {
  std::vector<model::Leads> ways;
  for (const model::InOrder order : {model::InOrder::kAsInterleaved, model::InOrder::kAsBuilt, model::InOrder::kRmwsInTime}) {
    model::Leads leads = model::LeadsOf(x, order);
    if (!leads.empty()) ways.push_back(std::move(leads));
  }
  return ways;
}

}  // namespace

std::optional<Finding> FirstWanted(Investigator& investigator, Trials& trials, const Reproducer& r, Rung rung, const Bound& bound,
                                   const Wanted& wanted) {
  std::vector<model::Leads> first, best;
  trials.Load(r);
  trials.On(rung, bound, [&](const Outcome& outcome, const model::Execution* x) {
    if (!wanted(outcome, x != nullptr && x->race)) return true;
    if (x == nullptr) return false;  // sequential: the run itself has left its decisions
    const bool both = rung != Rung::kArmv8 || model::AllowedOn(Rung::kPower, x->graph);
    if (first.empty()) first = WaysTo(*x);
    if (both) best = WaysTo(*x);
    return !both;
  });
  model::RunOptions o;
  o.rung = investigator.rung();
  if (rung == Rung::kSequential) {
    // A copy: what it refers to is written anew while it is replayed.
    const Decisions decisions = model::RecordedDecisions();  // NOLINT(performance-unnecessary-copy-initialization)
    o.replay = &decisions;
    // An op that waits in vain goes on here, and lets others run there: then an interleaving will do.
    if (const Outcome& again = trials.machine().Run(o); wanted(again, again.race_suspected)) return investigator.Look(r, o);
    return FirstWanted(investigator, trials, r, Rung::kSc, bound, wanted);
  }
  for (const std::vector<model::Leads>* ways : {&best, &first}) {
    for (const model::Leads& leads : *ways) {
      o.leads = &leads;
      if (const Outcome& again = trials.machine().Run(o); !wanted(again, again.race_suspected)) continue;
      if (std::optional<Finding> f = investigator.Look(r, o)) return f;
    }
  }
  return std::nullopt;
}

void DropDecisions(Investigator& investigator, Finding* f) {
  model::RunOptions o;
  o.rung = investigator.rung();
  // One that was needed may not be, once another one is gone.
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t i = f->reproducer.decisions.size(); i-- > 0;) {
      Decisions fewer = f->reproducer.decisions;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      o.replay = &fewer;
      std::optional<Finding> less = investigator.Look(f->reproducer, o);
      if (!less || !ShowTheSame(less->verdict, f->verdict)) continue;
      *f = *std::move(less);
      changed = true;
    }
  }
}

}  // namespace ordeal
