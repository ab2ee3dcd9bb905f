// What does Ordeal conclude? Three separate facts (effect and its rung, race, contract), whose fault it is, and how each was proved.
#pragma once
#include <array>
#include <optional>
#include <string>

#include "memory/model/engine.h"
#include "memory/model/judge.h"
#include "memory/model/trace.h"
#include "program/reproducer.h"
#include "shadow/shadow.h"

namespace ordeal {

enum class Owner : u8 { kUser, kAllocator, kBoth, kUnclear };
constexpr const char* OwnerName(Owner o) {
  constexpr const char* kNames[] = {"user", "allocator", "both", "unclear"};
  return kNames[static_cast<int>(o)];
}

// A budgeted search: so many executions of this program, so many with an effect, ended at the first. Never a proof of absence.
struct SearchResult {
  u32 executions = 0, hits = 0;
  Violation symptom = Violation::kNone;  // of the hit
};

// The rungs that are machines, or all machines there are (SC).
inline constexpr model::Rung kMachines[] = {model::Rung::kSc, model::Rung::kTso, model::Rung::kArmv8, model::Rung::kPower};

// A data race by the LKMM's definition, as two accesses of the trace.
struct RaceFact {
  model::TraceEvent first, second;
};

struct Verdict {
  std::string headline;             // "not-ordering/sequential", "not-ordering/interleaving", "ordering/LKMM", "race", "contract/latent", "liveness"
  Owner owner = Owner::kUnclear;
  std::string owner_reason;         // one clause, pasteable
  std::optional<Report> effect;
  std::optional<RaceFact> race;
  std::optional<Report> contract;   // the broken contract, if any
  std::array<bool, model::kRungs> machines{};  // by rung: does it allow this very execution? Of kMachines
  bool mixed_sizes = false;         // accesses of several sizes meet: judged as LKMM + bytes
  SearchResult sequential, sc;      // 0 executions: not searched
  SearchResult enforced;            // any effect, with every publish at least a release and every consume at least an acquire
};

struct Finding {
  Reproducer reproducer;            // replays the execution: program, bugs, decisions, and this verdict as its expectation
  Verdict verdict;
  model::Trace trace;               // of the failing execution
  u64 hash = 0;
};

// The name of an expectation: does this finding give what a reproducer or a catalogue entry states? Empty fields state nothing.
bool Meets(const Verdict& v, const Expectation& e);

}  // namespace ordeal
