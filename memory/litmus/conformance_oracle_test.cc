#include "memory/litmus/conformance_oracle.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/file.h"

namespace ordeal::litmus {
namespace {

using model::Rung;
using States = std::set<std::string>;

class OracleTest : public testing::Test {
 protected:
  // A directory of its own for each test.
  void SetUp() override {
    const std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
    directory_ = testing::TempDir() + "/conformance_oracle_" + name;
    ASSERT_TRUE(EnsureDirectory(directory_).ok());
  }
  void Write(const std::string& file, const std::string& text) { ASSERT_TRUE(WriteFile(directory_ + "/" + file, text).ok()); }

  Oracle Read(Rung rung = Rung::kLkmm) {
    const absl::StatusOr<Oracle> oracle = ReadOracle(directory_, rung);
    EXPECT_TRUE(oracle.ok()) << oracle.status().message();
    return oracle.value_or(Oracle());
  }
  // What is wrong, without the directory.
  std::string Refusal(Rung rung = Rung::kLkmm) {
    const absl::StatusOr<Oracle> oracle = ReadOracle(directory_, rung);
    EXPECT_FALSE(oracle.ok());
    const std::string message(oracle.status().message());
    EXPECT_EQ(message.substr(0, directory_.size()), directory_);
    return message.substr(std::min(message.size(), directory_.size() + 1));
  }
  std::string RefusedVerdicts(const std::string& text) {
    Write("verdicts.tsv", text);
    return Refusal();
  }
  std::string RefusedStates(const std::string& line) {
    Write("states.jsonl", "{\"name\": \"good\", \"states\": []}\n" + line);
    return Refusal();
  }

  std::string directory_;
};

TEST_F(OracleTest, NoFilesNoAnswers) {
  EXPECT_TRUE(Read().answers.empty());
  EXPECT_TRUE(Read().programs.empty());
}

TEST_F(OracleTest, VerdictsAreFoundByTheHeader) {
  Write("verdicts.tsv", "race\tname\tother\ttso\tverdict\n1\tMP\t7\tNever\tSometimes\n0\tSB\t\tAlways\tAlways\n");
  const Oracle lkmm = Read(), tso = Read(Rung::kTso), power = Read(Rung::kPower);
  EXPECT_EQ(lkmm.answers.size(), 2u);
  EXPECT_EQ(lkmm.answers.at("MP").verdict, "Sometimes");
  EXPECT_EQ(lkmm.answers.at("MP").race, true);
  EXPECT_EQ(lkmm.answers.at("SB").race, false);
  EXPECT_FALSE(lkmm.answers.at("SB").states);
  EXPECT_EQ(tso.answers.at("MP").verdict, "Never");
  EXPECT_FALSE(tso.answers.at("MP").race);
  EXPECT_TRUE(power.answers.at("MP").empty());
}

TEST_F(OracleTest, StatesAreThoseOfTheModel) {
  Write("states.jsonl",
        "{\"name\": \"MP\", \"verdict\": \"Never\", \"race\": \"0\", \"states\": [\"0:r0=0; [x]=1;\", \"0:r0=1; [x]=1;\"], \"flags\": [], "
        "\"seconds\": 0.015}\n"
        "{ \"states\":[\"\"],\"name\":\"a\\u0062\\\"\\\\\" }");
  Write("states-rc11.jsonl", "{\"name\": \"MP\", \"states\": [\"0:r0=0;\"], \"race\": 1, \"partial\": true}\n");
  const Oracle lkmm = Read(), rc11 = Read(Rung::kRc11);
  EXPECT_EQ(lkmm.answers.at("MP").states, (States{"0:r0=0; [x]=1;", "0:r0=1; [x]=1;"}));
  EXPECT_EQ(lkmm.answers.at("MP").verdict, "Never");
  EXPECT_EQ(lkmm.answers.at("MP").race, false);
  EXPECT_FALSE(lkmm.answers.at("MP").partial);
  EXPECT_EQ(lkmm.answers.at("ab\"\\").states, States{""});
  EXPECT_EQ(rc11.answers.size(), 1u);
  EXPECT_EQ(rc11.answers.at("MP").states, States{"0:r0=0;"});
  EXPECT_EQ(rc11.answers.at("MP").race, true);
  EXPECT_TRUE(rc11.answers.at("MP").partial);
  EXPECT_TRUE(Read(Rung::kSc).answers.empty());
}

TEST_F(OracleTest, TheTableOfVerdictsWins) {
  Write("states.jsonl", "{\"name\": \"MP\", \"verdict\": \"Never\", \"states\": [\"a\"]}\n");
  Write("verdicts.tsv", "name\tverdict\nMP\tAlways\n");
  EXPECT_EQ(Read().answers.at("MP").verdict, "Always");
  EXPECT_EQ(Read().answers.at("MP").states, States{"a"});
}

TEST_F(OracleTest, ProgramsAreTestsWithTheirAnswers) {
  Write("programs.jsonl", "{\"name\": \"p\", \"race\": false, \"prog\": \"C p\\n{}\\n\\tP0\", \"lkmm\": [\"a\", \"b\"], \"sc\": [\"a\"]}\n");
  const OracleProgram lkmm = Read().programs.at(0), sc = Read(Rung::kSc).programs.at(0), tso = Read(Rung::kTso).programs.at(0);
  EXPECT_EQ(lkmm.name, "p");
  EXPECT_EQ(lkmm.text, "C p\n{}\n\tP0");
  EXPECT_EQ(lkmm.answer.states, (States{"a", "b"}));
  EXPECT_EQ(lkmm.answer.race, false);
  EXPECT_EQ(sc.answer.states, States{"a"});
  EXPECT_FALSE(sc.answer.race);
  EXPECT_TRUE(tso.answer.empty());
}

TEST_F(OracleTest, DamagedVerdictsAreNamed) {
  EXPECT_EQ(RefusedVerdicts("verdict\trace\n"), "verdicts.tsv:1: got the header 'verdict\trace', expected a column 'name'");
  EXPECT_EQ(RefusedVerdicts("name\tverdict\nMP\tNever\nSB\n"), "verdicts.tsv:3: got 1 columns, expected 2 as in the header");
  EXPECT_EQ(RefusedVerdicts("name\tverdict\nMP\tNever\n\n"), "verdicts.tsv:3: got 1 columns, expected 2 as in the header");
  EXPECT_EQ(RefusedVerdicts("name\tverdict\nMP\tnever\n"), "verdicts.tsv:2: got the verdict 'never', expected Never, Sometimes or Always");
  EXPECT_EQ(RefusedVerdicts("name\trace\nMP\t2\n"), "verdicts.tsv:2: got the race '2', expected 0 or 1");
  EXPECT_EQ(RefusedVerdicts("name\trace\nMP\t0\nMP\t0\n"), "verdicts.tsv:3: got the name 'MP', expected each test once");
  EXPECT_EQ(RefusedVerdicts("name\trace\n\t0\n"), "verdicts.tsv:2: got the name '', expected each test once");
}

TEST_F(OracleTest, DamagedJsonIsNamed) {
  const std::string at = "states.jsonl:2: ";
  EXPECT_EQ(RefusedStates("nonsense\n"), at + "got 'nonsense', expected {");
  EXPECT_EQ(RefusedStates("\n"), at + "got the end of the line, expected {");
  EXPECT_EQ(RefusedStates("{\"name\": \"MP\", \"states\": [\"a\", \"b"), at + "got the end of the line, expected \"");
  EXPECT_EQ(RefusedStates("{\"name\": \"MP\", \"states\": [\"a\" \"b\"]}\n"), at + "got '\"b\"]}', expected ]");
  EXPECT_EQ(RefusedStates("{\"name\": \"MP\", \"states\": [\"a\",]}\n"), at + "got ']}', expected \"");
  EXPECT_EQ(RefusedStates("{\"name\": \"MP\" \"states\": []}\n"), at + "got '\"states\": []', expected }");
  EXPECT_EQ(RefusedStates("{\"name\" \"MP\"}\n"), at + "got '\"MP\"}', expected :");
  EXPECT_EQ(RefusedStates("{\"name\": \"MP\", \"states\": []} {\n"), at + "got '{', expected the end of the line");
  EXPECT_EQ(RefusedStates("{\"name\": \"MP\", \"name\": \"SB\"}\n"), at + "got '}', expected each name once");
  EXPECT_EQ(RefusedStates("{\"race\": maybe}\n"), at + "got 'maybe}', expected a string, a number, true, false or a list of strings");
  EXPECT_EQ(RefusedStates("{\"race\": {}}\n"), at + "got '{}}', expected a string, a number, true, false or a list of strings");
  EXPECT_EQ(RefusedStates("{\"name\": \"\\x\"}\n"), at + "got '\\x\"}', expected an escaped ASCII character");
  EXPECT_EQ(RefusedStates("{\"name\": \"\\u2026\"}\n"), at + "got '\\u2026\"}', expected an escaped ASCII character");
  EXPECT_EQ(RefusedStates("{\"name\": \"a\tb\"}\n"), at + "got '?b\"}', expected no bare control character in a string");
}

TEST_F(OracleTest, IncompleteObjectsAreNamed) {
  const std::string at = "states.jsonl:2: ";
  EXPECT_EQ(RefusedStates("{\"states\": []}\n"), at + "got no \"name\", expected a string");
  EXPECT_EQ(RefusedStates("{\"name\": [\"MP\"], \"states\": []}\n"), at + "got no \"name\", expected a string");
  EXPECT_EQ(RefusedStates("{\"name\": \"MP\"}\n"), at + "got no \"states\", expected a list of states");
  EXPECT_EQ(RefusedStates("{\"name\": \"MP\", \"states\": 3}\n"), at + "got \"states\" that is no list, expected a list of states");
  EXPECT_EQ(RefusedStates("{\"name\": \"good\", \"states\": []}\n"), at + "got 'good' again, expected each test once");
  EXPECT_EQ(RefusedStates("{\"name\": \"MP\", \"states\": [], \"verdict\": \"No\"}\n"),
            at + "got the verdict 'No', expected Never, Sometimes or Always");
  Write("states.jsonl", "");
  Write("programs.jsonl", "{\"name\": \"p\", \"lkmm\": []}\n");
  EXPECT_EQ(Refusal(), "programs.jsonl:1: got no \"prog\", expected a string");
}

TEST_F(OracleTest, AnotherModelsDamageIsNamedWhereThatModelIsRead) {
  Write("states-power.jsonl", "{\"name\": \"MP\"");
  EXPECT_TRUE(Read().answers.empty());
  EXPECT_EQ(Refusal(Rung::kPower), "states-power.jsonl:1: got the end of the line, expected }");
}

}  // namespace
}  // namespace ordeal::litmus
