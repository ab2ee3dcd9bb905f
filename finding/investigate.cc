#include "finding/investigate.h"

#include "base/check.h"
#include "memory/model/buffering.h"
#include "memory/model/judge.h"
#include "memory/model/ladder.h"
#include "memory/model/trace_to_graph.h"

namespace ordeal {

using model::Rung;
using model::RunOptions;

// An execution as the axioms see it.
struct Judged {
  model::TraceGraph graph;
  model::Judgement lkmm;
};

namespace {

// Is an access more than one event? Then others take the same bytes in other parts.
bool HasMixedSizes(const model::Graph& g) {
  for (int i = 1; i < g.size(); ++i)
    if (g.events[i].thread != model::kInitialThread && model::SameInstruction(g.events[i - 1], g.events[i]) &&
        g.events[i - 1].kind == g.events[i].kind)
      return true;
  return false;
}

}  // namespace

bool Investigator::Suspicious(const Outcome& outcome) const {
  if (what_ == ReportWhat::kDamage) return outcome.effect() != nullptr;
  return !outcome.reports.empty() || outcome.race_suspected;
}

// Does the rung of this investigation allow the execution? What it runs on are the LKMM's views, whatever the rung (engine.h).
bool Investigator::AllowedHere(const model::Graph& graph) const { return model::AllowedOn(model::IsWeak(rung_) ? rung_ : Rung::kLkmm, graph); }

// The race is the LKMM's on every rung. The shadow's clock may report too much: a broken contract at a free is one only if the axioms, on
// the users' events alone, say so.
void Investigator::GatherRaceAndContract(const Outcome& outcome, const Judged& judged, Finding* f) {
  const model::Judgement& j = judged.lkmm;
  if (j.race) {
    const u32 first = judged.graph.trace_event[j.race_first], second = judged.graph.trace_event[j.race_second];
    if (first != model::kNoEvent && second != model::kNoEvent) f->verdict.race = RaceFact{f->trace.events[first], f->trace.events[second]};
  } else if (outcome.race_suspected) {
    ++tally_.races_dismissed;
  }
  const Report* broken = outcome.first(Violation::kContract);
  if (broken == nullptr) return;
  if (broken->at_touch || model::Judge(model::TraceToGraph(f->trace, model::Keep::kUserOnly).graph, true).race) {
    f->verdict.contract = *broken;
  } else {
    ++tally_.contracts_dismissed;
  }
}

// Records the execution, judges it, and collects what it shows. False: forbidden, or clean.
bool Investigator::Gather(const RunOptions& options, Finding* f) {
  RunOptions recorded = options;
  recorded.record = true;
  recorded.features = nullptr;
  const Outcome& outcome = machine_.Run(recorded);
  f->trace = model::RecordedTrace();
  f->reproducer.decisions = options.replay != nullptr ? *options.replay : model::RecordedDecisions();
  f->hash = outcome.run.hash;
  if (const Report* r = outcome.effect()) f->verdict.effect = *r;
  ++tally_.judged;
  Judged judged{model::TraceToGraph(f->trace), {}};
  const model::Graph& graph = judged.graph.graph;
  if (!AllowedHere(graph)) {
    ++tally_.forbidden;
    return false;
  }
  judged.lkmm = model::Judge(graph, outcome.race_suspected);
  f->verdict.mixed_sizes = HasMixedSizes(graph);
  f->verdict.buffers = model::BuffersLoads(f->trace);
  for (const Rung rung : kMachines) f->verdict.machines[static_cast<int>(rung)] = model::AllowedOn(rung, graph);
  GatherRaceAndContract(outcome, judged, f);
  if (what_ == ReportWhat::kDamage) return f->verdict.effect.has_value();
  return f->verdict.effect || f->verdict.race || f->verdict.contract;
}

std::optional<Finding> Investigator::Look(const Reproducer& base, RunOptions options) {
  Finding f;
  f.reproducer = base;
  f.reproducer.expect = {};
  if (!Gather(options, &f)) return std::nullopt;

  // The finding is its decisions, not its seed: replayed, it must be the same execution.
  Finding again;
  RunOptions replay = options;
  replay.replay = &f.reproducer.decisions;
  replay.leads = nullptr;
  const bool same = Gather(replay, &again) && again.hash == f.hash;
  ORDEAL_CHECK(same, "a finding did not replay from its decisions: nondeterminism in the engine or in the code under test");
  f.reproducer.model = std::string(model::RungName(rung_));
  return f;
}

void Investigator::Conclude(Finding* f) {
  Trials trials(machine_);
  trials.Load(f->reproducer);
  Verdict& v = f->verdict;
  Classify(trials, f->reproducer, rung_, budget_, &v);
  Expectation& e = f->reproducer.expect;
  e.violation = ViolationName(ViolationOf(v));
  e.headline = v.headline;
  e.owner = OwnerName(v.owner);
}

}  // namespace ordeal
