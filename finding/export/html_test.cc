// Every finding of the corpus, and some made by hand, make a page that is well-formed, needs nothing else, and says what it must.
#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/files_testing.h"
#include "absl/strings/str_cat.h"
#include "finding/event_text.h"
#include "finding/explain.h"
#include "finding/export/html.h"
#include "finding/export/html_testing.h"
#include "finding/export/html_text.h"
#include "finding/export/json_testing.h"
#include "finding/export/trace_builder_testing.h"
#include "finding/replay.h"
#include "program/text.h"

namespace ordeal {
namespace {

std::vector<std::string> g_files;
std::vector<std::pair<std::string, Finding>> g_findings;

Cure CureBy(const std::string& kernel) {
  Repair r{.kind = Repair::Kind::kBarrierAfter, .site = 200};
  r.where = "op 1 <user>";
  r.kernel = kernel;
  r.c11 = "atomic_thread_fence(memory_order_release)";
  r.x86 = "nothing";
  r.arm = "dmb ishst";
  r.power = "lwsync";
  return {.repairs = {r}, .executions = 12, .failing = 0, .proof = Proof::kAll, .keeps_contract = true};
}

// Message passing with everything that an analysis can add. The stores are events 0 and 1, the loads 2 and 3.
Finding Analysed() {
  Finding f = MessagePassing();
  f.trace.events[0].site = 200;
  f.minimal = true;
  f.cycle = {0, 1, 2, 3};
  f.cures = {CureBy("smp_wmb() after the store"), CureBy("smp_mb() after the store")};
  f.band_aids = {CureBy("smp_mb() & luck")};
  f.unneeded = {"slub.remote_push: <release>"};
  f.choices = {
      {3, model::kNoEvent, true, true, "", {}}, {3, 0, false, true, "", {}}, {2, model::kNoEvent, false, false, "happens-before", {0, 1, 2}}};
  f.nearest = {{f.trace.events[3].key, 1, "reads the initial value", "reads 0.1"}};
  f.verdict.ladder = {{.rung = model::Rung::kSequential, .proof = Proof::kAll, .executions = 2},
                      {.rung = model::Rung::kSc, .proof = Proof::kSampled, .executions = 20000},
                      {.rung = model::Rung::kTso, .proof = Proof::kBounded, .executions = 300},
                      {.rung = model::Rung::kArmv8, .proof = Proof::kAll, .executions = 12, .failing = 8}};
  return f;
}

Finding Hostile() {
  Finding f = Analysed();
  const std::string bad = "\"'><script>alert(1)</script><!--\x01 & ]]>";
  f.reproducer.bugs = {bad};
  f.reproducer.allocator = bad;
  f.verdict.owner_reason = f.verdict.headline = bad;
  f.cures[0].repairs[0].where = f.cures[0].repairs[0].kernel = f.cures[0].repairs[0].power = bad;
  f.choices[2].axiom = f.nearest[0].there = f.unneeded[0] = bad;
  return f;
}

void GatherFindings() {
  for (const std::string& file : g_files) {
    const auto r = ReadReproducer(file);
    ASSERT_TRUE(r.ok()) << r.status();
    auto result = Replay(*r, 1);
    ASSERT_TRUE(result.ok()) << file << ": " << result.status();
    ASSERT_TRUE(result->finding) << file;
    g_findings.emplace_back(file, std::move(*result->finding));
  }
  for (auto& [name, f] :
       {std::pair("store buffering", StoreBuffering(true)), std::pair("interleaving", Handover()), std::pair("every kind", EveryKind()),
        std::pair("analysed", Analysed()), std::pair("hostile", Hostile()), std::pair("no trace", Finding())})
    g_findings.emplace_back(name, f);
}

TEST(Html, IsWellFormed) {
  for (const auto& [name, f] : g_findings) EXPECT_EQ(HtmlPage(HtmlReport(f, name)).problem, "") << name;
}

TEST(Html, NeedsNothingElse) {
  for (const auto& [name, f] : g_findings) {
    SCOPED_TRACE(name);
    const std::string html = HtmlReport(f, name);
    for (const char* outside : {"http:", "https:", "@import", "url(", "import("}) EXPECT_EQ(html.find(outside), std::string::npos) << outside;
    const HtmlPage page(html);
    for (const char* attribute : {"src", "srcset", "action", "data", "poster"}) EXPECT_TRUE(page.All(attribute).empty()) << attribute;
    for (const std::string& href : page.All("href")) EXPECT_TRUE(href.starts_with("#")) << href;
    for (const char* element : {"link", "iframe", "object", "img", "base"}) EXPECT_EQ(page.Count(element), 0u) << element;
  }
}

TEST(Html, LinksLeadSomewhere) {
  for (const auto& [name, f] : g_findings) {
    SCOPED_TRACE(name);
    const HtmlPage page(HtmlReport(f, name));
    const std::vector<std::string> ids = page.All("id");
    const std::set<std::string> unique(ids.begin(), ids.end());
    EXPECT_EQ(unique.size(), ids.size());
    for (const std::string& href : page.All("href")) EXPECT_TRUE(unique.contains(href.substr(1))) << href;
    for (const std::string& copied : page.All("data-copy")) EXPECT_TRUE(unique.contains(copied)) << copied;
  }
}

TEST(Html, SaysWhatWasFound) {
  for (const auto& [name, f] : g_findings) {
    if (name == "hostile") continue;
    SCOPED_TRACE(name);
    std::string page = HtmlPage(HtmlReport(f, name)).text;
    const std::string mail = Explain(f, name);
    ASSERT_NE(page.find(mail), std::string::npos);
    page.erase(page.find(mail), mail.size());  // the same must be said outside of it
    const auto says = [&](const std::string& text) { EXPECT_NE(page.find(text), std::string::npos) << text; };
    says("headline " + f.verdict.headline);
    says(std::string("owner ") + OwnerName(f.verdict.owner));
    says(f.verdict.owner_reason);
    if (f.verdict.effect) says(Describe(*f.verdict.effect));
    says("bazel run //tools:ordeal -- replay " + name);
    says(Format(f.reproducer));
    for (const Count& c : f.verdict.ladder) says(CountText(c));
    for (const Cure& c : f.cures) says(ProofText(c));
  }
}

TEST(Html, NoAccessIsLost) {
  for (const auto& [name, f] : g_findings) {
    SCOPED_TRACE(name);
    const HtmlPage page(HtmlReport(f, name));
    const auto steps = JsonReader::Read(page.raw.at("script").at(0));
    ASSERT_TRUE(steps.has_value());
    ASSERT_EQ((*steps)["steps"].items.size(), f.trace.events.size());
    for (size_t id = 0; id < f.trace.events.size(); ++id) {
      const model::TraceEvent& e = f.trace.events[id];
      const bool mark = e.type == model::EventType::kAlloc || e.type == model::EventType::kFree;
      EXPECT_EQ(page.Count("tr", "id", absl::StrCat("e", id)), mark ? 0u : 1u);
      if (!mark) EXPECT_EQ((*steps)["steps"].items[id]["text"].text, EventText(e));
    }
  }
}

TEST(Html, TextOfOthersIsText) {
  EXPECT_EQ(Element(Head("p", "title", "\"&<'>"), Escaped("\"&<'>")), "<p title=\"&quot;&amp;&lt;&#39;&gt;\">&quot;&amp;&lt;&#39;&gt;</p>");
  const std::string html = HtmlReport(Hostile(), "\"><script>alert(2)</script>.ordeal");
  EXPECT_EQ(html.find("<script>alert"), std::string::npos);
  const HtmlPage page(html);
  EXPECT_EQ(page.problem, "");
  EXPECT_EQ(page.Count("script"), 2u);
  EXPECT_NE(page.text.find("bugs planted \"'><script>alert(1)</script><!--? & ]]>"), std::string::npos);
}

TEST(Html, IsTheSameEveryTimeAndOnEveryMachine) {
  for (const auto& [name, f] : g_findings) EXPECT_EQ(HtmlReport(f, name), HtmlReport(Finding(f), name));
  EXPECT_EQ(HtmlReport(Analysed(), "/home/somebody/crash-1.ordeal"), HtmlReport(Analysed(), "crash-1.ordeal"));
}

TEST(Html, ASectionWithoutContentIsLeftOut) {
  const HtmlPage full(HtmlReport(Analysed(), "f")), bare(HtmlReport(Finding(), "f"));
  for (const char* id : {"ladder", "execution", "choices", "nearest", "cure", "band-aids", "unneeded"}) {
    EXPECT_EQ(full.Count("section", "id", id), 1u) << id;
    EXPECT_EQ(bare.Count("section", "id", id), 0u) << id;
  }
  EXPECT_EQ(bare.Count("section", "id", "replay"), 1u);
}

TEST(Html, TheLadderSaysWhatFollowsAndWhatProvesNothing) {
  const HtmlPage page(HtmlReport(Analysed(), "f"));
  EXPECT_EQ(page.Count("li", "class", "passes"), 1u);
  EXPECT_EQ(page.Count("li", "class", "passes partial"), 2u);
  EXPECT_EQ(page.Count("li", "class", "fails"), 1u);
  EXPECT_EQ(page.Count("li", "class", "unknown"), 1u) << "POWER allows other things than ARMv8";
  EXPECT_EQ(page.Count("li", "class", "follows"), 1u) << "LKMM";
  EXPECT_NE(page.text.find("proves no absence"), std::string::npos);
  Finding proved = Analysed();
  proved.verdict.ladder = {{.rung = model::Rung::kSequential, .proof = Proof::kAll, .executions = 2}};
  EXPECT_EQ(HtmlPage(HtmlReport(proved, "f")).text.find("proves no absence"), std::string::npos);
  proved.verdict.ladder[0].proof = Proof::kAllButBuffering;
  EXPECT_NE(HtmlPage(HtmlReport(proved, "f")).text.find("proves no absence"), std::string::npos);
}

TEST(Html, TheMissingOrderIsNamedByTheFirstCure) {
  const HtmlPage page(HtmlReport(Analysed(), "f"));
  EXPECT_NE(page.text.find("nothing keeps 0.1 before 0.2: smp_wmb() after the store"), std::string::npos);
  Finding without = Analysed();
  without.cures.clear();
  EXPECT_EQ(HtmlPage(HtmlReport(without, "f")).text.find("nothing keeps"), std::string::npos);
}

}  // namespace
}  // namespace ordeal

int main(int argc, char** argv) { return ordeal::RunTestsOnFiles(argc, argv, ordeal::g_files, ordeal::GatherFindings); }
