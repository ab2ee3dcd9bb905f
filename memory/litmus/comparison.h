// Where does our answer to a litmus test differ from an oracle's? Prints the differences, a line each, and counts them.
//
//   forbidden reached: NAME: STATE           we reach what the oracle does not list
//   allowed missed: NAME: STATE (CAUSE)      the other way round
//   verdict: NAME: got ..., expected ...     race: NAME: got ..., expected ...
//   unreadable: FILE:LINE: REASON            no answer: NAME       the oracle has none; only with `verbose`
//
// Of a search that was not complete only what it saw counts. A racy test's states are compared in exhaustive searches alone.
#pragma once
#include <string>

#include "absl/status/statusor.h"
#include "memory/litmus/conformance_oracle.h"
#include "memory/litmus/run.h"

namespace ordeal::litmus {

// Why was a state missed? kLoadBuffering: an exhaustive search finds it with promises only; kRare: one finds it, random runs did not.
enum Cause : u8 { kLoadBuffering, kRare, kGaveUp, kUnknown, kCauses };

struct ComparisonPlan {
  RunPlan run;
  bool verbose = false;
};

struct Tally {
  u64 tests = 0, no_answer = 0, unreadable = 0;
  u64 in_full = 0;              // by a search that was complete
  u64 states = 0, reached = 0;  // the oracle's, of the tests whose states were compared
  u64 missed[kCauses] = {};
  u64 forbidden = 0, verdicts = 0, races = 0;  // differences
  double cpu = 0;

  void Add(const Tally& t);
  // What an oracle that is right holds against us. Random runs may miss anything, and so may a search that gave up.
  u64 differences() const { return forbidden + verdicts + races + unreadable + missed[kUnknown]; }
};

// The text of the test, or why there is none. `expected` may be null.
void Compare(const ComparisonPlan& plan, const std::string& name, const std::string& file, const absl::StatusOr<std::string>& text,
             const OracleAnswer* expected, Tally* tally);

}  // namespace ordeal::litmus
