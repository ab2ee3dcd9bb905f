#include "finding/investigate.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "finding/bugs.h"
#include "memory/model/judge.h"
#include "memory/model/ladder.h"
#include "memory/model/trace_to_graph.h"

namespace ordeal {

using model::Rung;
using model::RunOptions;

struct Investigator::Facts {
  std::optional<Report> effect, contract;
  std::optional<RaceFact> race;
  model::Trace trace;
  Decisions decisions;
  u64 hash = 0;
  bool mixed_sizes = false;
  std::array<bool, model::kRungs> machines{};
};

namespace {

// Is an access more than one event? Then others take the same bytes in other parts.
bool HasMixedSizes(const model::Graph& g) {
  for (int i = 1; i < g.size(); ++i)
    if (g.events[i].thread != model::kInitialThread && model::SameInstruction(g.events[i - 1], g.events[i]) && g.events[i - 1].kind == g.events[i].kind) return true;
  return false;
}

}  // namespace

namespace {

// An ordering bug that was looked for on a stronger rung than the expectation's is the same bug.
bool MeetsHeadline(const std::string& got, const std::string& expected) {
  constexpr std::string_view kStronger[] = {"ordering/TSO", "ordering/ARMv8", "ordering/ARMv8-LDAR", "ordering/POWER"};
  return expected.empty() || got == expected || (expected == "ordering/LKMM" && std::ranges::find(kStronger, got) != std::end(kStronger));
}

}  // namespace

bool Meets(const Verdict& v, const Expectation& e) {
  const char* violation = v.effect ? ViolationName(v.effect->violation) : v.race ? ViolationName(Violation::kRace) : ViolationName(Violation::kContract);
  return (e.violation.empty() || e.violation == violation) && MeetsHeadline(v.headline, e.headline) &&
         (e.owner.empty() || e.owner == OwnerName(v.owner));
}

Program EnforceContract(Program program) {
  for (Op& op : program.ops) {
    if (op.kind == OpKind::kPublish || op.kind == OpKind::kForward) {
      if (op.publish == Publish::kPlain || op.publish == Publish::kOnce || op.publish == Publish::kWmb) op.publish = Publish::kRelease;
    }
    if (op.kind == OpKind::kConsume || op.kind == OpKind::kForward) {
      switch (op.consume) {
        case Consume::kPlain:
        case Consume::kOnce:
        case Consume::kRmb: op.consume = Consume::kAcquire; break;
        case Consume::kXchgRelaxed: op.consume = Consume::kXchgAcquire; break;
        default: break;
      }
    }
  }
  return program;
}

bool Investigator::Suspicious(const Outcome& outcome) const {
  if (what_ == ReportWhat::kDamage) return outcome.effect() != nullptr;
  return !outcome.reports.empty() || outcome.race_suspected;
}

// Does the rung of this investigation allow the execution? What it runs on are the LKMM's views, whatever the rung (engine.h).
bool Investigator::AllowedHere(const model::Graph& graph, const model::Judgement& lkmm) const {
  if (!model::IsWeak(rung_) || rung_ == Rung::kLkmm) return lkmm.allowed();
  return model::JudgeOn(rung_, graph, false).allowed();
}

// Records the execution, judges it, and collects what it shows. False: forbidden, or clean.
bool Investigator::Gather(const RunOptions& options, Facts* facts) {
  RunOptions recorded = options;
  recorded.record = true;
  recorded.features = nullptr;
  const Outcome& outcome = machine_.Run(recorded);
  facts->trace = model::RecordedTrace();
  facts->decisions = options.replay != nullptr ? *options.replay : model::RecordedDecisions();
  facts->hash = outcome.run.hash;
  if (const Report* r = outcome.effect()) facts->effect = *r;
  if (const Report* r = outcome.first(Violation::kContract)) facts->contract = *r;
  ++tally_.judged;
  const model::TraceGraph graph = model::TraceToGraph(facts->trace);
  // The race is the LKMM's on every rung.
  const model::Judgement j = model::Judge(graph.graph, outcome.race_suspected);
  facts->mixed_sizes = HasMixedSizes(graph.graph);
  if (!AllowedHere(graph.graph, j)) {
    ++tally_.forbidden;
    return false;
  }
  for (const Rung rung : kMachines) facts->machines[static_cast<int>(rung)] = model::JudgeOn(rung, graph.graph, false).allowed();
  if (j.race) {
    const auto event = [&](int e) { return facts->trace.events[graph.trace_event[e]]; };
    if (graph.trace_event[j.race_first] != model::kNoEvent && graph.trace_event[j.race_second] != model::kNoEvent)
      facts->race = RaceFact{event(j.race_first), event(j.race_second)};
  } else if (outcome.race_suspected) {
    ++tally_.races_dismissed;
  }
  // The shadow's clock may report too much: a broken contract at a free is one only if the axioms, on the users' events alone, say so.
  if (facts->contract && !facts->contract->at_touch && !model::Judge(model::TraceToGraph(facts->trace, model::Keep::kUserOnly).graph, true).race) {
    ++tally_.contracts_dismissed;
    facts->contract.reset();
  }
  if (what_ == ReportWhat::kDamage) return facts->effect.has_value();
  return facts->effect || facts->race || facts->contract;
}

std::optional<Finding> Investigator::Investigate(const Reproducer& base, RunOptions options) {
  Facts facts;
  if (!Gather(options, &facts)) return std::nullopt;

  // The finding is its decisions, not its seed: replayed, it must be the same execution.
  Facts again;
  RunOptions replay = options;
  replay.replay = &facts.decisions;
  const bool same = Gather(replay, &again) && again.hash == facts.hash;
  ORDEAL_CHECK(same, "a finding did not replay from its decisions: nondeterminism in the engine or in the code under test");

  Finding f;
  f.hash = facts.hash;
  f.trace = std::move(facts.trace);
  f.verdict.effect = facts.effect;
  f.verdict.contract = facts.contract;
  f.verdict.race = facts.race;
  f.verdict.mixed_sizes = facts.mixed_sizes;
  f.verdict.machines = facts.machines;
  Classify(base, &f.verdict);
  Blame(base, &f.verdict);
  Restore(base);

  f.reproducer = base;
  f.reproducer.model = std::string(model::RungName(rung_));
  f.reproducer.decisions = facts.decisions;
  f.reproducer.expect.violation = ViolationName(facts.effect ? facts.effect->violation : facts.race ? Violation::kRace : Violation::kContract);
  f.reproducer.expect.headline = f.verdict.headline;
  f.reproducer.expect.owner = OwnerName(f.verdict.owner);
  return f;
}

// Runs the program until an effect is seen in an execution that the model allows. Any effect: one cause has many symptoms, and a program
// that fails on this rung in any way is not cured by barriers.
SearchResult Investigator::Search(const Program& program, Rung rung, u32 budget) {
  machine_.Load(program);
  SearchResult result;
  for (u32 i = 0; i < budget; ++i) {
    RunOptions o;
    o.rung = rung;
    o.seed = 0x5EA2C4 + i;
    const Outcome& outcome = machine_.Run(o);
    ++result.executions;
    if (outcome.effect() == nullptr) continue;
    result.symptom = outcome.effect()->violation;
    if (model::IsWeak(rung)) {
      o.record = true;
      machine_.Run(o);
      ++tally_.judged;
      if (!model::JudgeOn(rung, model::TraceToGraph(model::RecordedTrace()).graph, false).allowed()) {
        ++tally_.forbidden;
        continue;
      }
    }
    ++result.hits;
    return result;
  }
  return result;
}

void Investigator::Classify(const Reproducer& base, Verdict* v) {
  if (!v->effect) {
    v->headline = v->race ? "race" : "contract/latent";
    return;
  }
  if (v->effect->violation == Violation::kDeadlock || v->effect->violation == Violation::kLivelock) {
    v->headline = "liveness";
    return;
  }
  v->sequential = Search(base.program, Rung::kSequential, budget_.sequential);
  if (v->sequential.hits > 0) {
    v->headline = "not-ordering/sequential";
    return;
  }
  // Found on SC is shown on SC: no search can say more.
  v->sc = model::IsWeak(rung_) ? Search(base.program, Rung::kSc, budget_.sc) : SearchResult{1, 1, v->effect->violation};
  v->headline = v->sc.hits > 0 ? "not-ordering/interleaving" : absl::StrCat("ordering/", std::string(model::RungTitle(rung_)));
}

void Investigator::Blame(const Reproducer& base, Verdict* v) {
  if (v->sequential.hits + v->sc.hits > 0) {  // no barrier can cure it, so the contract about barriers does not decide
    const bool misuse = v->effect->violation == Violation::kDoubleFree || v->effect->violation == Violation::kUseAfterFree;
    v->owner = misuse ? Owner::kUser : Owner::kAllocator;
    v->owner_reason = misuse ? "misuse: the program frees or uses what it no longer holds" : "it fails without weak memory, with users who use only what they hold";
    return;
  }
  if (!v->contract) {
    v->owner = Owner::kAllocator;
    v->owner_reason = "the users kept the contract in this execution";
    return;
  }
  // Strengthen the users alone: a barrier inside the allocator could hide what they owe.
  ORDEAL_CHECK(PlantAllocatorBugs(base.bugs).ok(), "bugs were planted before");
  v->enforced = Search(EnforceContract(base.program), rung_, v->effect ? budget_.enforced : budget_.enforced / 10);
  if (v->enforced.hits == 0) {
    v->owner = Owner::kUser;
    v->owner_reason = absl::StrCat("with the contract enforced on user edges only, 0 of ", v->enforced.executions, " executions fail");
  } else {
    v->owner = Owner::kBoth;
    v->owner_reason = "the contract is broken, and with it enforced on user edges the allocator still fails";
  }
}

void Investigator::Restore(const Reproducer& base) {
  ORDEAL_CHECK(PlantBugs(base.bugs).ok(), "bugs were planted before");
  machine_.Load(base.program);
}

}  // namespace ordeal
