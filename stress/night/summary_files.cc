#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/exit_code.h"
#include "base/file.h"
#include "nlohmann/json.hpp"
#include "stress/night/json.h"
#include "stress/night/markup.h"
#include "stress/night/summary.h"
#include "stress/night/tally_json.h"

namespace ordeal::stress {
namespace {

struct Case {
  enum { kPassed, kFailed, kSkipped, kUnclear } kind = kPassed;
  std::string message;
};

Case CaseOf(const ScenarioTally& s, const NightReport& r, const Judgement& j) {
  const auto expected = [&](const std::string& signature) { return std::find(r.expected.begin(), r.expected.end(), signature) != r.expected.end(); };
  if (!s.findings.empty() && j.exit == kExitClean && std::all_of(s.findings.begin(), s.findings.end(), expected)) return {};
  if (!s.findings.empty()) return {Case::kFailed, absl::StrJoin(s.findings, ", ")};
  if (!s.not_run.empty()) return {Case::kSkipped, s.not_run};
  if (s.meters.rounds == 0) return {Case::kSkipped, "the run ended before its turn"};
  // Silence in a run that is worth nothing, or whose plan was not done, is no pass. A finding elsewhere takes nothing from it.
  if (j.word == "PASS" || (j.word == "FAIL" && j.exit != kExitNotMet)) return {};
  return {Case::kUnclear, absl::StrCat(j.word, " ", j.reason)};
}

std::string CaseXml(const ScenarioTally& s, const Case& c) {
  static constexpr const char* kTags[] = {"", "failure", "skipped", "error"};
  const std::string head =
      absl::StrCat("  <testcase classname=\"ordeal.stress\"", Attribute("name", s.name), absl::StrFormat(" time=\"%.3f\"", s.meters.seconds));
  if (c.kind == Case::kPassed) return head + "/>\n";
  return absl::StrCat(head, "><", kTags[c.kind], Attribute("message", c.message), "/></testcase>\n");
}

}  // namespace

std::string SummaryJson(const NightReport& r) {
  const Judgement j = Judge(r);
  return JsonPage({{"v", 1},
                   {"status", j.word},
                   {"exit", j.exit},
                   {"reason", j.reason},
                   {"plan_done", r.plan_done},
                   {"seconds", r.seconds},
                   {"resumed", r.resumed},
                   {"expect", r.expect},
                   {"host", r.host},
                   {"machine", r.machine},
                   {"allocator", r.allocator},
                   {"placement", r.placement},
                   {"rounds", TotalRounds(r.tally)},
                   {"overlap", Overlap(r.tally)},
                   {"findings", AllFindings(r.tally)},
                   {"tally", TallyToJson(r.tally)}});
}

std::string JunitXml(const NightReport& r) {
  const Judgement j = Judge(r);
  size_t counts[4] = {};
  std::string cases;
  for (const ScenarioTally& s : r.tally.scenarios) {
    const Case c = CaseOf(s, r, j);
    ++counts[c.kind];
    absl::StrAppend(&cases, CaseXml(s, c));
  }
  // Of the run as a whole: an expectation that was not met, a run of nothing.
  ScenarioTally whole;
  whole.name = "status";
  whole.meters.seconds = r.seconds;
  const Case last = j.exit == 0 ? Case{} : Case{j.word == "FAIL" ? Case::kFailed : Case::kUnclear, absl::StrCat(j.word, " ", j.reason)};
  ++counts[last.kind];
  absl::StrAppend(&cases, CaseXml(whole, last));
  return absl::StrCat("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n <testsuite name=\"ordeal.stress\"", Attribute("hostname", r.host),
                      absl::StrFormat(" tests=\"%u\" failures=\"%u\" errors=\"%u\" skipped=\"%u\" time=\"%.3f\">\n", r.tally.scenarios.size() + 1,
                                      counts[Case::kFailed], counts[Case::kUnclear], counts[Case::kSkipped], r.seconds),
                      cases, " </testsuite>\n</testsuites>\n");
}

absl::Status WriteSummaries(const NightReport& r, const std::string& directory) {
  const std::pair<const char*, std::string> files[] = {
      {"/summary.txt", SummaryText(r)}, {"/summary.json", SummaryJson(r)}, {"/junit.xml", JunitXml(r)}, {"/report.html", HtmlPage(r)}};
  for (const auto& [name, text] : files)
    if (absl::Status s = WriteFile(directory + name, text); !s.ok()) return s;
  return absl::OkStatus();
}

}  // namespace ordeal::stress
