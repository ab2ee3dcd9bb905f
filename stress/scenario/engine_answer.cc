#include "stress/scenario/engine_answer.h"

#include "absl/strings/str_cat.h"
#include "finding/analyse.h"
#include "finding/bugs.h"
#include "finding/explain.h"
#include "finding/trials.h"
#include "run/machine.h"

namespace ordeal::stress {
namespace {

Violation ViolationNamed(const std::string& name) {
  for (int v = 1; v < kViolations; ++v)
    if (name == ViolationName(static_cast<Violation>(v))) return static_cast<Violation>(v);
  return Violation::kNone;
}

// With how many executions does this program show this violation on this rung?
Count On(Trials& trials, model::Rung rung, Violation v, u64 executions) {
  u64 seen = 0;
  const Bound bound{.executions = executions, .samples = static_cast<u32>(executions / 4), .promises = 0};
  Count c = trials.On(rung, bound, [&](const Outcome& o, const model::Execution*) {
    seen += o.effect() != nullptr && o.effect()->violation == v;
    return true;
  });
  c.failing = seen;
  return c;
}

std::optional<Finding> Witness(Machine& machine, const Reproducer& r, model::Rung rung, Violation v, u64 executions) {
  Investigator investigator(machine, rung, ReportWhat::kDamage);
  for (u64 seed = 1; seed <= executions; ++seed) {
    model::RunOptions o;
    o.rung = rung;
    o.seed = seed;
    const Outcome& outcome = machine.Run(o);
    if (outcome.effect() == nullptr || outcome.effect()->violation != v) continue;
    std::optional<Finding> f = investigator.Look(r, o);
    if (f && f->verdict.effect && f->verdict.effect->violation == v) return Analysed(investigator, machine, *std::move(f));
  }
  return std::nullopt;
}

std::string Told(const EngineAnswer& a, const std::string& violation) {
  std::string s;
  for (const Count& c : a.counts)
    absl::StrAppend(&s, "  ", std::string(model::RungTitle(c.rung)), ": ", CountText(c), " executions show ", violation, "\n");
  if (a.rung.empty()) return absl::StrCat(s, "no rung explains it within this bound\n");
  absl::StrAppend(&s, "the strongest rung that shows it: ", a.rung, "\n");
  if (!a.witness) absl::StrAppend(&s, "no random execution met it: no witness beyond the program itself\n");
  return s;
}

}  // namespace

absl::StatusOr<EngineAnswer> AskEngine(const Reproducer& r, const std::string& violation, const EngineBudget& budget) {
  const Violation v = ViolationNamed(violation);
  if (v == Violation::kNone) return absl::NotFoundError(absl::StrCat("no violation '", violation, "'"));
  absl::StatusOr<std::unique_ptr<Machine>> machine = MakeMachine(r.allocator);
  if (!machine.ok()) return machine.status();
  if (absl::Status s = PlantBugs(r.bugs); !s.ok()) return s;
  EngineAnswer a;
  Trials trials(**machine);
  trials.Load(r);
  for (const model::Rung rung : kLadder) {
    a.counts.push_back(On(trials, rung, v, budget.executions));
    if (!a.counts.back().fails()) continue;
    a.rung = std::string(model::RungTitle(rung));
    break;
  }
  // What the exhaustive look did not reach, a random one may: the weakest rung allows it if any does.
  const model::Rung rung = a.rung.empty() || a.rung == "sequential" ? model::Rung::kLkmm : a.counts.back().rung;
  Reproducer named = r;
  named.model = std::string(model::RungName(rung));
  (*machine)->Load(r.program);
  a.witness = Witness(**machine, named, rung, v, budget.searched);
  if (a.rung.empty() && a.witness) a.rung = absl::StrCat(std::string(model::RungTitle(rung)), " or stronger");
  a.text = Told(a, violation);
  return a;
}

}  // namespace ordeal::stress
