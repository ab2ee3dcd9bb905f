// Is this failing execution a finding, and what is to be said of it?
//
// Every failing execution is run again with recording and judged by the axioms: what the model forbids is our own artefact, counted and
// never reported. What remains is replayed from its decisions, compared by hash, and classified.
#pragma once
#include <optional>

#include "finding/classify.h"

namespace ordeal {

// What counts as a finding.
enum class ReportWhat : u8 { kAll, kDamage };  // kDamage: effects only, not races and latent breaches of the contract

struct Tally {
  u64 forbidden = 0;            // failing executions that the model forbids: discarded
  u64 races_dismissed = 0;      // suspicions of the race clocks that the judge did not confirm
  u64 contracts_dismissed = 0;  // broken by the shadow's clock, kept by the judge
  u64 judged = 0;
};

// Not thread-safe. The machine's program and the planted bugs are the reproducer's before and after every call.
class Investigator {
 public:
  Investigator(Machine& machine, model::Rung rung, ReportWhat what, Budget budget = {})
      : machine_(machine), rung_(rung), what_(what), budget_(budget) {}

  // Cheap: is there anything in this outcome that is worth a look?
  bool Suspicious(const Outcome& outcome) const;

  // The facts of the execution that `options` gives (by seed, by decisions, led): trace, decisions, effect, race, contract. `base` names
  // what is loaded: allocator, bugs, program. Nothing if the execution is allowed and clean, or forbidden.
  std::optional<Finding> Look(const Reproducer& base, model::RunOptions options);

  // Then the headline, the owner and, as what a replay must give, the expectation.
  void Conclude(Finding* f);

  model::Rung rung() const { return rung_; }
  const Tally& tally() const { return tally_; }

 private:
  bool AllowedHere(const model::Graph& graph) const;
  bool Gather(const model::RunOptions& options, Finding* f);
  void GatherRaceAndContract(const Outcome& outcome, const struct Judged& judged, Finding* f);

  Machine& machine_;
  model::Rung rung_;
  ReportWhat what_;
  Budget budget_;
  Tally tally_;
};

}  // namespace ordeal
