#include "memory/model/ladder.h"

#include "memory/model/axioms.h"
#include "memory/model/machines.h"

namespace ordeal::model {

Judgement JudgeOn(Rung rung, const Graph& g, bool want_race) {
  switch (rung) {
    case Rung::kSequential:
    case Rung::kSc: return JudgeInterleaving(g);
    case Rung::kTso: return JudgeTso(g);
    case Rung::kArmv8: return JudgeArmv8(g, Armv8Acquire::kLdapr);
    case Rung::kArmv8Ldar: return JudgeArmv8(g, Armv8Acquire::kLdar);
    case Rung::kPower: return JudgePower(g);
    case Rung::kRc11: return JudgeRc11(g, want_race);
    case Rung::kCoherence: return CheckOneLocation(lkmm::Execution(g));
    case Rung::kLkmm: break;
  }
  return Judge(g, want_race);
}

bool AllowedOn(Rung rung, const Graph& g) {
  t_cycles_wanted = false;
  const bool allowed = JudgeOn(rung, g, false).allowed();
  t_cycles_wanted = true;
  return allowed;
}

}  // namespace ordeal::model
