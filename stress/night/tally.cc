#include "stress/night/tally.h"

#include <set>

namespace ordeal::stress {

void Add(Meters& into, const Meters& more) {
  into.rounds += more.rounds;
  into.overlapped += more.overlapped;
  into.ops += more.ops;
  into.undecided += more.undecided;
  into.drifted += more.drifted;
  into.starved += more.starved;
  into.remote_frees += more.remote_frees;
  into.seconds += more.seconds;
  for (size_t b = 0; b < into.skew.bucket.size(); ++b) into.skew.bucket[b] += more.skew.bucket[b];
}

namespace {

void Add(ScenarioTally& into, const ScenarioTally& more) {
  into.not_run = std::min(into.not_run, more.not_run);  // "" comes first: it ran
  for (const auto& [outcome, rounds] : more.outcomes) into.outcomes[outcome] += rounds;
  into.wanted = std::max(into.wanted, more.wanted);
  into.model_allows = std::max(into.model_allows, more.model_allows);
  std::set<std::string> findings(into.findings.begin(), into.findings.end());
  findings.insert(more.findings.begin(), more.findings.end());
  into.findings.assign(findings.begin(), findings.end());
  Add(into.meters, more.meters);
}

void Add(CanaryTally& into, const CanaryTally& more) {
  into.expected = into.expected || more.expected;
  into.weak += more.weak;
  into.rounds += more.rounds;
}

// The first of a name is taken as it is: a scenario that did not run has no reason to be called run.
template <class T>
std::vector<T> ByName(const std::vector<T>& a, const std::vector<T>& b) {
  std::map<std::string, T> all;
  for (const std::vector<T>* side : {&a, &b})
    for (const T& one : *side)
      if (const auto [at, is_new] = all.emplace(one.name, one); !is_new) Add(at->second, one);
  std::vector<T> out;
  for (auto& [name, one] : all) out.push_back(std::move(one));
  return out;
}

}  // namespace

u64 TickHistogram::Count() const {
  u64 count = 0;
  for (const u64 n : bucket) count += n;
  return count;
}

u64 TickHistogram::Quantile(double q) const {
  const double wanted = q * static_cast<double>(Count());
  u64 so_far = 0;
  for (size_t b = 0; b < bucket.size(); ++b) {
    so_far += bucket[b];
    if (so_far > 0 && static_cast<double>(so_far) >= wanted) return (u64{1} << b) - 1;
  }
  return 0;
}

NightTally Merged(const NightTally& a, const NightTally& b) {
  NightTally out{ByName(a.scenarios, b.scenarios), ByName(a.canaries, b.canaries)};
  for (ScenarioTally& s : out.scenarios) {
    std::sort(s.findings.begin(), s.findings.end());
    s.findings.erase(std::unique(s.findings.begin(), s.findings.end()), s.findings.end());
  }
  return out;
}

u64 TotalRounds(const NightTally& t) {
  u64 rounds = 0;
  for (const ScenarioTally& s : t.scenarios) rounds += s.meters.rounds;
  return rounds;
}

std::vector<std::string> AllFindings(const NightTally& t) {
  std::set<std::string> all;
  for (const ScenarioTally& s : t.scenarios) all.insert(s.findings.begin(), s.findings.end());
  return {all.begin(), all.end()};
}

}  // namespace ordeal::stress
