#include "finding/classify.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "finding/bugs.h"

namespace ordeal {

using model::Rung;

const Count* Verdict::On(Rung rung) const {
  for (const Count& c : ladder)
    if (c.rung == rung) return &c;
  return nullptr;
}

bool Meets(const Verdict& v, const Expectation& e) {
  const char* violation = ViolationName(ViolationOf(v));
  const bool headline = e.headline.empty() || v.headline == e.headline || (e.headline == "ordering/LKMM" && v.headline.rfind("ordering/", 0) == 0);
  return (e.violation.empty() || e.violation == violation) && headline && (e.owner.empty() || e.owner == OwnerName(v.owner));
}

bool MeetsCatalogue(const Verdict& v, const std::string& headline, const std::string& owner) {
  // A broken contract that the LKMM calls a race, too, is still that.
  if (headline == "contract/latent" && v.headline == "race" && v.contract) return Meets(v, {"", "race", owner});
  // ... and so is one of which load buffering shows the damage.
  if (headline == "contract/latent" && v.contract && v.headline.rfind("ordering/", 0) == 0) return Meets(v, {"", "", owner});
  // A bug of an interleaving may meet a program whose users leave it none: then weak memory shows it, and every execution on SC is known to pass.
  const bool proved = v.On(Rung::kSc) != nullptr && v.On(Rung::kSc)->passes();
  if (headline == "not-ordering/interleaving" && v.headline.rfind("ordering/", 0) == 0 && proved) return Meets(v, {"", "", owner});
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

Owner OwnerWithoutOrdering(Violation violation) {
  return violation == Violation::kDoubleFree || violation == Violation::kUseAfterFree ? Owner::kUser : Owner::kAllocator;
}

bool EnforcementDecides(Violation violation, bool contract_broken) {
  return contract_broken || violation == Violation::kRace || violation == Violation::kStaleContents;
}

// Strengthen the users alone: a barrier inside the allocator could hide what they owe.
Owner OwnerByEnforcing(Trials& trials, const Reproducer& r, Rung rung, const Bound& bound, Violation violation, bool contract_broken,
                       Count* enforced) {
  Reproducer kept = r;
  kept.program = EnforceContract(r.program);
  // Where there is nothing to enforce, what is in hand is an execution of users who keep the contract.
  const bool same = kept.program == r.program && std::ranges::none_of(r.bugs, IsUserBug);
  if (same && !contract_broken) return Owner::kAllocator;
  trials.Load(kept, Planted::kNotTheUsers);
  *enforced = trials.On(rung, bound, [](const Outcome& o, const model::Execution*) { return o.effect() == nullptr; });
  trials.Load(r);
  if (enforced->fails() || (!IsEffect(violation) && enforced->racy > 0)) return contract_broken ? Owner::kBoth : Owner::kAllocator;
  return enforced->proof == Proof::kBounded ? Owner::kUnclear : Owner::kUser;
}

namespace {

std::string ReasonOf(const Verdict& v) {
  switch (v.owner) {
    case Owner::kBoth: return "the contract is broken, and with it enforced on user edges the allocator still fails";
    case Owner::kAllocator: return "with the contract enforced on user edges it fails as before";
    default:
      return absl::StrCat("with the contract enforced on user edges only, ", CountText(v.enforced), " executions ",
                          v.effect ? "fail" : "fail, and none races");
  }
}

}  // namespace

void Classify(Trials& trials, const Reproducer& r, Rung rung, const Budget& budget, Verdict* v) {
  v->ladder.clear();
  const bool liveness = v->effect && (v->effect->violation == Violation::kDeadlock || v->effect->violation == Violation::kLivelock);
  if (v->effect && !liveness) {
    for (const Rung on : LadderTo(rung)) {
      Count c = trials.On(on, budget.rung);
      // The execution in hand is one of them, wherever the axioms allow it.
      const bool covered = v->buffers ? c.proof == Proof::kAll : c.searched_well();
      if (!c.fails() && !covered && (on == rung || v->machines[static_cast<int>(on)])) {
        c.executions += 1;
        c.failing += 1;
        c.symptom = v->effect->violation;
      }
      v->ladder.push_back(c);
      if (c.fails() && on < Rung::kTso) break;  // every weaker rung allows it, too
    }
  }
  v->headline = HeadlineOf(*v);
  const Violation violation = ViolationOf(*v);
  if (v->headline.rfind("not-ordering", 0) == 0) {  // no barrier can cure it, so the contract about barriers does not decide
    v->owner = OwnerWithoutOrdering(violation);
    v->owner_reason = v->owner == Owner::kUser ? "misuse: the program frees or uses what it no longer holds"
                                               : "it fails without weak memory, with users who use only what they hold";
  } else if (!EnforcementDecides(violation, v->contract.has_value())) {
    v->owner = Owner::kAllocator;
    v->owner_reason = "the users kept the contract in this execution";
  } else {
    v->owner = OwnerByEnforcing(trials, r, rung, budget.enforced, violation, v->contract.has_value(), &v->enforced);
    if (v->owner == Owner::kUser && v->buffers && v->enforced.proof == Proof::kAllButBuffering) v->owner = Owner::kUnclear;
    v->owner_reason = ReasonOf(*v);
  }
}

}  // namespace ordeal
