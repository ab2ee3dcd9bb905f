#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "stress/night/numbers.h"
#include "stress/night/proportion.h"
#include "stress/night/summary.h"

namespace ordeal::stress {
namespace {

std::string ScenarioLine(const ScenarioTally& s, size_t width) {
  std::string out = absl::StrFormat("%-*s ------- ", static_cast<int>(width), s.name);
  const Meters& m = s.meters;
  if (!s.not_run.empty()) {
    absl::StrAppend(&out, "not run: ", s.not_run);
  } else if (m.rounds == 0) {
    absl::StrAppend(&out, "not run: the run ended before its turn");
  } else {
    absl::StrAppendFormat(&out, "%s rounds (%s/s) overlap %.1f%%", Short(m.rounds), Short(static_cast<double>(m.rounds) / std::max(m.seconds, 1e-9)),
                          100 * Overlap(m));
    if (m.skew.Count() > 0 || m.remote_frees == 0) absl::StrAppendFormat(&out, " skew p50 %u p99 %u", m.skew.Quantile(0.5), m.skew.Quantile(0.99));
  }
  for (const auto& [count, what] :
       {std::pair(m.drifted, "drifted"), {m.starved, "starved"}, {m.undecided, "undecided"}, {m.remote_frees, "remote frees"}})
    if (count != 0) absl::StrAppend(&out, " ", what, " ", Short(count));
  if (!s.findings.empty()) absl::StrAppend(&out, "  !!! ", CountOf(s.findings.size(), "finding"));
  return out + "\n";
}

const char* HowOften(u64 positive, u64 negative) { return positive == 0 ? "Never" : negative == 0 ? "Always" : "Sometimes"; }

// Nothing is asked about a scenario without `wanted`, unless something else than "fine" was seen.
std::string LitmusBlock(const ScenarioTally& s) {
  const u64 positive = WantedRounds(s);
  u64 rounds = 0;
  for (const auto& [outcome, n] : s.outcomes) rounds += n;
  if (rounds == 0 || (s.wanted.empty() && positive == 0)) return "";
  const std::string name = s.wanted.empty() ? s.name : absl::StrCat(s.name, "/", s.wanted);
  std::string out = absl::StrCat("Test ", name, !s.model_allows.empty() ? " Allowed\n" : s.wanted.empty() ? " Forbidden\n" : "\n");
  absl::StrAppend(&out, "Histogram (", s.outcomes.size(), " states)\n");
  for (const auto& [outcome, n] : s.outcomes) {
    const bool wanted = s.wanted.empty() ? outcome != "fine" : outcome == s.wanted;
    absl::StrAppendFormat(&out, "%-8u%s>%s\n", n, wanted ? "*" : ":", outcome);
  }
  absl::StrAppendFormat(&out, "Observation %s %s %u %u\n", name, HowOften(positive, rounds - positive), positive, rounds - positive);
  if (!s.model_allows.empty()) absl::StrAppend(&out, "Model allows it on ", s.model_allows, "; this machine ", Describe({positive, rounds}), "\n");
  return absl::StrFormat("%sTime %s %.2f\n\n", out, name, s.meters.seconds);
}

std::string CanaryLine(const CanaryTally& c) {
  const std::string meaning = c.weak > 0   ? "positive control: this machine shows weak outcomes"
                              : c.expected ? "positive control, SILENT: what was not seen in this run says nothing"
                                           : "not a control here: this machine need not show it";
  return absl::StrFormat("canary %s %s %u %u   (%s)\n", c.name, HowOften(c.weak, c.rounds - std::min(c.weak, c.rounds)), c.weak,
                         c.rounds - std::min(c.weak, c.rounds), meaning);
}

// Names come from files: a line break in one must not begin a line of ours.
std::string OneLine(std::string text) {
  std::replace_if(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  return text;
}

NightReport Harmless(NightReport r) {
  for (ScenarioTally& s : r.tally.scenarios) {
    std::map<std::string, u64> outcomes;
    for (const auto& [name, n] : s.outcomes) outcomes[OneLine(name)] += n;
    s.outcomes = std::move(outcomes);
    for (std::string* text : {&s.name, &s.not_run, &s.wanted, &s.model_allows}) *text = OneLine(*text);
    for (std::string& signature : s.findings) signature = OneLine(signature);
  }
  for (CanaryTally& c : r.tally.canaries) c.name = OneLine(c.name);
  for (std::string* text : {&r.expect, &r.host, &r.machine, &r.allocator, &r.placement}) *text = OneLine(*text);
  for (std::string& command : r.commands) command = OneLine(command);
  return r;
}

}  // namespace

std::string SummaryText(const NightReport& as_given) {
  const NightReport r = Harmless(as_given);
  std::string out = absl::StrCat("Ordeal stress, ", r.host, ": ", r.machine, "\n");
  for (const auto& [what, text] : {std::pair("allocator", r.allocator), {"placement", r.placement}})
    if (!text.empty()) absl::StrAppend(&out, what, " ", text, "\n");
  absl::StrAppend(&out, "ran ", Clock(r.seconds), ", ", Percent(r.plan_done), " of the plan",
                  r.resumed == 0 ? "" : absl::StrCat(", resumed x", r.resumed), "\n\n");
  size_t width = 8;
  for (const ScenarioTally& s : r.tally.scenarios) width = std::clamp(s.name.size(), width, size_t{40});
  for (const ScenarioTally& s : r.tally.scenarios) absl::StrAppend(&out, ScenarioLine(s, width));
  out += "\n";
  for (const ScenarioTally& s : r.tally.scenarios) absl::StrAppend(&out, LitmusBlock(s));
  if (!r.arms.empty()) absl::StrAppend(&out, r.arms, "\n");
  for (const CanaryTally& c : r.tally.canaries) absl::StrAppend(&out, CanaryLine(c));
  for (const ScenarioTally& s : r.tally.scenarios)
    for (const std::string& signature : s.findings) absl::StrAppend(&out, "!!! ", s.name, " findings/", signature, "\n");
  for (const std::string& command : r.commands) absl::StrAppend(&out, "  ", command, "\n");
  const Judgement j = Judge(r);
  return absl::StrFormat("%sStatus: %s %s, plan %s        exit %d\n", out, j.word, j.reason, Percent(r.plan_done), j.exit);
}

}  // namespace ordeal::stress
