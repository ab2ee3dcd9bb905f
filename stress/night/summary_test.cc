#include "stress/night/summary.h"

#include <unistd.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/file.h"
#include "base/random.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "stress/night/json.h"
#include "stress/night/markup.h"
#include "stress/night/scratch_testing.h"
#include "stress/night/tally_json.h"
#include "stress/night/tally_testing.h"
#include "stress/night/xml_testing.h"

namespace ordeal::stress {
namespace {

// A night on which nothing can be said against: rounds, overlap, a canary that sang.
NightReport Good() {
  ScenarioTally s;
  s.name = "xfree";
  s.outcomes["fine"] = s.meters.rounds = 1000;
  s.meters.overlapped = 400;
  s.meters.seconds = 2;
  NightReport r;
  r.tally = {{s}, {{"SB", true, 84021, 200000}}};
  r.plan_done = 1;
  return r;
}

NightReport With(void (*change)(NightReport&)) {
  NightReport r = Good();
  change(r);
  return r;
}

void Find(NightReport& r) { r.tally.scenarios[0].findings.push_back("sig-" + std::to_string(r.tally.scenarios[0].findings.size())); }
void FindExpected(NightReport& r) {
  r.expect = "acct.stride_u16";
  Find(r);
  r.expected = {r.tally.scenarios[0].findings.back()};
}
void Interrupt(NightReport& r) {
  r.end = RunEnd::kInterrupted;
  r.plan_done = 0.43;
}
void Silence(NightReport& r) { r.tally.canaries[0].weak = 0; }

// The table of exit codes: what happened, and what is said of it.
TEST(Judge, IsThisTable) {
  struct {
    const char* what;
    NightReport report;
    int exit;
    const char* word;
    const char* reason;
  } const kTable[] = {
      {"nothing", Good(), 0, "PASS", "0 findings"},
      {"one", With([](auto& r) { Find(r); }), 77, "FAIL", "1 finding"},
      {"two", With([](auto& r) { Find(r), Find(r); }), 77, "FAIL", "2 findings"},
      {"one, then interrupted", With([](auto& r) { Find(r), Interrupt(r); }), 77, "FAIL", "1 finding"},
      {"one, then a hang", With([](auto& r) { Find(r), r.end = RunEnd::kHang; }), 77, "FAIL", "1 finding"},
      {"one, then out of memory", With([](auto& r) { Find(r), r.end = RunEnd::kMemory; }), 77, "FAIL", "1 finding"},
      {"one, and a silent canary", With([](auto& r) { Find(r), Silence(r); }), 77, "FAIL", "1 finding"},
      {"hang", With([](auto& r) { r.end = RunEnd::kHang; }), 70, "HANG", "0 findings, but a thread made no progress"},
      {"memory", With([](auto& r) { r.end = RunEnd::kMemory; }), 71, "MEMORY", "0 findings, but the memory limit was reached"},
      {"interrupted", With(Interrupt), 72, "INTERRUPTED", "0 findings, stopped at 43% of the plan"},
      {"interrupted at the very end", With([](auto& r) { Interrupt(r), r.plan_done = 0.9999; }), 72, "INTERRUPTED",
       "0 findings, stopped at 99% of the plan"},
      {"interrupted when all was done", With([](auto& r) { Interrupt(r), r.plan_done = 1; }), 0, "PASS", "0 findings"},
      {"called complete, and not done", With([](auto& r) { r.plan_done = 0.5; }), 72, "INTERRUPTED", "0 findings, stopped at 50% of the plan"},
      {"interrupted, silent", With([](auto& r) { Interrupt(r), Silence(r); }), 72, "INTERRUPTED", "0 findings, stopped at 43% of the plan"},
      {"silent canary", With(Silence), 2, "INCONCLUSIVE",
       "0 findings, but canary SB saw 0 weak outcomes of 200000: threads hardly overlapped (overlap 40.0000%)"},
      {"a canary that did not run", With([](auto& r) { r.tally.canaries[0] = {"SB", true, 0, 0}; }), 2, "INCONCLUSIVE",
       "0 findings, but canary SB did not run"},
      {"one that need not sing", With([](auto& r) { r.tally.canaries.push_back({"LB", false, 0, 1000}); }), 0, "PASS", "0 findings"},
      {"only one that need not sing", With([](auto& r) { r.tally.canaries[0].expected = false; }), 2, "INCONCLUSIVE",
       "0 findings, but no positive control ran that this machine must show"},
      {"no canary", With([](auto& r) { r.tally.canaries.clear(); }), 2, "INCONCLUSIVE",
       "0 findings, but no positive control ran that this machine must show"},
      {"no overlap", With([](auto& r) { r.tally.scenarios[0].meters.overlapped = 0; }), 2, "INCONCLUSIVE",
       "0 findings, but in none of 1000 rounds two threads were at work at the same moment"},
      {"nothing ran", With([](auto& r) { r.tally.scenarios[0].meters.rounds = 0; }), 2, "INCONCLUSIVE", "0 findings, but nothing ran"},
      {"expected and found", With(FindExpected), 0, "PASS", "found acct.stride_u16 as expected, and nothing else"},
      {"found early", With([](auto& r) { FindExpected(r), r.plan_done = 0.01; }), 0, "PASS", "found acct.stride_u16 as expected, and nothing else"},
      {"found, whatever the canary", With([](auto& r) { FindExpected(r), Silence(r); }), 0, "PASS",
       "found acct.stride_u16 as expected, and nothing else"},
      {"found, and another", With([](auto& r) { FindExpected(r), Find(r); }), 77, "FAIL", "2 findings, 1 of them as expected"},
      {"found, then interrupted", With([](auto& r) { FindExpected(r), Interrupt(r); }), 72, "INTERRUPTED", "1 finding, stopped at 43% of the plan"},
      {"found, then a hang", With([](auto& r) { FindExpected(r), r.end = RunEnd::kHang; }), 70, "HANG", "1 finding, but a thread made no progress"},
      {"another than expected", With([](auto& r) { r.expect = "acct.stride_u16", Find(r); }), 77, "FAIL", "1 finding"},
      {"expected, not found", With([](auto& r) { r.expect = "acct.stride_u16"; }), 3, "FAIL", "0 findings, expected acct.stride_u16"},
      {"expected, and silence says nothing", With([](auto& r) { r.expect = "acct.stride_u16", Silence(r); }), 2, "INCONCLUSIVE",
       "0 findings, but canary SB saw 0 weak outcomes of 200000: threads hardly overlapped (overlap 40.0000%)"},
      {"expected, interrupted", With([](auto& r) { r.expect = "acct.stride_u16", Interrupt(r); }), 72, "INTERRUPTED",
       "0 findings, stopped at 43% of the plan"},
  };
  for (const auto& row : kTable) {
    const Judgement j = Judge(row.report);
    EXPECT_EQ(j.exit, row.exit) << row.what;
    EXPECT_EQ(j.word, row.word) << row.what;
    EXPECT_EQ(j.reason, row.reason) << row.what;
  }
}

// Whatever a night was: 0 only if its plan was done or its expectation met, nothing else was found, and silence was worth something.
TEST(Judge, ASuccessIsNeverEmpty) {
  Rng rng(1);
  int successes = 0;
  for (int i = 0; i < 20000; ++i) {
    NightReport r = Good();
    r.end = rng.Percent(70) ? RunEnd::kCompleted : static_cast<RunEnd>(rng.Below(4));
    r.plan_done = rng.Percent(60) ? 1 : 0.5;
    if (rng.Percent(20)) r.expect = "bug";
    if (rng.Percent(20)) Find(r);
    if (rng.Percent(10)) r.expected = r.tally.scenarios[0].findings;
    if (rng.Percent(10)) Silence(r);
    if (rng.Percent(10)) r.tally.scenarios[0].meters.overlapped = 0;
    if (Judge(r).exit != 0) continue;
    ++successes;
    const size_t found = AllFindings(r.tally).size();
    EXPECT_NE(r.end, RunEnd::kHang);
    EXPECT_NE(r.end, RunEnd::kMemory);
    EXPECT_EQ(found, r.expect.empty() ? 0 : r.expected.size());
    if (found == 0) {
      EXPECT_TRUE(r.plan_done == 1 && r.tally.canaries[0].weak > 0 && r.tally.scenarios[0].meters.overlapped > 0 && r.expect.empty());
    }
    if (found != 0) {
      EXPECT_TRUE(r.plan_done == 1 || r.end == RunEnd::kCompleted);
    }
  }
  EXPECT_GT(successes, 1000);
}

NightReport Mixed() {
  NightReport r = Good();
  r.tally.scenarios[0] = {"xfree", "", {{"fine", 1914000021}, {"ledger", 17}}, "ledger", "ARMv8+POWER", {"ledger-1f"}, {}};
  Meters& m = r.tally.scenarios[0].meters;
  m.rounds = 1914000038;
  m.overlapped = 734976015;
  m.seconds = 11600;
  m.drifted = 3;
  m.skew.bucket[5] = 10;
  r.tally.scenarios.push_back({"numa", "needs 2 NUMA nodes", {}, "", "", {}, {}});
  r.tally.scenarios.push_back({"late", "", {}, "", "", {}, {}});
  r.tally.scenarios.push_back({"charge", "", {{"fine", 5000}}, "", "", {}, {.rounds = 5000, .overlapped = 5000, .seconds = 1}});
  r.seconds = 11601.5;
  r.resumed = 2;
  r.host = "power9a";
  r.machine = "2 packages x 16 cores x SMT4 = 128 PU";
  r.allocator = "slub";
  r.placement = "rotate";
  r.commands = {"bazel run //tools:ordeal -- replay runs/x/findings/ledger-1f/witness.ordeal"};
  return r;
}

TEST(SummaryText, IsThis) {
  EXPECT_EQ(SummaryText(Mixed()), R"(Ordeal stress, power9a: 2 packages x 16 cores x SMT4 = 128 PU
allocator slub
placement rotate
ran 03:13:21, 100% of the plan, resumed x2

xfree    ------- 1.914 G rounds (165 k/s) overlap 38.4% skew p50 31 p99 31 drifted 3  !!! 1 finding
numa     ------- not run: needs 2 NUMA nodes
late     ------- not run: the run ended before its turn
charge   ------- 5 k rounds (5 k/s) overlap 100.0% skew p50 0 p99 0

Test xfree/ledger Allowed
Histogram (2 states)
1914000021:>fine
17      *>ledger
Observation xfree/ledger Sometimes 17 1914000021
Model allows it on ARMv8+POWER; this machine 17 of 1914000038 (5.5e-09 to 1.4e-08)
Time xfree/ledger 11600.00

canary SB Sometimes 84021 115979   (positive control: this machine shows weak outcomes)
!!! xfree findings/ledger-1f
  bazel run //tools:ordeal -- replay runs/x/findings/ledger-1f/witness.ordeal
Status: FAIL 1 finding, plan 100%        exit 77
)");
}

// Scripts grep for it.
TEST(SummaryText, ShoutsAtFindingsAlone) {
  EXPECT_FALSE(absl::StrContains(SummaryText(Good()), "!!!"));
  EXPECT_FALSE(absl::StrContains(SummaryText(With(Silence)), "!!!"));
  EXPECT_TRUE(absl::StrContains(SummaryText(With(Silence)), "SILENT"));
  EXPECT_TRUE(absl::StrContains(SummaryText(With([](auto& r) { Find(r); })), "!!!"));
}

TEST(SummaryText, SaysWhatWasNotSeen) {
  NightReport r = Good();
  r.tally.scenarios[0].wanted = "stale-contents";
  r.tally.scenarios[0].model_allows = "ARMv8";
  const std::string text = SummaryText(r);
  EXPECT_TRUE(absl::StrContains(text, "Observation xfree/stale-contents Never 0 1000\n")) << text;
  EXPECT_TRUE(absl::StrContains(text, "Model allows it on ARMv8; this machine 0 of 1000: below 3.0e-03\n")) << text;
}

// Hostile names in every place that has one.
NightReport Hostile(Rng& rng) {
  NightReport r;
  r.tally = RandomTally(rng);
  const auto text = [&] { return RandomText(rng) + (rng.Percent(20) ? "</style><script>\xff\xc3\x28\xed\xa0\x80" : ""); };
  for (ScenarioTally& s : r.tally.scenarios) {
    s.name = text();
    if (!s.findings.empty()) s.findings[0] = text();
    s.outcomes[text()] = 7;
  }
  for (CanaryTally& c : r.tally.canaries) c.name = text();
  for (std::string* field : {&r.expect, &r.host, &r.machine, &r.allocator, &r.placement}) *field = text();
  r.commands = {text()};
  r.end = static_cast<RunEnd>(rng.Below(4));
  r.plan_done = static_cast<double>(rng.Below(11)) / 10;
  return r;
}

TEST(Summaries, HoldWhateverTheyAreTold) {
  Rng rng(2);
  for (int i = 0; i < 500; ++i) {
    const NightReport r = Hostile(rng);
    const Xml junit(JunitXml(r), kXmlProlog), html(HtmlPage(r), kHtmlProlog);
    EXPECT_EQ(junit.problem, "");
    EXPECT_EQ(html.problem, "");
    EXPECT_TRUE(html.Named("script").empty());
    for (const XmlTag& t : html.tags)
      for (const auto& [name, value] : t.attributes)
        if (name == "href" || name == "src") {
          EXPECT_TRUE(absl::StartsWith(value, "findings/")) << value;
        }
    EXPECT_TRUE(ParseJson(SummaryJson(r), "summary.json").ok());
    const std::vector<std::string> lines = absl::StrSplit(SummaryText(r), '\n');
    EXPECT_EQ(std::count_if(lines.begin(), lines.end(), [](const std::string& line) { return absl::StartsWith(line, "Status: "); }), 1);
    EXPECT_TRUE(absl::StartsWith(lines[lines.size() - 2], "Status: "));
    const std::string text = SummaryText(r);
    EXPECT_TRUE(std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 && c != '\n'; })) << "no escape codes in files";
  }
}

// Python's parser is expat, which nobody here wrote.
TEST(Summaries, AreWellFormedToOthers) {
  if (system("command -v python3 >/dev/null") != 0) GTEST_SKIP() << "no python3";
  Scratch scratch;
  Rng rng(3);
  std::string files;
  for (int i = 0; i < 20; ++i) {
    const NightReport r = Hostile(rng);
    ASSERT_TRUE(WriteFile(scratch / absl::StrCat(i, ".xml"), JunitXml(r)).ok());
    ASSERT_TRUE(WriteFile(scratch / absl::StrCat(i, ".html"), HtmlPage(r)).ok());
    absl::StrAppend(&files, " ", scratch / absl::StrCat(i, ".xml"), " ", scratch / absl::StrCat(i, ".html"));
  }
  const std::string python = "python3 -c 'import sys, xml.etree.ElementTree as t\nfor f in sys.argv[1:]: t.parse(f)'";
  EXPECT_EQ(system((python + files).c_str()), 0);
}

TEST(Markup, KeepsTextAndNothingElse) {
  EXPECT_EQ(Escaped("a<b>&\"c'\n\t"), "a&lt;b&gt;&amp;&quot;c&#39;\n\t");
  EXPECT_EQ(Escaped("\u00e9\u2603\U0001f600"), "\u00e9\u2603\U0001f600");
  EXPECT_EQ(Escaped("\x01\x1b[31m\x7f"), "??[31m?");
  EXPECT_EQ(Escaped("\xff \xc0\x80 \xed\xa0\x80 \xe2\x98 \xf5\x80\x80\x80 \xef\xbf\xbf"), "? ?? ??? ?? ???? ???");
}

// Every case is in one of four states, and the numbers in the head say how many.
TEST(Junit, CountsItsCases) {
  const auto check = [](const NightReport& r, size_t failures, size_t errors, size_t skipped) {
    const Xml xml(JunitXml(r), kXmlProlog);
    ASSERT_EQ(xml.problem, "");
    const std::map<std::string, std::string> head = xml.Named("testsuite")[0].attributes;
    EXPECT_EQ(head.at("tests"), absl::StrCat(r.tally.scenarios.size() + 1));
    EXPECT_EQ(xml.Named("testcase").size(), r.tally.scenarios.size() + 1);
    EXPECT_EQ(xml.Named("failure").size(), failures);
    EXPECT_EQ(head.at("failures"), absl::StrCat(failures));
    EXPECT_EQ(xml.Named("error").size(), errors);
    EXPECT_EQ(head.at("errors"), absl::StrCat(errors));
    EXPECT_EQ(xml.Named("skipped").size(), skipped);
    EXPECT_EQ(head.at("skipped"), absl::StrCat(skipped));
    EXPECT_EQ(failures + errors == 0, Judge(r).exit == 0) << "green exactly where the exit code is";
  };
  check(Good(), 0, 0, 0);
  check(Mixed(), 2, 0, 2);  // the scenario, and the status
  check(With(Silence), 0, 2, 0);
  check(With(Interrupt), 0, 2, 0);
  check(With(FindExpected), 0, 0, 0);
  check(With([](auto& r) { FindExpected(r), Find(r); }), 2, 0, 0);
  check(With([](auto& r) { r.expect = "bug"; }), 1, 1, 0);
  check(With([](auto& r) { r.end = RunEnd::kHang; }), 0, 2, 0);
  check(NightReport{}, 0, 1, 0);
}

TEST(SummaryJson, HoldsJudgementAndTally) {
  const absl::StatusOr<Json> json = ParseJson(SummaryJson(Mixed()), "summary.json");
  ASSERT_TRUE(json.ok());
  EXPECT_EQ((*json)["v"], 1);
  EXPECT_EQ((*json)["status"], "FAIL");
  EXPECT_EQ((*json)["exit"], 77);
  EXPECT_EQ(TallyFromJson((*json)["tally"], "summary.json").value(), Mixed().tally);
}

TEST(HtmlPage, ShowsEveryScenario) {
  const Xml page(HtmlPage(Mixed()), kHtmlProlog);
  ASSERT_EQ(page.problem, "");
  for (const char* part : {"FAIL", "power9a", "not run: needs 2 NUMA nodes", "17  ledger", "38.4%  xfree", "ledger-1f"})
    EXPECT_TRUE(absl::StrContains(page.text, part)) << part;
  size_t wanted = 0;
  for (const XmlTag& t : page.Named("rect")) wanted += t.attributes.contains("class") && t.attributes.at("class") == "wanted";
  EXPECT_EQ(wanted, 1u);
  EXPECT_EQ(page.Named("svg").size(), 4u) << "overlap; outcomes of two scenarios; the skew of one";
}

TEST(Summaries, AreFourFiles) {
  Scratch scratch;
  ASSERT_TRUE(WriteSummaries(Mixed(), scratch / ".").ok());
  for (const char* name : {"summary.txt", "summary.json", "junit.xml", "report.html"}) EXPECT_TRUE(ReadFile(scratch / name).ok()) << name;
  const absl::Status gone = WriteSummaries(Mixed(), scratch / "none");
  EXPECT_TRUE(absl::StartsWith(gone.message(), scratch / "none/summary.txt")) << gone;
}

}  // namespace
}  // namespace ordeal::stress
