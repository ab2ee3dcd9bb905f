#include "stress/night/run_directory.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <set>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/random.h"
#include "gtest/gtest.h"
#include "stress/night/batch_seed.h"
#include "stress/night/scratch_testing.h"
#include "stress/night/tally_testing.h"
#include "stress/night/test_id.h"

ABSL_FLAG(std::string, night_probe, "", "for FlagsAreAFlagfile");
ABSL_FLAG(int, night_number, 0, "for FlagsAreAFlagfile");

namespace ordeal::stress {
namespace {

namespace fs = std::filesystem;

FindingStore::Fill Report(const std::string& text) {
  return [text](const std::string& directory) { return WriteFile(directory + "/report.txt", text); };
}

NightTally Epoch(u64 rounds, const std::vector<std::string>& findings = {}) {
  ScenarioTally s;
  s.name = "xfree";
  s.outcomes["fine"] = s.meters.rounds = rounds;
  s.findings = findings;
  return {{s}, {}};
}

// An error is one line that begins with a path, so that it can be printed as it is.
void ExpectOneLine(const absl::Status& status, const std::string& beginning, const std::string& part) {
  EXPECT_FALSE(status.ok());
  const std::string message(status.message());
  EXPECT_TRUE(absl::StartsWith(message, beginning)) << message;
  EXPECT_TRUE(absl::StrContains(message, part)) << message;
  EXPECT_FALSE(absl::StrContains(message, "\n")) << message;
}

TEST(BatchSeed, ShardsAndEpochsNeverCollide) {
  std::set<u64> seeds;
  size_t count = 0;
  for (u64 campaign = 0; campaign < 2; ++campaign)
    for (const char* scenario : {"xfree", "charge", ""})
      for (u64 shard = 0; shard < 64; ++shard)
        for (u64 epoch = 0; epoch < 1024; ++epoch, ++count) seeds.insert(BatchSeed(campaign, scenario, shard, epoch));
  EXPECT_EQ(seeds.size(), count);
  EXPECT_EQ(BatchSeed(7, "xfree", 1, 2), 7878134927795174159u) << "a state.json of another machine means the same rounds";
}

TEST(PlanHash, IsOfWhatIsInItAndNotOfItsOrder) {
  EXPECT_EQ(PlanHash({"--a", "--b"}, 1), PlanHash({"--b", "--a"}, 1));
  EXPECT_NE(PlanHash({"--a", "--b"}, 1), PlanHash({"--a", "--c"}, 1));
  EXPECT_NE(PlanHash({"--a", "--b"}, 1), PlanHash({"--a", "--b"}, 2));
  EXPECT_NE(PlanHash({"--ab"}, 1), PlanHash({"--a", "b"}, 1));
}

TEST(RunState, ReadsBackWhatItWrote) {
  Rng rng(4);
  for (int i = 0; i < 300; ++i) {
    RunState s{.plan = rng.Next(), .seed = rng.Next(), .next_epoch = RandomCount(rng), .tally = RandomTally(rng)};
    s.plan_done = static_cast<double>(rng.Below(1000)) / 999;
    s.seconds = static_cast<double>(rng.Next());
    s.resumed = rng.Below(9);
    s.status = static_cast<RunStatus>(rng.Below(3));
    s.host = RandomText(rng);
    s.shard = RandomText(rng);
    s.written = 1795804321.25;
    const absl::StatusOr<RunState> back = RunStateFromText(RunStateToText(s), "state.json");
    ASSERT_TRUE(back.ok()) << back.status();
    EXPECT_EQ(*back, s);
  }
  RunState odd;
  odd.host = "\xff";
  EXPECT_TRUE(RunStateFromText(RunStateToText(odd), "state.json").ok()) << "a text that is no UTF-8 does not make the file unreadable";
}

// Cut anywhere, and with any byte changed: never a crash, never a wrong state, always one line.
TEST(RunState, DamageIsSeen) {
  Rng rng(5);
  RunState s{.plan = 1, .seed = 2, .next_epoch = 3, .tally = RandomTally(rng)};
  const std::string text = RunStateToText(s);
  for (size_t at = 0; at + 2 < text.size(); ++at) {
    ExpectOneLine(RunStateFromText(text.substr(0, at), "D/state.json").status(), "D/state.json: ", "expected");
    for (int tries = 0; tries < 4; ++tries) {
      std::string bad = text;
      bad[at] = static_cast<char>(rng.Below(256));
      const absl::StatusOr<RunState> read = RunStateFromText(bad, "D/state.json");
      if (read.ok()) {
        EXPECT_EQ(*read, s) << "byte " << at << " became " << int(bad[at]);  // a blank for a blank
      } else {
        ExpectOneLine(read.status(), "D/state.json", "expected");
      }
    }
  }
  ExpectOneLine(RunStateFromText("{\"v\":2,\"check\":\"\"}", "D/state.json").status(), "D/state.json: ", "version 1");
}

TEST(RunDirectory, HoldsWhatItIsToldAndResumesFromThere) {
  Scratch scratch;
  const std::string path = scratch / "run";
  {
    absl::StatusOr<RunDirectory> run = RunDirectory::Create(
        {.plan = 5, .seed = 7, .shard = "1/4", .test_id = "version: 1\n", .flags = {"--a=1", "--b"}, .topology_xml = "<topology/>"}, path);
    ASSERT_TRUE(run.ok()) << run.status();
    EXPECT_EQ(ReadFile(path + "/testid.txt").value(), "version: 1\n");
    EXPECT_EQ(ReadFile(path + "/flags.txt").value(), "--a=1\n--b\n");
    EXPECT_EQ(ReadFile(path + "/topology.xml").value(), "<topology/>");
    ASSERT_TRUE(run->Add(Epoch(10), 1.5).ok());
    ASSERT_TRUE(run->Checkpoint(0.25).ok());
    ASSERT_TRUE(run->Add(Epoch(100), 1.5).ok());  // and is not checkpointed
  }
  absl::StatusOr<RunDirectory> run = RunDirectory::Resume(path, 5);
  ASSERT_TRUE(run.ok()) << run.status();
  RunState expected{.plan = 5, .seed = 7, .next_epoch = 1, .tally = Epoch(10)};
  expected.plan_done = 0.25;
  expected.seconds = 1.5;
  expected.resumed = 1;
  expected.shard = "1/4";
  expected.host = HostName();
  expected.architecture = Architecture();
  expected.written = run->state().written;
  EXPECT_EQ(run->state(), expected);
  EXPECT_EQ(ReadRunState(path).value(), expected);
  ASSERT_TRUE(run->Finish(RunStatus::kInterrupted, 0.5).ok());
  EXPECT_EQ(ReadRunState(path)->status, RunStatus::kInterrupted);
}

TEST(RunDirectory, DefaultNamesDiffer) {
  Scratch scratch;
  const fs::path before = fs::current_path();
  fs::current_path(scratch / "");
  absl::StatusOr<RunDirectory> a = RunDirectory::Create({}), b = RunDirectory::Create({});
  fs::current_path(before);
  ASSERT_TRUE(a.ok() && b.ok()) << a.status() << b.status();
  EXPECT_NE(a->path(), b->path());
  const std::string host = HostName(), name = a->path();
  EXPECT_TRUE(absl::StartsWith(name, "runs/20")) << name;
  ASSERT_GT(name.size(), host.size() + 6);
  EXPECT_EQ(name.substr(name.size() - 6 - host.size(), host.size() + 2), "-" + host + "-") << name;
}

TEST(RunDirectory, RefusesWhatItMustNotMix) {
  Scratch scratch;
  const std::string path = scratch / "run";
  {
    ASSERT_TRUE(RunDirectory::Create({.plan = 5}, path).ok());
  }
  ExpectOneLine(RunDirectory::Create({.plan = 5}, path).status(), path, "holds a run already");
  ExpectOneLine(RunDirectory::Resume(path, 6).status(), path, "--resume_anyway");
  ExpectOneLine(RunDirectory::Resume(scratch / "none", 6).status(), scratch / "none", "state.json");
  EXPECT_FALSE(fs::exists(scratch / "none")) << "asking leaves nothing behind";
  EXPECT_EQ(RunDirectory::Resume(path, 6, true)->state().plan, 6u);
}

// The reader is Abseil itself.
TEST(RunDirectory, FlagsAreAFlagfile) {
  Scratch scratch;
  const std::string odd = "a = b, \"c\" #d\t--e";
  ASSERT_TRUE(RunDirectory::Create({.flags = {"--night_probe=" + odd, "--night_number=7"}}, scratch / "run").ok());
  std::string name = "test", file = "--flagfile=" + (scratch / "run/flags.txt");
  char* argv[] = {name.data(), file.data(), nullptr};
  absl::ParseCommandLine(2, argv);
  EXPECT_EQ(absl::GetFlag(FLAGS_night_probe), odd);
  EXPECT_EQ(absl::GetFlag(FLAGS_night_number), 7);
  int i = 0;
  for (const char* bad : {"--a=1\n--b", "--a=1 ", "#a", "a"})
    ExpectOneLine(RunDirectory::Create({.flags = {bad}}, scratch / absl::StrCat(i++)).status(), "flags.txt", "expected --FLAG=VALUE");
}

TEST(RunDirectory, OneProcessAtATime) {
  Scratch scratch;
  const std::string path = scratch / "run";
  absl::StatusOr<RunDirectory> run = RunDirectory::Create({}, path);
  ASSERT_TRUE(run.ok());
  ExpectOneLine(RunDirectory::Resume(path, 0).status(), path, absl::StrCat("another process is at work here (pid ", getpid(), ")"));
  EXPECT_TRUE(ReadRunState(path).ok()) << "to look takes no lock";
}

TEST(RunDirectory, FindingsAreWholeAndKeptOnce) {
  Scratch scratch;
  const std::string path = scratch / "run";
  absl::StatusOr<RunDirectory> run = RunDirectory::Create({}, path);
  ASSERT_TRUE(run.ok());
  EXPECT_TRUE(run->Keep("xfree", "sig-1", Report("first")).value());
  EXPECT_FALSE(run->Keep("charge", "sig-1", Report("second")).value());
  EXPECT_EQ(ReadFile(path + "/findings/sig-1/report.txt").value(), "first");
  EXPECT_EQ(run->findings().All().value(), (std::vector<KeptFinding>{{"sig-1", "xfree", 0}}));
  const auto half = [](const std::string& directory) {
    EXPECT_TRUE(WriteFile(directory + "/report.txt", "half").ok());
    return absl::ResourceExhaustedError("full");
  };
  EXPECT_EQ(run->Keep("xfree", "sig-2", half).status().message(), "full");
  EXPECT_FALSE(fs::exists(path + "/findings/sig-2"));
  EXPECT_EQ(std::distance(fs::directory_iterator(path + "/findings"), fs::directory_iterator()), 1) << "something half was left";
  for (const char* bad : {"", "a/b", "..", ".half.x", "a b", "a\n"}) EXPECT_FALSE(run->Keep("xfree", bad, Report("")).ok()) << bad;
  ExpectOneLine(run->Add(Epoch(1, {"sig-2"}), 0), path, "kept before it is counted");
}

TEST(RunDirectory, FindingsThatNoCheckpointKnowsAreTakenIn) {
  Scratch scratch;
  const std::string path = scratch / "run";
  {
    absl::StatusOr<RunDirectory> run = RunDirectory::Create({}, path);
    ASSERT_TRUE(run->Keep("xfree", "known", Report("")).ok());
    ASSERT_TRUE(run->Add(Epoch(1, {"known"}), 0).ok());
    ASSERT_TRUE(run->Checkpoint(0).ok());
    ASSERT_TRUE(run->Keep("charge", "late", Report("")).ok());
  }
  fs::create_directory(path + "/findings/by-hand");
  fs::create_directory(path + "/findings/.half.sig");
  ASSERT_TRUE(WriteFile(path + "/state.json.tmp.1.2", "half").ok());
  const absl::StatusOr<RunDirectory> run = RunDirectory::Resume(path, 0);
  ASSERT_TRUE(run.ok()) << run.status();
  EXPECT_EQ(AllFindings(run->state().tally), (std::vector<std::string>{"by-hand", "known", "late"}));
  for (const ScenarioTally& s : run->state().tally.scenarios)
    EXPECT_EQ(s.findings[0], s.name == "xfree" ? "known" : s.name == "charge" ? "late" : "by-hand");
  EXPECT_EQ(ReadRunState(path).value(), run->state()) << "and the checkpoint knows them now";
  EXPECT_FALSE(fs::exists(path + "/findings/.half.sig"));
  EXPECT_FALSE(fs::exists(path + "/state.json.tmp.1.2"));
}

TEST(RunDirectory, ARemovedOneIsOneClearError) {
  Scratch scratch;
  const std::string path = scratch / "run";
  absl::StatusOr<RunDirectory> run = RunDirectory::Create({}, path);
  ASSERT_TRUE(run.ok());
  fs::remove_all(path);
  ExpectOneLine(run->Checkpoint(0), path, "removed or replaced");
  ExpectOneLine(run->Keep("xfree", "sig", Report("")).status(), path, "removed or replaced");
  EXPECT_FALSE(fs::exists(path)) << "nothing is begun where a run was";
  absl::StatusOr<RunDirectory> other = RunDirectory::Create({.seed = 9}, path);
  ASSERT_TRUE(other.ok()) << other.status();
  ExpectOneLine(run->Checkpoint(0), path, "removed or replaced");
  EXPECT_EQ(ReadRunState(path)->seed, 9u) << "the run that came after it is left alone";
}

// The disk is full from some moment on: every step says so, and what the last checkpoint says stays.
void FillUp(const std::string& path, const std::string& nested) {
  absl::StatusOr<RunDirectory> run = RunDirectory::Create({}, path);
  ASSERT_TRUE(run.ok()) << run.status();
  ASSERT_TRUE(run->Add(Epoch(10), 1).ok());
  ASSERT_TRUE(run->Checkpoint(0.5).ok());
  const RunState good = run->state();
  const std::string big(1 << 20, 'x');
  ExpectOneLine(run->Keep("xfree", "sig", Report(big)).status(), path + "/findings/.half.sig/report.txt", nested);
  EXPECT_FALSE(fs::exists(path + "/findings/sig"));
  NightTally large = Epoch(1);
  large.scenarios[0].outcomes[big] = 1;
  ASSERT_TRUE(run->Add(large, 1).ok());
  ExpectOneLine(run->Checkpoint(1), path + "/state.json", nested);
  EXPECT_EQ(ReadRunState(path).value(), good);
}

TEST(RunDirectory, FullDiskLeavesTheLastCheckpoint) {
  Scratch scratch;
  if (!scratch.Limit(256 << 10)) GTEST_SKIP() << "this machine lets us mount nothing; FileSizeLimit tests the same by other means";
  FillUp(scratch / "run", "No space left");
}

TEST(RunDirectory, FileSizeLimitLeavesTheLastCheckpoint) {
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{256 << 10, 256 << 10};
    setrlimit(RLIMIT_FSIZE, &limit);
    {
      Scratch scratch;
      FillUp(scratch / "run", "File too large");
    }
    _exit(testing::Test::HasFailure() ? 1 : 0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(TestId, SaysWhatItRanOn) {
  const std::string text = TestId("0.1", {"--a=1", "--b"}, {"commit: unknown"});
  for (const char* key : {"version: 0.1\n", "binary: ", "compiler: ", "kernel: Linux ", "host: ", "cpu: ", "processors: ", "time: 20",
                          "commit: unknown\n", "flags: --a=1 --b\n"})
    EXPECT_TRUE(absl::StrContains(text, key)) << key << " in\n" << text;
  EXPECT_FALSE(absl::StrContains(text, "binary: unknown"));
}

}  // namespace
}  // namespace ordeal::stress
