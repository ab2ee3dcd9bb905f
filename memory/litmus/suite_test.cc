// The tests of suite/, each about one rule of the model: does the engine answer them as the enumerator does, and as was written down?
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/share_testing.h"
#include "memory/litmus/enumerator.h"
#include "memory/litmus/parser.h"
#include "memory/litmus/run.h"

namespace ordeal::litmus {
namespace {

using model::Rung;

// In the order of the columns of verdicts.tsv.
constexpr Rung kColumns[] = {Rung::kLkmm, Rung::kSc, Rung::kTso, Rung::kArmv8, Rung::kArmv8Ldar, Rung::kPower, Rung::kRc11};

const std::filesystem::path kSuite = "memory/litmus/suite";

struct SuiteTest {
  std::string name;
  Test test;
  std::vector<Enumeration> expected;  // by column

  const Answer& on(Rung rung) const { return expected[static_cast<size_t>(std::ranges::find(kColumns, rung) - kColumns)].answer; }
};

std::string ContentsOf(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

std::vector<SuiteTest> ReadSuite() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(kSuite))
    if (entry.path().extension() == ".litmus") paths.push_back(entry.path());
  std::ranges::sort(paths);
  std::vector<SuiteTest> suite;
  for (const std::filesystem::path& path : ShareOf(paths)) {
    const absl::StatusOr<Test> test = ParseLitmus(ContentsOf(path), path.string());
    if (!test.ok()) {
      ADD_FAILURE() << test.status().message();
      continue;
    }
    suite.push_back({path.stem().string(), *test, Enumerate(*test, kColumns)});
  }
  return suite;
}

const std::vector<SuiteTest>& Suite() {
  static const std::vector<SuiteTest> suite = ReadSuite();
  return suite;
}

// The lines of verdicts.tsv below its header, by name.
std::map<std::string, std::string> Verdicts() {
  std::istringstream lines(ContentsOf(kSuite / "verdicts.tsv"));
  std::map<std::string, std::string> verdicts;
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) verdicts[line.substr(0, line.find('\t'))] = line;
  return verdicts;
}

RunReport RunExhaustively(const Test& test, Rung rung) {
  const absl::StatusOr<RunReport> report = RunTest(test, {.rung = rung, .seconds = 0});
  EXPECT_TRUE(report.ok() && report->complete);
  return report.value_or(RunReport());
}

std::set<std::string> StatesOf(const Answer& answer) {
  std::set<std::string> states;
  for (const auto& [state, count] : answer.states) states.insert(state);
  return states;
}

bool Within(const Answer& strong, const Answer& weak) { return std::ranges::includes(StatesOf(weak), StatesOf(strong)); }

TEST(SuiteTest, TheEngineAnswersAsWrittenDown) {
  std::map<std::string, std::string> verdicts = Verdicts();
  for (const SuiteTest& t : Suite()) {
    SCOPED_TRACE(t.name);
    EXPECT_EQ(t.name, t.test.name);
    std::ostringstream row;
    row << t.name;
    for (const Rung rung : kColumns) {
      const Answer answer = RunExhaustively(t.test, rung).answer;
      row << '\t' << answer.Observation();
      if (rung == Rung::kLkmm) row << '\t' << answer.data_race << '\t' << answer.states.size();
    }
    EXPECT_EQ(row.str(), verdicts[t.name]);
    verdicts.erase(t.name);
  }
  if (TestShare() > 1) return;
  for (const auto& [name, row] : verdicts) ADD_FAILURE() << "a row without a test: " << name;
}

TEST(SuiteTest, TheEngineFindsTheExecutionsThatTheEnumeratorFinds) {
  for (const SuiteTest& t : Suite()) {
    for (size_t column = 0; column < std::size(kColumns); ++column) {
      SCOPED_TRACE(t.name + " on " + std::string(model::RungName(kColumns[column])));
      const Enumeration& expected = t.expected[column];
      const Answer answer = RunExhaustively(t.test, kColumns[column]).answer;
      EXPECT_TRUE(expected.complete);
      EXPECT_EQ(answer.states, expected.answer.states);
      EXPECT_EQ(answer.data_race, expected.answer.data_race);
      EXPECT_EQ(answer.positive, expected.answer.positive);
      EXPECT_EQ(answer.negative, expected.answer.negative);
    }
  }
}

TEST(SuiteTest, RandomRunsShowNothingElse) {
  size_t seen = 0, all = 0;
  for (const SuiteTest& t : Suite()) {
    SCOPED_TRACE(t.name);
    const absl::StatusOr<RunReport> report = RunTest(t.test, {.runs = 2000, .exhaustive = false});
    ASSERT_TRUE(report.ok());
    EXPECT_EQ(report->runs, 2000u);
    EXPECT_TRUE(Within(report->answer, t.on(Rung::kLkmm)));
    EXPECT_LE(report->answer.data_race, t.on(Rung::kLkmm).data_race);
    seen += report->answer.states.size();
    all += t.on(Rung::kLkmm).states.size();
  }
  EXPECT_GE(seen * 100, all * 95) << seen << " of " << all << " states";
}

TEST(SuiteTest, TheLadderIsALadder) {
  for (const SuiteTest& t : Suite()) {
    if (t.name.ends_with("-alone")) continue;  // smp_mb__before_atomic() and its kin where they are nothing on some rungs (ladder.h)
    SCOPED_TRACE(t.name);
    EXPECT_TRUE(Within(t.on(Rung::kSc), t.on(Rung::kTso)));
    EXPECT_TRUE(Within(t.on(Rung::kTso), t.on(Rung::kArmv8)));
    EXPECT_TRUE(Within(t.on(Rung::kTso), t.on(Rung::kPower)));
    EXPECT_TRUE(Within(t.on(Rung::kArmv8), t.on(Rung::kLkmm)));
    EXPECT_TRUE(Within(t.on(Rung::kPower), t.on(Rung::kLkmm)));
    EXPECT_TRUE(Within(t.on(Rung::kArmv8Ldar), t.on(Rung::kArmv8)));
  }
}

}  // namespace
}  // namespace ordeal::litmus
