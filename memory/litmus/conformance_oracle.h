// What did an oracle answer? Reads what lies beside the litmus tests of a directory.
//
//   verdicts.tsv         a header line; the columns `name`, `verdict` (Never, Sometimes, Always) and `race` (0, 1) are the LKMM's, one
//                        called as another model (rung.h) has that model's verdicts; any others are passed over
//   states.jsonl         the LKMM's, a JSON object a line: "name", "states" (every final state, as state.h writes it), perhaps "verdict"
//                        and "race", over which those of verdicts.tsv win; with "partial": true there may be more states than these
//   states-MODEL.jsonl   another model's
//   programs.jsonl       tests that have no file: "name", "prog" (the text), "race" (the LKMM's), and the states by the model's name
//
// Any of them may be missing. Any line that is not as said is an error: what was lost with it would pass for agreement.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "memory/model/rung.h"

namespace ordeal::litmus {

struct OracleAnswer {
  std::string verdict;  // empty: not given, as the others
  std::optional<bool> race;
  std::optional<std::set<std::string>> states;
  bool partial = false;  // a lower bound

  bool empty() const { return verdict.empty() && !race && !states; }
};

struct OracleProgram {
  std::string name, text;
  OracleAnswer answer;
};

struct Oracle {
  std::map<std::string, OracleAnswer> answers;  // by the test's name
  std::vector<OracleProgram> programs;
};

// An error's message begins with FILE:LINE.
absl::StatusOr<Oracle> ReadOracle(const std::string& directory, model::Rung rung);

}  // namespace ordeal::litmus
