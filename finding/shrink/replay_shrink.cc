#include "finding/shrink/replay_shrink.h"

#include "finding/shrink/witness.h"
#include "memory/model/leads.h"
#include "program/cache_end.h"
#include "program/validate.h"

namespace ordeal {
namespace {

class Replays {
 public:
  Replays(Investigator& investigator, Trials& trials, Finding* f) : investigator_(investigator), trials_(trials), f_(*f) {
    disciplined_ = BrokenDiscipline(f->reproducer.program).empty();
  }

  // Takes the candidate if the decisions, or what is left of the accesses in their order, show the same.
  bool Try(const Reproducer& candidate) {
    if (!Validate(candidate.program).ok() || (disciplined_ && !BrokenDiscipline(candidate.program).empty())) return false;
    trials_.Load(candidate);
    model::RunOptions o;
    o.rung = investigator_.rung();
    o.replay = &candidate.decisions;
    if (Takes(candidate, o)) return true;
    const model::Leads leads = model::LeadsOf(f_.trace);
    o.replay = nullptr;
    o.leads = &leads;
    return Takes(candidate, o);
  }

  bool DropOps(size_t at, size_t n) {
    Reproducer less = f_.reproducer;
    less.program.ops.erase(less.program.ops.begin() + static_cast<std::ptrdiff_t>(at),
                           less.program.ops.begin() + static_cast<std::ptrdiff_t>(at + n));
    MendEnd(less.program);
    return Try(less);
  }

  // Larger pieces first, from the end; then again, since one op may need another.
  bool DropAnyOps() {
    bool changed = false;
    for (size_t n = f_.reproducer.program.ops.size() / 2; n >= 1; n /= 2) {
      for (size_t at = f_.reproducer.program.ops.size(); at >= n; --at) {
        if (at > f_.reproducer.program.ops.size()) continue;
        changed |= DropOps(at - n, n);
      }
    }
    return changed;
  }

  bool DropBugs() {
    bool changed = false;
    for (size_t i = f_.reproducer.bugs.size(); i-- > 0;) {
      Reproducer less = f_.reproducer;
      less.bugs.erase(less.bugs.begin() + static_cast<std::ptrdiff_t>(i));
      changed |= Try(less);
    }
    return changed;
  }

 private:
  bool Takes(const Reproducer& candidate, const model::RunOptions& options) {
    const Report* effect = trials_.machine().Run(options).effect();
    const Verdict& v = f_.verdict;
    if ((effect != nullptr ? effect->violation : Violation::kNone) != (v.effect ? v.effect->violation : Violation::kNone)) return false;
    std::optional<Finding> less = investigator_.Look(candidate, options);
    if (!less || !ShowTheSame(less->verdict, v)) return false;
    f_ = *std::move(less);
    return true;
  }

  Investigator& investigator_;
  Trials& trials_;
  Finding& f_;
  bool disciplined_;
};

}  // namespace

void ShrinkByReplay(Investigator& investigator, Trials& trials, Finding* f) {
  Replays replays(investigator, trials, f);
  bool changed = true;
  while (changed) {
    trials.Load(f->reproducer);
    const size_t decisions = f->reproducer.decisions.size();
    DropDecisions(investigator, f);
    changed = f->reproducer.decisions.size() < decisions;
    changed |= replays.DropBugs();
    changed |= replays.DropAnyOps();
  }
  trials.Load(f->reproducer);
}

}  // namespace ordeal
