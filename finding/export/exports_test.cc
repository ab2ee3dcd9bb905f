// Every finding of the corpus, and some made by hand, can be exported, and what comes out is what its reader takes.
#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/files_testing.h"
#include "base/share_testing.h"
#include "finding/export/chrome_trace.h"
#include "finding/export/cpp_reproducer.h"
#include "finding/export/graphviz.h"
#include "finding/export/json_testing.h"
#include "finding/export/sarif.h"
#include "finding/export/shell_testing.h"
#include "finding/export/trace_builder_testing.h"
#include "finding/replay.h"

namespace ordeal {
namespace {

std::vector<std::string> g_files;
std::vector<std::pair<std::string, Finding>> g_findings;

void GatherFindings() {
  for (const std::string& file : g_files) {
    auto r = ReadReproducer(file);
    ASSERT_TRUE(r.ok()) << r.status();
    for (const char* allocator : {"slub", "locked"}) {  // locks are the other one's
      r->allocator = allocator;
      auto result = Replay(*r, 1);
      if (!result.ok() && r->allocator == "locked") continue;  // a bug of slub's own
      ASSERT_TRUE(result.ok()) << file << ": " << result.status();
      ASSERT_TRUE(result->finding || r->allocator == "locked") << file;
      if (result->finding) g_findings.emplace_back(file + " on " + allocator, std::move(*result->finding));
    }
  }
  for (auto& [name, f] :
       {std::pair("store buffering", StoreBuffering(true)), std::pair("message passing", MessagePassing()), std::pair("every kind", EveryKind())})
    g_findings.emplace_back(name, f);
}

using Kind = JsonTree::Kind;

TEST(ChromeTrace, SlicesNestAndArrowsEnd) {
  for (const auto& [name, f] : g_findings) {
    SCOPED_TRACE(name);
    const auto tree = JsonReader::Read(ChromeTrace(f));
    ASSERT_TRUE(tree.has_value());
    std::map<double, std::vector<double>> open;  // by track: where the slices end that enclose the next
    std::map<double, double> last_start;
    std::map<double, int> arrows;
    std::set<std::pair<double, double>> accesses;
    int instants = 0, tracks = 0;
    for (const JsonTree& e : (*tree)["traceEvents"].items) {
      const std::string& phase = e["ph"].text;
      const double track = e["tid"].number, start = e["ts"].number;
      ASSERT_TRUE(e["name"].Is(Kind::kText) && e["pid"].Is(Kind::kNumber) && e["tid"].Is(Kind::kNumber));
      ASSERT_TRUE(phase == "M" || e["ts"].Is(Kind::kNumber));
      if (phase == "X") {
        const double end = start + e["dur"].number;
        EXPECT_GE(start, last_start[track]);
        EXPECT_GT(end, start);
        std::vector<double>& enclosing = open[track];
        while (!enclosing.empty() && enclosing.back() <= start) enclosing.pop_back();
        EXPECT_TRUE(enclosing.empty() || end <= enclosing.back()) << "a slice ends behind the one that it is in";
        EXPECT_EQ(enclosing.size(), e["cat"].text == "op" ? 0u : 1u);
        enclosing.push_back(end);
        last_start[track] = start;
        EXPECT_EQ(e["args"]["where"].Is(Kind::kText), e["cat"].text == "access");
      }
      if (phase == "s") ++arrows[e["id"].number];
      if (phase == "f") --arrows[e["id"].number];
      instants += phase == "i";
      tracks += e["name"].text == "thread_name";
    }
    for (const auto& [id, ends] : arrows) EXPECT_EQ(ends, 0) << "arrow " << id;
    EXPECT_EQ(instants, f.verdict.effect ? 1 : 0);
    EXPECT_EQ(tracks, f.trace.cpus);
  }
  EXPECT_NE(ChromeTrace(MessagePassing()).find("\"ph\":\"s\""), std::string::npos);
}

// The text outside quotes, and the nodes: what DOT's grammar needs to know.
std::string WithoutStrings(const std::string& dot) { return std::regex_replace(dot, std::regex(R"("([^"\\]|\\.)*")"), "@"); }

TEST(Graphviz, EdgesLeadToDeclaredNodes) {
  const bool has_dot = HasProgram("dot");
  if (!has_dot) std::fprintf(stderr, "no `dot` here: its opinion of the graphs is skipped\n");
  const ScratchFolder folder;
  for (const auto& [name, f] : g_findings) {
    SCOPED_TRACE(name);
    const std::string dot = Graphviz(f), bare = WithoutStrings(dot);
    EXPECT_EQ(bare.find('"'), std::string::npos);
    EXPECT_FALSE(std::regex_search(bare, std::regex(R"(@[\w@]|\w@)"))) << "a quote ends a string too early";
    int depth = 0;
    for (const char c : bare) {
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      ASSERT_GE(depth, 0);
    }
    EXPECT_EQ(depth, 0);
    std::set<std::string> nodes;
    const std::regex node(R"(\n +(e\d+|initial) \[)"), edge(R"(\n +(\w+) -> (\w+) \[)");
    for (std::sregex_iterator m(bare.begin(), bare.end(), node), end; m != end; ++m)
      EXPECT_TRUE(nodes.insert((*m)[1]).second) << (*m)[1] << " is declared twice";
    EXPECT_GE(nodes.size(), 2u);
    for (std::sregex_iterator m(bare.begin(), bare.end(), edge), end; m != end; ++m)
      EXPECT_TRUE(nodes.contains((*m)[1]) && nodes.contains((*m)[2])) << m->str();
    if (!has_dot) continue;
    const Ran ran = Shell("dot -Tsvg -o " + folder.File("graph.svg") + " " + folder.Put("graph.dot", dot));
    EXPECT_TRUE(ran.exit == 0 && ran.output.empty()) << ran.output << dot;
  }
}

TEST(Graphviz, HasTheCycleInRed) {
  const std::string dot = Graphviz(StoreBuffering(false));
  for (const char* edge : {"e0 -> e1 [label=\"po\"", "e1 -> e2 [label=\"fr\"", "e2 -> e3 [label=\"po\"", "e3 -> e0 [label=\"fr\""}) {
    const size_t at = dot.find(edge);
    ASSERT_NE(at, std::string::npos) << edge << "\n" << dot;
    EXPECT_LT(dot.find("color=red", at), dot.find('\n', at)) << edge;
  }
}

TEST(Graphviz, LeavesOutWhatOneCpuAloneTouches) {
  const std::string dot = Graphviz(EveryKind());
  EXPECT_EQ(dot.find("[0x300]"), std::string::npos);
  EXPECT_NE(dot.find("2 accesses of places that one CPU alone touches are left out"), std::string::npos);
}

TEST(Sarif, HasWhatTheStandardAsksFor) {
  for (const auto& [name, f] : g_findings) {
    SCOPED_TRACE(name);
    const auto tree = JsonReader::Read(Sarif(f, "a folder/crash.ordeal"));
    ASSERT_TRUE(tree.has_value());
    EXPECT_TRUE((*tree)["$schema"].Is(Kind::kText));
    EXPECT_EQ((*tree)["version"].text, "2.1.0");
    ASSERT_EQ((*tree)["runs"].items.size(), 1u);
    const JsonTree& run = (*tree)["runs"].items[0];
    EXPECT_EQ(run["tool"]["driver"]["name"].text, "Ordeal");
    ASSERT_EQ(run["results"].items.size(), 1u);
    const JsonTree& result = run["results"].items[0];
    EXPECT_FALSE(result["message"]["text"].text.empty());
    const size_t rule = static_cast<size_t>(result["ruleIndex"].number);
    ASSERT_LT(rule, run["tool"]["driver"]["rules"].items.size());
    EXPECT_EQ(run["tool"]["driver"]["rules"].items[rule]["id"].text, result["ruleId"].text);
    EXPECT_EQ(result["level"].text, f.verdict.effect ? "error" : "warning");
    EXPECT_FALSE(result["partialFingerprints"].names.empty());
    EXPECT_EQ(result["attachments"].items[0]["artifactLocation"]["uri"].text, "a%20folder/crash.ordeal");
    ASSERT_FALSE(result["locations"].items.empty());
    std::vector<const JsonTree*> locations;
    for (const JsonTree& l : result["locations"].items) locations.push_back(&l);
    for (const JsonTree& flow : result["codeFlows"].items[0]["threadFlows"].items) {
      double before = -1;
      EXPECT_FALSE(flow["locations"].items.empty());
      for (const JsonTree& step : flow["locations"].items) {
        EXPECT_GT(step["executionOrder"].number, before);
        before = step["executionOrder"].number;
        locations.push_back(&step["location"]);
      }
    }
    for (const JsonTree* l : locations) {
      const JsonTree& place = (*l)["physicalLocation"];
      EXPECT_TRUE(!place["artifactLocation"]["uri"].text.empty() && place["region"]["startLine"].number >= 1);
    }
  }
}

// Compiles and runs it; the number of rounds in which it was seen.
int SeenOf(const ScratchFolder& folder, const std::string& source, const std::string& compiler) {
  const Ran built = Shell(compiler + " -std=c++20 -O2 -Wall -Wextra -Werror -fno-strict-aliasing -pthread " + folder.Put("seen.cc", source) + " -o " +
                          folder.File("seen"));
  EXPECT_EQ(built.exit, 0) << built.output << "\n" << source;
#if defined(__x86_64__)
  EXPECT_EQ(Shell(folder.File("seen") + " many").exit, 2);
  const Ran ran = Shell(folder.File("seen") + " 20000");
  int seen = -1;
  EXPECT_EQ(std::sscanf(ran.output.c_str(), "seen %d of 20000 rounds\n", &seen), 1) << ran.output;
  EXPECT_EQ(ran.exit, seen > 0 ? 1 : 0);
  return seen;
#else
  return -1;
#endif
}

TEST(CppReproducer, CompilesAndCounts) {
  const ScratchFolder folder;
  ASSERT_FALSE(Compilers().empty()) << "no C++ compiler here";
  for (const auto& [name, f] : ShareOf(g_findings)) {
    SCOPED_TRACE(name);
    const auto source = CppReproducer(f, name);
    if (f.trace.cpus == 1) {
      EXPECT_FALSE(source.ok());
      continue;
    }
    ASSERT_TRUE(source.ok()) << source.status();
    std::fprintf(stderr, "%s: seen %d of 20000\n", name.c_str(), SeenOf(folder, *source, Compilers().front()));
  }
}

#if defined(__x86_64__)
TEST(CppReproducer, SeesWhatTheMachineDoes) {
  const ScratchFolder folder;
  for (const std::string& compiler : Compilers()) {
    SCOPED_TRACE(compiler);
    EXPECT_EQ(SeenOf(folder, *CppReproducer(StoreBuffering(true), "sb.mb"), compiler), 0);
    EXPECT_EQ(SeenOf(folder, *CppReproducer(MessagePassing(), "mp"), compiler), 0);
    EXPECT_GT(SeenOf(folder, *CppReproducer(Handover(), "handover"), compiler), 0);
    EXPECT_GT(SeenOf(folder, *CppReproducer(EveryKind(), "every kind"), compiler), 0);  // it is an interleaving
  }
}
#endif

TEST(CppReproducer, KeepsValuesAndDependencies) {
  const std::string source = *CppReproducer(EveryKind(), "every kind");
  for (const char* line : {"0x1122334455667788u", "Load<u32, memory_order_relaxed>(cell + 4 + Zero(r1))", "Branch(r1, 0x3u);",
                           "Add<u8, memory_order_relaxed>(", "CompareExchange16(", "Unlock(cell + 256);  // the execution ended while it was held"})
    EXPECT_NE(source.find(line), std::string::npos) << line << "\n" << source;
}

TEST(CppReproducer, SaysWhichAccessIsNoMachines) {
  Finding f = StoreBuffering(false);
  f.trace.events[1].addr += 4;
  const auto source = CppReproducer(f, "unaligned");
  EXPECT_EQ(source.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(source.status().message().find("trace_builder_testing.h:"), std::string::npos) << source.status();
}

}  // namespace
}  // namespace ordeal

int main(int argc, char** argv) { return ordeal::RunTestsOnFiles(argc, argv, ordeal::g_files, ordeal::GatherFindings); }
