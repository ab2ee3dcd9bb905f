#include "finding/cure/cure.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "finding/cure/by_weight.h"
#include "finding/cure/candidates.h"
#include "finding/cure/serial.h"

namespace ordeal {
namespace {

class Doctor {
 public:
  Doctor(Trials& trials, model::Rung rung, const CureBudget& budget, Finding* f) : trials_(trials), rung_(rung), budget_(budget), f_(*f) {
    effect_ = f->verdict.effect.has_value();
    race_ = f->verdict.race.has_value();
  }

  // With these in force: does anything fail, does anybody break the contract?
  Cure Try(std::vector<Repair> repairs, const Bound& bound) {
    trials_.Load(f_.reproducer);
    for (const Repair& r : repairs) trials_.Apply(r);
    Cure cure{.repairs = std::move(repairs), .keeps_contract = true};
    const auto each = [&](const Outcome& o, const model::Execution* x) {
      if (!Counts(cure.repairs, x)) return true;
      ++cure.executions;
      cure.keeps_contract &= o.first(Violation::kContract) == nullptr;
      cure.failing += Fails(o, x);
      return cure.failing == 0;
    };
    const Count c = trials_.On(rung_, bound, each, [&] { cure.executions = 0; });
    cure.proof = c.proof;
    return cure;
  }

  // Validated, or nothing.
  bool Heals(const std::vector<Repair>& repairs, Cure* cure) {
    const Cure quick = Try(repairs, budget_.quick);
    if (quick.failing > 0 || quick.executions == 0) return false;
    *cure = Try(repairs, budget_.bound);
    return cure->failing == 0 && cure->executions > 0;
  }

  void Keep(Cure cure) {
    const bool owed = f_.verdict.contract.has_value();
    std::vector<Cure>& to = owed && !cure.keeps_contract ? f_.band_aids : f_.cures;
    if (static_cast<int>(to.size()) < budget_.singles) to.push_back(std::move(cure));
  }

  void Singles(const std::vector<Repair>& candidates) {
    Cure cure;
    for (const Repair& r : candidates)
      if (Heals({r}, &cure)) Keep(cure);
  }

  void Pairs(const std::vector<Repair>& candidates) {
    std::vector<std::pair<size_t, size_t>> pairs;
    for (size_t i = 0; i < candidates.size(); ++i)
      for (size_t j = i + 1; j < candidates.size(); ++j) pairs.emplace_back(i, j);
    SortByWeight(pairs, [&](const auto& p) { return candidates[p.first].weight + candidates[p.second].weight; });
    Cure cure;
    for (size_t k = 0; k < pairs.size() && k < static_cast<size_t>(budget_.pairs) && f_.cures.empty(); ++k)
      if (Heals({candidates[pairs[k].first], candidates[pairs[k].second]}, &cure)) Keep(cure);
  }

  // With the best cure in force: what is stated and not needed?
  void Unneeded(const std::vector<Repair>& weakenings) {
    const std::vector<Repair> base = f_.cures.empty() ? std::vector<Repair>() : f_.cures.front().repairs;
    if (!base.empty() && base.front().kind == Repair::Kind::kLock) return;
    for (const Repair& weaker : weakenings) {
      const bool part_of_it = std::ranges::any_of(base, [&](const Repair& r) { return r.site == weaker.site && r.kind != Repair::Kind::kUndo; });
      Cure without;
      std::vector<Repair> both = base;
      both.push_back(weaker);
      if (part_of_it || !Heals(both, &without) || !without.keeps_contract || !SearchedWell(without.proof)) continue;
      f_.unneeded.push_back(absl::StrCat(RepairText(weaker), " would do here: ", ProofText(without)));
    }
  }

 private:
  bool Fails(const Outcome& o, const model::Execution* x) const {
    if (o.effect() != nullptr) return true;
    if (effect_) return false;
    return race_ ? x != nullptr && x->race : o.first(Violation::kContract) != nullptr;
  }
  static bool Counts(const std::vector<Repair>& repairs, const model::Execution* x) {
    return std::ranges::all_of(
        repairs, [&](const Repair& r) { return r.kind != Repair::Kind::kLock || x == nullptr || OneAfterTheOther(*x, r.op, r.other_op); });
  }

  Trials& trials_;
  model::Rung rung_;
  CureBudget budget_;
  Finding& f_;
  bool effect_, race_;
};

}  // namespace

void FindCures(Trials& trials, model::Rung rung, const CureBudget& budget, Finding* f) {
  f->cures.clear();
  f->band_aids.clear();
  f->unneeded.clear();
  trials.Load(f->reproducer);
  Doctor doctor(trials, rung, budget, f);
  const std::vector<Repair> candidates = Candidates(*f, f->verdict.headline.rfind("not-ordering", 0) != 0);
  doctor.Singles(candidates);
  if (f->cures.empty()) doctor.Pairs(candidates);
  // Where the user owes nothing, a stronger user is a way around, not a repair.
  if (f->verdict.owner == Owner::kAllocator) {
    const auto users = [](const Cure& c) { return std::ranges::any_of(c.repairs, &Repair::user); };
    if (!std::ranges::all_of(f->cures, users)) std::erase_if(f->cures, users);
  }
  SortByWeight(f->cures, [](const Cure& c) { return c.weight(); });
  doctor.Unneeded(Weakenings(*f));
  trials.Load(f->reproducer);
}

}  // namespace ordeal
