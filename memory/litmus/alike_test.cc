// Threads with the same code: one execution is built for all that differ by them, and all that is printed is the same.
#include "memory/litmus/alike.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "base/share_testing.h"
#include "memory/litmus/parser.h"
#include "memory/litmus/random_program.h"
#include "memory/litmus/run.h"

namespace ordeal::litmus {
namespace {

using model::Rung;

litmus::Test Parsed(const std::string& text) {
  absl::StatusOr<litmus::Test> test = ParseLitmus(text, "alike");
  if (test.ok()) return *std::move(test);
  ADD_FAILURE() << test.status().message();
  return {};
}

std::vector<int> AlikeIn(const std::string& first, const std::string& second, const std::string& init = "") {
  return AlikeThreads(
      Parsed("C alike\n{" + init + "}\nP0(int *x, int *y)\n{\n" + first + "\n}\nP1(int *x, int *y)\n{\n" + second + "\n}\nexists (x=1)\n"));
}

TEST(AlikeThreads, AreThoseWithTheSameCode) {
  const std::vector<int> alike{0, 0}, none;
  EXPECT_EQ(AlikeIn("int r0 = READ_ONCE(*x);", "int r0 = READ_ONCE(*x);"), alike);
  EXPECT_EQ(AlikeIn("int r0 = READ_ONCE(*x);", "int   r7 =\n READ_ONCE(*x);"), alike) << "names and lines are no matter";
  EXPECT_EQ(AlikeIn("int r0 = READ_ONCE(*x);", "int r0 = READ_ONCE(*y);"), none);
  EXPECT_EQ(AlikeIn("int r0 = READ_ONCE(*x);", "int r0 = smp_load_acquire(x);"), none);
  EXPECT_EQ(AlikeIn("WRITE_ONCE(*x, 1);", "WRITE_ONCE(*x, 2);"), none);
  EXPECT_EQ(AlikeIn("smp_mb();", "smp_wmb();"), none);
  EXPECT_EQ(AlikeIn("atomic_inc(x);", "atomic_dec(x);"), none);
  EXPECT_EQ(AlikeIn("WRITE_ONCE(*x, r0);", "WRITE_ONCE(*x, r0);", "0:r0=1; 1:r0=1;"), alike);
  EXPECT_EQ(AlikeIn("WRITE_ONCE(*x, r0);", "WRITE_ONCE(*x, r0);", "0:r0=1; 1:r0=2;"), none);
}

TEST(AlikeThreads, AreInNoTestThatMayBeGivenUp) {
  const std::string loop = "int r0 = READ_ONCE(*x);\nwhile (r0 == 0) { r0 = READ_ONCE(*x); }";
  EXPECT_EQ(AlikeIn(loop, loop), std::vector<int>());
  const std::string wild = "int r0 = READ_ONCE(*x);\nWRITE_ONCE(*(y + r0), 1);";
  EXPECT_EQ(AlikeIn(wild, wild), std::vector<int>());
  const std::string division = "int r0 = READ_ONCE(*x);\nint r1 = 1 / r0;";
  EXPECT_EQ(AlikeIn(division, division), std::vector<int>());
}

// False: too large, or no two threads are alike.
bool SameWithAndWithout(const litmus::Test& test, Rung rung, u64* built) {
  if (AlikeThreads(test).empty()) return false;
  RunPlan plan{.rung = rung, .seconds = 0, .symmetry = false, .stop = [n = 0]() mutable { return ++n > 3000; }};
  const absl::StatusOr<RunReport> without = RunTest(test, plan);
  plan.symmetry = true;
  const absl::StatusOr<RunReport> with = RunTest(test, plan);
  EXPECT_TRUE(with.ok() && without.ok());
  if (!without->complete) return false;
  EXPECT_TRUE(with->complete);
  EXPECT_EQ(with->answer.states, without->answer.states);
  EXPECT_EQ(with->answer.positive, without->answer.positive);
  EXPECT_EQ(with->answer.negative, without->answer.negative);
  EXPECT_EQ(with->answer.data_race, without->answer.data_race);
  EXPECT_EQ(with->executions, without->executions);
  EXPECT_EQ(without->representatives, without->executions);
  *built += with->representatives;
  return true;
}

TEST(AlikeThreads, InTheSuiteAllIsTheSame) {
  int compared = 0;
  u64 built = 0;
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator("memory/litmus/suite"))
    if (entry.path().extension() == ".litmus") paths.push_back(entry.path());
  for (const std::filesystem::path& path : ShareOf(paths)) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    SCOPED_TRACE(path.string());
    for (const Rung rung : {Rung::kLkmm, Rung::kSc, Rung::kArmv8, Rung::kPower, Rung::kRc11})
      compared += SameWithAndWithout(Parsed(text.str()), rung, &built);
  }
  if (TestShare() == 1) EXPECT_GE(compared, 40);
}

// A random program with one of its threads once or twice more.
litmus::Test WithMore(litmus::Test test, u64 seed) {
  const size_t from = seed % test.threads.size();
  for (u64 n = test.threads.size() < 3 ? 1 + seed / 2 % 2 : 1; n > 0; --n) {
    test.threads.push_back(test.threads[from]);
    for (size_t r = 0; r < test.threads[from].registers.size(); ++r)
      test.observed.push_back({static_cast<int>(test.threads.size()) - 1, static_cast<int>(r), 0});
  }
  return test;
}

TEST(AlikeThreads, InRandomProgramsAllIsTheSame) {
  constexpr Rung kRungs[] = {Rung::kLkmm, Rung::kLkmm, Rung::kArmv8, Rung::kPower, Rung::kSc, Rung::kTso, Rung::kRc11, Rung::kCoherence};
  int compared = 0;
  u64 built = 0;
  const u64 programs = static_cast<u64>(ShareOf(200));
  for (u64 seed = 5000; seed < 5000 + programs && !::testing::Test::HasFailure(); ++seed) {
    const litmus::Test test = WithMore(Parsed(RandomProgram(seed)), seed);
    SCOPED_TRACE(RandomProgram(seed));
    compared += SameWithAndWithout(test, kRungs[seed % std::size(kRungs)], &built);
  }
  if (TestShare() > 1) return;
  EXPECT_GE(compared, 70);
}

}  // namespace
}  // namespace ordeal::litmus
