#include "stress/night/compare_runs.h"

#include <algorithm>
#include <array>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "stress/night/judgement.h"
#include "stress/night/proportion.h"

namespace ordeal::stress {
namespace {

const ScenarioTally* Find(const NightTally& t, const std::string& name) {
  const auto at = std::find_if(t.scenarios.begin(), t.scenarios.end(), [&](const ScenarioTally& s) { return s.name == name; });
  return at == t.scenarios.end() || at->meters.rounds == 0 ? nullptr : &*at;
}

// Of the rounds whose outcome is known.
Proportion RateOf(const ScenarioTally& s) {
  Proportion p;
  for (const auto& [outcome, rounds] : s.outcomes) p.rounds += rounds;
  p.hits = WantedRounds(s);
  return p;
}

std::string NameOf(const ScenarioTally& s) { return s.wanted.empty() ? s.name : absl::StrCat(s.name, "/", s.wanted); }

}  // namespace

std::string CompareRuns(const NightTally& a_as_is, const NightTally& b_as_is) {
  const NightTally a = Merged(a_as_is, {}), b = Merged(b_as_is, {});  // each scenario once
  std::vector<std::array<std::string, 4>> rows = {{"scenario", "first", "second", "first beside second"}};
  std::string alone;
  for (const ScenarioTally& s : a.scenarios) {
    const ScenarioTally *first = Find(a, s.name), *second = Find(b, s.name);
    if (first != nullptr && second == nullptr) absl::StrAppend(&alone, s.name, ": in the first run only\n");
    if (first == nullptr || second == nullptr) continue;
    if (first->wanted != second->wanted) {
      absl::StrAppend(&alone, s.name, ": asks for '", first->wanted, "' in the first run and for '", second->wanted, "' in the second\n");
      continue;
    }
    const Proportion p = RateOf(*first), q = RateOf(*second);
    rows.push_back({NameOf(s), Describe(p), Describe(q), DescribeChange(p, q)});
  }
  for (const ScenarioTally& s : b.scenarios)
    if (Find(b, s.name) != nullptr && Find(a, s.name) == nullptr) absl::StrAppend(&alone, s.name, ": in the second run only\n");
  if (rows.size() == 1) return alone + "nothing to compare: no scenario ran in both\n";
  std::array<size_t, 4> width{};
  for (const auto& row : rows)
    for (size_t c = 0; c < row.size(); ++c) width[c] = std::max(width[c], row[c].size());
  std::string out;
  for (const auto& row : rows) {
    std::string line;
    for (size_t c = 0; c < row.size(); ++c) absl::StrAppendFormat(&line, "%-*s  ", static_cast<int>(width[c]), row[c]);
    absl::StrAppend(&out, absl::StripTrailingAsciiWhitespace(line), "\n");
  }
  return out + alone;
}

}  // namespace ordeal::stress
