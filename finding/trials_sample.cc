// What do random executions of a program come to?
#include "finding/trials.h"
#include "memory/model/buffering.h"
#include "memory/model/ladder.h"
#include "memory/model/trace_to_graph.h"

namespace ordeal {

using model::Rung;

// One execution that the rung allows, counted and shown. False: enough.
bool Trials::SampleOne(model::RunOptions options, const Visit& visit, Count* count) {
  const Outcome* outcome = &machine_.Run(options);
  if (outcome->run.ending == model::Ending::kUnkept || outcome->unjudged) return true;
  if (outcome->effect() != nullptr && model::IsWeak(options.rung)) {
    options.record = true;
    outcome = &machine_.Run(options);
    if (!model::AllowedOn(options.rung, model::TraceToGraph(model::RecordedTrace()).graph)) return true;
  }
  count->Add(*outcome);
  return visit(*outcome, nullptr) && !count->fails();
}

// Random executions until one fails that the rung allows; every so-manieth also with loads that return what is stored after them.
void Trials::Sample(Rung rung, const Bound& bound, const Visit& visit, Count* count) {
  constexpr u32 kRecorded = 8, kPromises = 4;
  *count = {.rung = rung, .proof = Proof::kSampled};
  for (u32 i = 0; i < bound.samples; ++i) {
    model::RunOptions o;
    o.rung = rung;
    o.seed = 0x5EA2C4 + i;
    o.record = bound.promises != 0 && model::BuffersLoads(rung) && i % kRecorded == 0;
    if (!SampleOne(o, visit, count)) return;
    if (!o.record) continue;
    for (const Decisions& with : model::WithPromises(model::RecordedTrace(), model::RecordedDecisions(), o.seed, kPromises)) {
      model::RunOptions again = o;
      again.record = false;
      again.replay = &with;
      if (!SampleOne(again, visit, count)) return;
    }
  }
}

}  // namespace ordeal
