// Programs that nobody wrote: does the engine find exactly the executions that the enumerator finds?
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "base/share_testing.h"
#include "memory/litmus/enumerator.h"
#include "memory/litmus/parser.h"
#include "memory/litmus/random_program.h"
#include "memory/litmus/run.h"

namespace ordeal::litmus {
namespace {

using model::Rung;

Test ProgramOf(u64 seed) {
  absl::StatusOr<Test> test = ParseLitmus(RandomProgram(seed), "random");
  if (test.ok()) return *std::move(test);
  ADD_FAILURE() << test.status().message();
  return Test();
}

// False: too large for one of the two.
bool SameOn(Rung rung, const Test& test) {
  constexpr u64 kLooks = 20'000, kExecutions = 3'000;  // a tenth of a second or so
  const Enumeration expected = Enumerate(test, rung, kLooks);
  if (!expected.complete) return false;
  const absl::StatusOr<RunReport> report = RunTest(test, {.rung = rung, .seconds = 0, .stop = [n = u64{0}]() mutable { return ++n > kExecutions; }});
  EXPECT_TRUE(report.ok());
  if (!report.ok() || !report->complete) return false;
  EXPECT_EQ(report->answer.data_race, expected.answer.data_race);
  if (expected.answer.data_race) {  // plain accesses may have values out of thin air, which only the enumerator finds
    for (const auto& [state, count] : report->answer.states)
      EXPECT_LE(count, expected.answer.states.contains(state) ? expected.answer.states.at(state) : 0) << state;
    return true;
  }
  EXPECT_EQ(report->answer.states, expected.answer.states);
  EXPECT_EQ(report->answer.positive, expected.answer.positive);
  EXPECT_EQ(report->answer.negative, expected.answer.negative);
  return true;
}

TEST(RandomProgramTest, TheSameSeedGivesTheSameProgram) {
  EXPECT_EQ(RandomProgram(7), RandomProgram(7));
  EXPECT_NE(RandomProgram(7), RandomProgram(8));
}

TEST(RandomProgramTest, TheEngineFindsTheExecutionsThatTheEnumeratorFinds) {
  int compared = 0;
  const u64 programs = static_cast<u64>(ShareOf(300));
  for (u64 seed = 0; seed < programs && !::testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(RandomProgram(seed));
    compared += SameOn(Rung::kLkmm, ProgramOf(seed));
  }
  EXPECT_GE(compared, ShareOf(200));
}

TEST(RandomProgramTest, OnTheOtherRungs) {
  constexpr Rung kRungs[] = {Rung::kSc, Rung::kTso, Rung::kArmv8, Rung::kArmv8Ldar, Rung::kPower, Rung::kRc11, Rung::kCoherence};
  int compared = 0;
  const u64 programs = static_cast<u64>(ShareOf(300));
  for (u64 seed = 1000; seed < 1000 + programs && !::testing::Test::HasFailure(); ++seed) {
    const Rung rung = kRungs[seed % std::size(kRungs)];
    SCOPED_TRACE(std::string(model::RungName(rung)) + "\n" + RandomProgram(seed));
    compared += SameOn(rung, ProgramOf(seed));
  }
  EXPECT_GE(compared, ShareOf(200));
}

}  // namespace
}  // namespace ordeal::litmus
