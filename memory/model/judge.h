// Is this execution allowed by the Linux kernel memory model, and does it have a data race?
//
// Exact: the axioms of linux-kernel.cat (lkmmv2), without RCU and SRCU, on a complete execution graph. Slow by design, a few
// milliseconds at 400 events: it runs on findings, and on the executions that the engine cannot vouch for.
#pragma once
#include <vector>

#include "memory/model/graph.h"

namespace ordeal::model {

// The LKMM's axioms, then those that only other rungs have (ladder.h). Coherence, atomicity and propagation are asked on several.
enum class Axiom : u8 {
  kNone,
  kCoherence,
  kAtomicity,
  kHappensBefore,
  kPropagation,
  kPlainCoherence,
  kInterleaving,       // SC
  kExternal,           // TSO, ARMv8: external visibility
  kNoThinAir,          // POWER, RC11
  kObservation,        // POWER
  kReservation,        // POWER: scXX
  kHappensBeforeRc11,  // RC11: coherence1
  kPsc,                // RC11: SC
};

constexpr const char* AxiomName(Axiom a) {
  constexpr const char* kNames[] = {"none",         "coherence", "atomicity",   "happens-before", "propagation", "plain-coherence",
                                    "interleaving", "external",  "no-thin-air", "observation",    "scXX",        "coherence1",
                                    "psc"};
  return kNames[static_cast<int>(a)];
}

struct Judgement {
  Axiom broken = Axiom::kNone;  // the first in the order of the cat file
  // The offending cycle of (po-loc | com), hb or pb, each event related to the next and the last to the first; atomicity: read,
  // intruder, write; plain-coherence: the two accesses that are ordered one way and seen the other.
  std::vector<int> cycle;
  bool race = false;  // only if allowed: a forbidden execution has no races
  int race_first = kNotThere, race_second = kNotThere;

  bool allowed() const { return broken == Axiom::kNone; }
};

Judgement Judge(const Graph& g, bool want_race);

// Is there an interleaving of whole instructions that gives this execution?
Judgement JudgeInterleaving(const Graph& g);
bool IsSequentiallyConsistent(const Graph& g);

}  // namespace ordeal::model
