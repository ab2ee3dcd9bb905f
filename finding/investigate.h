// Is this failing execution a finding, and what is to be said of it?
//
// Every failing execution is run again with recording and judged by the axioms: what the model forbids is our own artefact, counted and
// never reported. What remains is replayed from its decisions, compared by hash, and classified.
#pragma once
#include <memory>
#include <optional>

#include "finding/verdict.h"
#include "run/machine.h"

namespace ordeal {

// What counts as a finding.
enum class ReportWhat : u8 { kAll, kDamage };  // kDamage: effects only, not races and latent breaches of the contract

struct Budget {
  u32 sequential = 2000, sc = 100000, enforced = 20000;  // executions of the program for each question
};

struct Tally {
  u64 forbidden = 0;        // failing executions that the LKMM forbids: discarded
  u64 races_dismissed = 0;  // suspicions of the race clocks that the judge did not confirm
  u64 contracts_dismissed = 0;  // broken by the shadow's clock, kept by the judge
  u64 judged = 0;
};

// Not thread-safe. The machine's program and the planted bugs are the reproducer's before and after every call.
class Investigator {
 public:
  Investigator(Machine& machine, model::Rung rung, ReportWhat what, Budget budget = {}) : machine_(machine), rung_(rung), what_(what), budget_(budget) {}

  // Cheap: is there anything in this outcome that Investigate should look at?
  bool Suspicious(const Outcome& outcome) const;

  // Looks at the execution that `options` gives (by seed or by decisions). `base` names what is loaded: allocator, bugs, program.
  // Nothing if the execution is allowed and clean, or forbidden.
  std::optional<Finding> Investigate(const Reproducer& base, model::RunOptions options);

  const Tally& tally() const { return tally_; }

 private:
  struct Facts;
  bool AllowedHere(const model::Graph& graph, const model::Judgement& lkmm) const;
  bool Gather(const model::RunOptions& options, Facts* facts);
  SearchResult Search(const Program& program, model::Rung rung, u32 budget);
  void Classify(const Reproducer& base, Verdict* v);
  void Blame(const Reproducer& base, Verdict* v);
  void Restore(const Reproducer& base);

  Machine& machine_;
  model::Rung rung_;
  ReportWhat what_;
  Budget budget_;
  Tally tally_;
};

// The weakest program that keeps the contract by itself: every publish at least a release, every consume at least an acquire.
Program EnforceContract(Program program);

}  // namespace ordeal
