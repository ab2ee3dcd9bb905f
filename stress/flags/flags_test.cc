// Do flags mean what was typed, and is everything else refused in one line?
#include "stress/flags/flags.h"

#include <cmath>

#include <gtest/gtest.h>

#include "absl/flags/reflection.h"
#include "base/file.h"
#include "base/random.h"
#include "run/machine.h"

namespace ordeal::stress {
namespace {

// Flags are the process's: each test puts them back.
absl::StatusOr<NightFlags> Parsed(const std::vector<std::string>& args, const std::string& program = "overnight") {
  RegisterAllSites();
  const absl::FlagSaver saver;
  return ParseNightFlags(program, args);
}

TEST(NightFlags, TheNameSaysHowLong) {
  EXPECT_EQ(Parsed({})->seconds, 8 * 3600);
  EXPECT_EQ(Parsed({}, "quick")->seconds, 20);
  EXPECT_EQ(Parsed({"--mode=tough"}, "quick")->seconds, 3600);
  EXPECT_EQ(Parsed({"--mode=tough", "--duration=90s"})->seconds, 90);
  // What has another end needs no time.
  EXPECT_TRUE(std::isinf(Parsed({"--rounds=7"})->seconds));
  EXPECT_TRUE(std::isinf(Parsed({"--stop_at=2026-11-28T07:00:00+01:00"})->seconds));
  EXPECT_EQ(Parsed({"--stop_at=1970-01-02T00:00:00Z"})->stop_at, 86400);
}

TEST(NightFlags, SwitchesAndFiles) {
  const absl::StatusOr<NightFlags> f = Parsed({"a.ordeal", "--nodelays", "--keep_going", "--watch=results", "b.ordeal", "--shard=2/5"});
  ASSERT_TRUE(f.ok()) << f.status();
  EXPECT_FALSE(f->delays);
  EXPECT_TRUE(f->evict);
  EXPECT_TRUE(f->keep_going);
  EXPECT_EQ(f->watch, Watch::kResults);
  EXPECT_EQ(f->scenarios.files, (std::vector<std::string>{"a.ordeal", "b.ordeal"}));
  EXPECT_EQ(f->shard, 2);
  EXPECT_EQ(f->shards, 5);
}

// What a run remembers of its flags gives the same run again; of one run alone are its directory and what it went on with.
TEST(NightFlags, GivenFlagsGiveTheSameAgain) {
  const absl::StatusOr<NightFlags> f =
      Parsed({"--bug=acct.stride_u16", "--nodelays", "--duration=90s", "--placement=list", "--cpulist=0-3", "--run_dir=here", "--seed=9"});
  ASSERT_TRUE(f.ok()) << f.status();
  const absl::StatusOr<NightFlags> again = Parsed(f->given);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->given, f->given);
  EXPECT_EQ(again->plan, f->plan);
  EXPECT_EQ(again->run_dir, "");
  EXPECT_EQ(again->placement.list, (std::vector<int>{0, 1, 2, 3}));
}

// The plan is what makes rounds comparable: not for how long, nor where the reports go.
TEST(NightFlags, ThePlanIsWhatARoundIs) {
  const std::vector<std::string> plain = Parsed({})->plan;
  EXPECT_EQ(Parsed({"--duration=5s", "--run_dir=x", "--status=none", "--keep_going"})->plan, plain);
  EXPECT_NE(Parsed({"--nodelays"})->plan, plain);
  EXPECT_NE(Parsed({"--seed=4"})->plan, plain);
}

TEST(NightFlags, ARunIsGoneOnWithByItsOwnFlags) {
  const std::string directory = testing::TempDir() + "/flags_of_a_run";
  ASSERT_TRUE(EnsureDirectory(directory).ok());
  ASSERT_TRUE(WriteFile(directory + "/flags.txt", "--bug=acct.stride_u16\n--duration=90s\n").ok());
  const absl::StatusOr<NightFlags> f = Parsed({"--resume=" + directory, "--duration=30s"});
  ASSERT_TRUE(f.ok()) << f.status();
  EXPECT_EQ(f->scenarios.bugs, std::vector<std::string>{"acct.stride_u16"});
  EXPECT_EQ(f->seconds, 30) << "what is typed comes last";
  EXPECT_EQ(f->resume, directory);
  ASSERT_TRUE(WriteFile(directory + "/flags.txt", "--bug=acct.stride_u16\n--durtion=90s\n").ok());
  const absl::Status bad = Parsed({"--again=" + directory}).status();
  EXPECT_NE(bad.message().find("flags.txt:2: unknown flag --durtion"), absl::string_view::npos) << bad;
}

TEST(NightFlags, EverythingElseIsRefusedInOneLine) {
  for (const char* bad :
       {"--duraton=3s",  "--duration=-3s",  "--duration",        "--mode=slow",   "--rounds=-1",      "--threads=0",
        "--threads=9",   "--crews=-1",      "--placement=close", "--cpulist=0",   "--placement=list", "--sync=tight",
        "--disturb=lod", "--watch=nothing", "--shard=5",         "--shard=3/3",   "--expect=nothing", "--expect=twin.acct.stride_u16",
        "--canary=IRIW", "--memory=far",    "--max_findings=0",  "--status=loud", "--delays=perhaps", "-runs=5",
        "--seed=x",      "--slice=0s",      "--resume=nowhere",  "--resume"}) {
    const absl::StatusOr<NightFlags> f = Parsed({bad});
    ASSERT_FALSE(f.ok()) << bad;
    EXPECT_EQ(f.status().message().find('\n'), absl::string_view::npos) << f.status();
    EXPECT_GT(f.status().message().size(), 10u) << bad;
  }
}

// Any bytes at all: a status of one line, or flags.
TEST(NightFlags, SurvivesAnything) {
  Rng rng(3);
  const std::string words[] = {"--",     "-",  "=",    "seed", "duration", "placement", "list",       "cpulist", "no",
                               "delays", "8h", "\x01", "0-",   ",",        "/",         "synthetic:", "expect",  " "};
  for (int i = 0; i < 3000; ++i) {
    std::string arg;
    for (u64 n = rng.Below(7); n > 0; --n) arg += words[rng.Below(std::size(words))];
    const absl::StatusOr<NightFlags> f = Parsed({arg});
    if (!f.ok()) EXPECT_EQ(f.status().message().find('\n'), absl::string_view::npos) << f.status();
  }
}

}  // namespace
}  // namespace ordeal::stress
