#include "stress/night/judgement.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/exit_code.h"

namespace ordeal::stress {
namespace {

std::string Findings(size_t n) { return absl::StrCat(n, n == 1 ? " finding" : " findings"); }

std::string SilentCanary(const NightTally& t) {
  bool any = false;
  for (const CanaryTally& c : t.canaries) {
    if (!c.expected) continue;
    any = true;
    if (c.rounds == 0) return absl::StrCat("canary ", c.name, " did not run");
    if (c.weak == 0)
      return absl::StrFormat("canary %s saw 0 weak outcomes of %u: threads hardly overlapped (overlap %.4f%%)", c.name, c.rounds, 100 * Overlap(t));
  }
  return any ? "" : "no positive control ran that this machine must show";
}

}  // namespace

double Overlap(const Meters& m) { return m.rounds == 0 ? 0 : static_cast<double>(m.overlapped) / static_cast<double>(m.rounds); }

double Overlap(const NightTally& t) {
  Meters all;
  for (const ScenarioTally& s : t.scenarios) {
    all.rounds += s.meters.rounds;
    all.overlapped += s.meters.overlapped;
  }
  return Overlap(all);
}

u64 WantedRounds(const ScenarioTally& s) {
  u64 rounds = 0;
  for (const auto& [outcome, n] : s.outcomes)
    if (s.wanted.empty() ? outcome != "fine" : outcome == s.wanted) rounds += n;
  return rounds;
}

std::string WhyInconclusive(const NightTally& t) {
  if (TotalRounds(t) == 0) return "nothing ran";
  if (std::string silent = SilentCanary(t); !silent.empty()) return silent;
  return Overlap(t) == 0 ? absl::StrCat("in none of ", TotalRounds(t), " rounds two threads were at work at the same moment") : "";
}

Judgement Judge(const NightReport& r) {
  const size_t all = AllFindings(r.tally).size(), expected = std::min(all, r.expected.size());
  const bool met = !r.expect.empty() && expected > 0;
  const std::string findings = Findings(all);
  if (all > (met ? expected : 0)) return {kExitFinding, "FAIL", met ? absl::StrCat(findings, ", ", expected, " of them as expected") : findings};
  if (r.end == RunEnd::kHang) return {kExitHang, "HANG", absl::StrCat(findings, ", but a thread made no progress")};
  if (r.end == RunEnd::kMemory) return {kExitMemory, "MEMORY", absl::StrCat(findings, ", but the memory limit was reached")};
  if (met && r.end == RunEnd::kCompleted) return {kExitClean, "PASS", absl::StrCat("found ", r.expect, " as expected, and nothing else")};
  // A plan that is not done is no success, whatever the caller calls it.
  if (r.plan_done < 1)
    return {kExitInterrupted, "INTERRUPTED", absl::StrFormat("%s, stopped at %.0f%% of the plan", findings, std::min(99.0, 100 * r.plan_done))};
  if (met) return {kExitClean, "PASS", absl::StrCat("found ", r.expect, " as expected, and nothing else")};
  if (const std::string why = WhyInconclusive(r.tally); !why.empty()) return {kExitUnfit, "INCONCLUSIVE", absl::StrCat(findings, ", but ", why)};
  if (!r.expect.empty() && !r.hidden.empty())
    return {kExitUnfit, "INCONCLUSIVE", absl::StrCat(findings, ", and ", r.expect, " cannot show here: ", r.hidden)};
  if (!r.expect.empty()) return {kExitNotMet, "FAIL", absl::StrCat(findings, ", expected ", r.expect)};
  return {kExitClean, "PASS", findings};
}

}  // namespace ordeal::stress
