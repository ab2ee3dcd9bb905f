#include "finding/classify.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace ordeal {

using model::Rung;

const Count* Verdict::On(Rung rung) const {
  for (const Count& c : ladder)
    if (c.rung == rung) return &c;
  return nullptr;
}

bool Meets(const Verdict& v, const Expectation& e) {
  const char* violation = v.effect ? ViolationName(v.effect->violation) : v.race ? ViolationName(Violation::kRace) : ViolationName(Violation::kContract);
  const bool headline = e.headline.empty() || v.headline == e.headline || (e.headline == "ordering/LKMM" && v.headline.rfind("ordering/", 0) == 0);
  return (e.violation.empty() || e.violation == violation) && headline && (e.owner.empty() || e.owner == OwnerName(v.owner));
}

bool MeetsCatalogue(const Verdict& v, const std::string& headline, const std::string& owner) {
  return Meets(v, {"", headline.rfind("ordering/", 0) == 0 ? "ordering/LKMM" : headline, owner});
}

std::vector<Rung> LadderTo(Rung rung) {
  switch (rung) {
    case Rung::kSequential: return {Rung::kSequential};
    case Rung::kSc: return {Rung::kSequential, Rung::kSc};
    case Rung::kTso: return {Rung::kSequential, Rung::kSc, Rung::kTso};
    case Rung::kArmv8:
    case Rung::kPower: return {Rung::kSequential, Rung::kSc, Rung::kTso, rung};
    case Rung::kLkmm: return {std::begin(kLadder), std::end(kLadder)};
    default: return {Rung::kSequential, Rung::kSc, rung};
  }
}

std::string HeadlineOf(const Verdict& v) {
  if (!v.effect) return v.race ? "race" : "contract/latent";
  if (v.effect->violation == Violation::kDeadlock || v.effect->violation == Violation::kLivelock) return "liveness";
  const auto fails = [&](Rung rung) { return v.On(rung) != nullptr && v.On(rung)->fails(); };
  if (fails(Rung::kSequential)) return "not-ordering/sequential";
  if (fails(Rung::kSc)) return "not-ordering/interleaving";
  if (fails(Rung::kTso)) return "ordering/TSO";
  if (fails(Rung::kArmv8) && fails(Rung::kPower)) return "ordering/ARMv8+POWER";
  for (const Count& c : v.ladder)
    if (c.fails()) return absl::StrCat("ordering/", std::string(model::RungTitle(c.rung)));
  return "";
}

namespace {

bool Misuse(const Verdict& v) { return v.effect->violation == Violation::kDoubleFree || v.effect->violation == Violation::kUseAfterFree; }

// A breach is seen at a free. A race may come before that, and wrong contents may be an object's that came back from a hand-over without
// order: who frees it knows all accesses then, but those of the CPUs in between did not know each other.
bool TellsNothingOfTheContract(const Verdict& v) { return v.effect ? v.effect->violation == Violation::kStaleContents : v.race.has_value(); }

// No barrier can cure it, so the contract about barriers does not decide.
void BlameWithoutOrdering(Verdict* v) {
  v->owner = Misuse(*v) ? Owner::kUser : Owner::kAllocator;
  v->owner_reason = Misuse(*v) ? "misuse: the program frees or uses what it no longer holds" : "it fails without weak memory, with users who use only what they hold";
}

// Strengthen the users alone: a barrier inside the allocator could hide what they owe.
void BlameByEnforcing(Trials& trials, const Reproducer& r, Rung rung, const Bound& bound, Verdict* v) {
  Reproducer enforced = r;
  enforced.program = EnforceContract(r.program);
  trials.Load(enforced, Planted::kNotTheUsers);
  const bool effect = v->effect.has_value();
  v->enforced = trials.On(rung, bound, [&](const Outcome& o, const model::Execution*) { return o.effect() == nullptr; });
  trials.Load(r);
  if (v->enforced.fails() || (!effect && v->enforced.racy > 0)) {
    v->owner = v->contract ? Owner::kBoth : Owner::kAllocator;
    v->owner_reason = v->contract ? "the contract is broken, and with it enforced on user edges the allocator still fails"
                                  : "with the contract enforced on user edges it fails as before";
    return;
  }
  v->owner = v->enforced.proof == Proof::kBounded ? Owner::kUnclear : Owner::kUser;
  v->owner_reason = absl::StrCat("with the contract enforced on user edges only, ", CountText(v->enforced), " executions ", effect ? "fail" : "fail, and none races");
}

}  // namespace

void Classify(Trials& trials, const Reproducer& r, Rung rung, const Budget& budget, Verdict* v) {
  v->ladder.clear();
  const bool liveness = v->effect && (v->effect->violation == Violation::kDeadlock || v->effect->violation == Violation::kLivelock);
  if (v->effect && !liveness) {
    for (const Rung on : LadderTo(rung)) {
      Count c = trials.On(on, budget.rung);
      // The execution in hand is one of them, wherever the axioms allow it.
      if (!c.fails() && !c.searched_well() && (on == rung || v->machines[static_cast<int>(on)])) {
        c.executions += 1;
        c.failing += 1;
        c.symptom = v->effect->violation;
      }
      v->ladder.push_back(c);
      if (c.fails() && on < Rung::kTso) break;  // every weaker rung allows it, too
    }
  }
  v->headline = HeadlineOf(*v);
  if (v->headline.rfind("not-ordering", 0) == 0) return BlameWithoutOrdering(v);
  if (!v->contract && !TellsNothingOfTheContract(*v)) {
    v->owner = Owner::kAllocator;
    v->owner_reason = "the users kept the contract in this execution";
    return;
  }
  BlameByEnforcing(trials, r, rung, budget.enforced, v);
}

}  // namespace ordeal
