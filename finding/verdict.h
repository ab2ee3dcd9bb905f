// What does Ordeal conclude? Three separate facts (effect and its rung, race, contract), whose fault it is, what would cure it, and how
// each was proved.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "finding/repair.h"
#include "memory/model/engine.h"
#include "memory/model/judge.h"
#include "memory/model/trace.h"
#include "program/reproducer.h"
#include "shadow/shadow.h"

namespace ordeal {

struct Outcome;  // run/machine.h

enum class Owner : u8 { kUser, kAllocator, kBoth, kUnclear };
constexpr const char* OwnerName(Owner o) {
  constexpr const char* kNames[] = {"user", "allocator", "both", "unclear"};
  return kNames[static_cast<int>(o)];
}

// What the executions of one program on one rung come to.
struct Count {
  model::Rung rung = model::Rung::kLkmm;
  Proof proof = Proof::kNotSearched;
  u64 executions = 0, failing = 0;       // with an effect
  u64 racy = 0;                          // LKMM only
  u64 unjudged = 0;                      // of those that buffer loads: Outcome::unjudged
  Violation symptom = Violation::kNone;  // of the first failing one

  void Add(const Outcome& outcome);
  bool fails() const { return failing > 0; }
  bool passes() const { return proof == Proof::kAll && failing == 0; }
  bool searched_well() const { return SearchedWell(proof); }
};
std::string CountText(const Count& c);  // "0 of 12 (all)", "3 of 500 (bounded)", "0 of 2000 (sampled)"

// The rungs of the ladder, strongest first; ARMv8 and POWER are incomparable.
inline constexpr model::Rung kLadder[] = {model::Rung::kSequential, model::Rung::kSc,    model::Rung::kTso,
                                          model::Rung::kArmv8,      model::Rung::kPower, model::Rung::kLkmm};

// The rungs that are machines, or all machines there are (SC).
inline constexpr model::Rung kMachines[] = {model::Rung::kSc, model::Rung::kTso, model::Rung::kArmv8, model::Rung::kPower};

// A data race by the LKMM's definition, as two accesses of the trace.
struct RaceFact {
  model::TraceEvent first, second;
};

struct Verdict {
  std::string headline;  // "not-ordering/sequential", "not-ordering/interleaving", "ordering/ARMv8+POWER", "race", "contract/latent", "liveness"
  Owner owner = Owner::kUnclear;
  std::string owner_reason;  // one clause, pasteable
  std::optional<Report> effect;
  std::optional<RaceFact> race;
  std::optional<Report> contract;              // the broken contract, if any
  std::array<bool, model::kRungs> machines{};  // by rung: does it allow this very execution? Of kMachines
  bool buffers = false;                        // a load reads what is stored after it: counts without load buffering say nothing of it
  bool mixed_sizes = false;                    // accesses of several sizes meet: judged as LKMM + bytes
  std::vector<Count> ladder;                   // what was searched, strongest rung first
  Count enforced;                              // any effect, with every publish at least a release and every consume at least an acquire

  const Count* On(model::Rung rung) const;  // null: not searched
};

// What the finding is called by: the effect, else the race, else the broken contract.
inline Violation ViolationOf(const Verdict& v) { return v.effect ? v.effect->violation : v.race ? Violation::kRace : Violation::kContract; }

// One thing that a load could have read in this execution, given what came before it.
struct Choice {
  u32 load = 0;                 // event of the trace
  u32 store = model::kNoEvent;  // the store; kNoEvent: the initial value
  bool taken = false, allowed = false;
  std::string axiom;       // that forbids it
  std::vector<u32> cycle;  // events of the trace: each is ordered before the next, and the last before the first
};

// Something that would be different in the nearest execution that passes.
struct Difference {
  AccessKey at;
  u8 cpu = 0;
  std::string here, there;  // "reads the initial value", "reads 1.1"
};

struct Finding {
  Reproducer reproducer;  // replays the execution: program, bugs, decisions, and this verdict as its expectation
  Verdict verdict;
  model::Trace trace;  // of the failing execution
  u64 hash = 0;

  // ---- What follows is empty until the finding was analysed (analyse.h).
  bool analysed = false;
  bool minimal = false;               // no op, CPU or decision can go: checked
  std::vector<Cure> cures;            // weakest first; each validated
  std::vector<Cure> band_aids;        // they hide the effect and leave the contract broken
  std::vector<std::string> unneeded;  // orders and barriers, stated, that these executions do not need, with the proof
  std::vector<u32> cycle;             // the critical cycle: events of the trace; empty: sequential
  std::vector<Choice> choices;        // of the loads that matter
  std::vector<Difference> nearest;    // from this execution to the nearest that passes
};

// Does this finding give what a reproducer states? Empty fields state nothing. "ordering/LKMM" is met by every headline of the form
// ordering/RUNG: found on the LKMM, and not asked where else.
bool Meets(const Verdict& v, const Expectation& e);

// Is it what the catalogue says of a bug? A program may need a weaker rung than the bug: ordering/RUNG is met by every other one.
bool MeetsCatalogue(const Verdict& v, const std::string& headline, const std::string& owner);

}  // namespace ordeal
