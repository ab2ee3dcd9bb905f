// A search that is stopped again and again and goes on from what it printed comes to the same answer as one that is not.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "memory/litmus/parser.h"
#include "memory/litmus/rest_text.h"
#include "memory/litmus/run.h"

namespace ordeal::litmus {
namespace {

using model::Rung;

struct Pieces {
  Answer answer;
  u64 executions = 0;
  int in_rounds = 0;  // of the stops
};

void Add(const RunReport& piece, Pieces* all) {
  for (const auto& [state, count] : piece.answer.states) all->answer.states[state] += count;
  all->answer.positive += piece.answer.positive;
  all->answer.negative += piece.answer.negative;
  all->answer.data_race |= piece.answer.data_race;
  all->executions += piece.executions;
}

Pieces RunInPieces(const Test& test, Rung rung, int of) {
  Pieces all;
  Rest rest;
  for (RunPlan plan{.rung = rung, .seconds = 0};; plan.from = &rest) {
    plan.stop = [n = 0, of]() mutable { return n++ >= of; };
    const absl::StatusOr<RunReport> piece = RunTest(test, plan);
    EXPECT_TRUE(piece.ok()) << piece.status().message();
    if (!piece.ok()) return all;
    if (piece->begun_again) all = Pieces();
    Add(*piece, &all);
    if (piece->complete) return all;
    EXPECT_TRUE(piece->resumable);
    const absl::StatusOr<Rest> read = ParseRest(RestText(piece->rest));
    EXPECT_TRUE(read.ok());
    if (!read.ok()) return all;
    rest = *read;
    all.in_rounds += rest.at.round > 0;
  }
}

TEST(RestTest, InPiecesTheAnswerIsTheSame) {
  int in_rounds = 0;
  for (const auto& entry : std::filesystem::directory_iterator("memory/litmus/suite")) {
    if (entry.path().extension() != ".litmus") continue;
    std::ostringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    const absl::StatusOr<litmus::Test> test = ParseLitmus(text.str(), entry.path().string());
    ASSERT_TRUE(test.ok());
    for (const Rung rung : {Rung::kLkmm, Rung::kArmv8, Rung::kCoherence}) {
      SCOPED_TRACE(entry.path().string() + " on " + std::string(model::RungName(rung)));
      const absl::StatusOr<RunReport> whole = RunTest(*test, {.rung = rung, .seconds = 0, .stop = [n = 0]() mutable { return n++ > 200; }});
      ASSERT_TRUE(whole.ok());
      if (!whole->complete) continue;  // too large for this
      const Pieces pieces = RunInPieces(*test, rung, 3);
      EXPECT_EQ(pieces.answer.states, whole->answer.states);
      EXPECT_EQ(pieces.answer.positive, whole->answer.positive);
      EXPECT_EQ(pieces.answer.negative, whole->answer.negative);
      EXPECT_EQ(pieces.answer.data_race, whole->answer.data_race);
      EXPECT_EQ(pieces.executions, whole->executions);
      in_rounds += pieces.in_rounds;
    }
  }
  EXPECT_GT(in_rounds, 100) << "stops among promises";
}

}  // namespace
}  // namespace ordeal::litmus
