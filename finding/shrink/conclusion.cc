#include "finding/shrink/conclusion.h"

namespace ordeal {

using model::Rung;

bool Shows(const Outcome& outcome, bool race, Violation violation) {
  if (const Report* effect = outcome.effect()) return effect->violation == violation;
  if (violation == Violation::kRace) return race;
  return violation == Violation::kContract && !race && outcome.first(Violation::kContract) != nullptr;
}

namespace {

struct Seen {
  Count count;
  bool shown = false, contract_broken = false;  // by the first execution that shows the violation
};

Seen LookOn(Trials& trials, Rung rung, const Bound& bound, Violation violation) {
  Seen seen;
  seen.count = trials.On(rung, bound, [&](const Outcome& o, const model::Execution* x) {
    if (seen.shown || !Shows(o, x != nullptr && x->race, violation)) return true;
    seen.shown = true;
    seen.contract_broken = o.first(Violation::kContract) != nullptr;
    return !IsEffect(violation);  // one effect is enough; without one all executions must be without
  });
  return seen;
}

}  // namespace

std::optional<Conclusion> ConclusionOf(Trials& trials, const Reproducer& r, Rung rung, const Bound& bound, Violation violation) {
  trials.Load(r);
  Conclusion c{.violation = violation};
  Verdict v;  // what HeadlineOf() asks for
  if (IsEffect(violation)) v.effect = Report{.violation = violation};
  Seen shown;
  for (const Rung on : LadderTo(rung)) {
    if (!IsEffect(violation) && on != rung) continue;
    const Seen seen = LookOn(trials, on, bound, violation);
    if (seen.count.fails() && !seen.shown) return std::nullopt;  // something else happens first
    if (!seen.shown && !seen.count.passes()) return std::nullopt;
    v.ladder.push_back(seen.count);
    if (!seen.shown) continue;
    if (!shown.shown) {
      shown = seen;
      c.shown_on = on;
    }
    if (on != Rung::kArmv8 || rung != Rung::kLkmm) break;  // beside it stands POWER; every weaker rung allows it, too
  }
  if (!shown.shown || (!IsEffect(violation) && shown.count.fails())) return std::nullopt;
  if (violation == Violation::kRace) v.race = RaceFact{};
  if (violation == Violation::kContract && shown.count.racy > 0) return std::nullopt;
  c.headline = HeadlineOf(v);
  Count enforced;
  if (c.headline.rfind("not-ordering", 0) == 0) {
    c.owner = OwnerWithoutOrdering(violation);
  } else if (!EnforcementDecides(violation, shown.contract_broken)) {
    c.owner = Owner::kAllocator;
  } else {
    c.owner = OwnerByEnforcing(trials, r, rung, bound, violation, shown.contract_broken, &enforced);
  }
  return c;
}

}  // namespace ordeal
