// Does a run survive kill -9? A night in small, killed again and again and resumed each time, comes to what an undisturbed one comes to.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <set>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/random.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "stress/night/batch_seed.h"
#include "stress/night/journal.h"
#include "stress/night/run_directory.h"
#include "stress/night/scratch_testing.h"
#include "stress/night/tally_testing.h"

namespace ordeal::stress {
namespace {

namespace fs = std::filesystem;

constexpr u64 kEpochs = 90, kCampaign = 7, kPlan = 5;

// Dies at the n-th step; 0: lives.
struct Fuse {
  u64 steps_left = 0;
  void Step() {
    if (steps_left != 0 && --steps_left == 0) raise(SIGKILL);
  }
};

NightTally WorkOf(u64 epoch) {
  Rng rng(BatchSeed(kCampaign, "night", 0, epoch));
  NightTally t = RandomTally(rng);
  for (ScenarioTally& s : t.scenarios) {
    if (rng.Percent(8)) s.findings = {absl::StrCat(s.name, "-of-", epoch)};
    if (!s.findings.empty()) s.not_run.clear();  // who found something has run
  }
  return t;
}

FindingStore::Fill Files(Fuse& fuse) {
  return [&fuse](const std::string& directory) {
    for (const char* name : {"/report.txt", "/witness.ordeal"}) {
      fuse.Step();
      if (absl::Status s = WriteFile(directory + name, "text\n"); !s.ok()) return s;
    }
    fuse.Step();
    return absl::OkStatus();
  };
}

// What stress/overnight.cc does, with work that takes no time. `luck`: a finding that only this process makes, in its first epoch; -1: none.
absl::Status Night(const std::string& path, Fuse fuse, int luck, int kept_pipe) {
  absl::StatusOr<RunDirectory> run =
      fs::exists(path + "/state.json") ? RunDirectory::Resume(path, kPlan) : RunDirectory::Create({.plan = kPlan, .seed = kCampaign}, path);
  if (!run.ok()) return run.status();
  fuse.Step();
  absl::StatusOr<Journal> journal = Journal::Open(path + "/events.jsonl", run->state().seconds);
  if (!journal.ok()) return journal.status();
  if (absl::Status s = journal->Write(ResumedEvent{run->state().resumed, run->state().next_epoch, "h"}); !s.ok()) return s;
  for (u64 epoch = run->state().next_epoch; epoch < kEpochs; ++epoch) {
    const NightTally work = WorkOf(epoch);
    std::vector<std::string> signatures = AllFindings(work);
    if (luck >= 0) signatures.push_back(absl::StrCat("luck-", luck));
    luck = -1;
    for (const std::string& signature : signatures) {
      std::string scenario = "elsewhere";
      for (const ScenarioTally& s : work.scenarios)
        if (std::count(s.findings.begin(), s.findings.end(), signature) != 0) scenario = s.name;
      absl::StatusOr<bool> is_new = run->Keep(scenario, signature, Files(fuse));
      if (!is_new.ok()) return is_new.status();
      if (kept_pipe >= 0 && write(kept_pipe, (signature + "\n").data(), signature.size() + 1) < 0) return absl::InternalError("pipe");
      fuse.Step();
    }
    if (absl::Status s = run->Add(work, 0.25); !s.ok()) return s;
    fuse.Step();
    if (absl::Status s = journal->Write(CheckpointEvent{epoch + 1, 0, 0, 0}); !s.ok()) return s;
    fuse.Step();
    if (epoch % 3 == 2)
      if (absl::Status s = run->Checkpoint(static_cast<double>(epoch + 1) / kEpochs); !s.ok()) return s;
    fuse.Step();
  }
  return run->Finish(RunStatus::kFinished, 1);
}

class Kill9 : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(pipe(pipe_), 0);
    const auto began = std::chrono::steady_clock::now();
    ASSERT_TRUE(Night(scratch_ / "calm", {}, -1, -1).ok());
    calm_microseconds_ = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began).count();
  }

  // One part of a night. True if it was killed.
  bool Part(Fuse fuse, int luck, unsigned microseconds) {
    ++parts_;
    const pid_t child = fork();
    if (child == 0) {
      const absl::Status s = Night(path_, fuse, luck, pipe_[1]);
      if (!s.ok()) fprintf(stderr, "%s\n", std::string(s.message()).c_str());
      _exit(s.ok() ? 0 : 1);
    }
    if (microseconds != 0) {
      usleep(microseconds);
      kill(child, SIGKILL);
    }
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0) << "it ends well, or is killed";
    return WIFSIGNALED(status);
  }

  // All signatures whose Keep() had returned.
  std::set<std::string> Kept() {
    close(pipe_[1]);
    std::string text;
    char buffer[4096];
    for (ssize_t n; (n = read(pipe_[0], buffer, sizeof buffer)) > 0;) text.append(buffer, static_cast<size_t>(n));
    std::set<std::string> kept;
    for (size_t end; (end = text.find('\n')) != std::string::npos; text.erase(0, end + 1)) kept.insert(text.substr(0, end));
    return kept;
  }

  Scratch scratch_;
  std::string path_ = scratch_ / "night";
  int pipe_[2];
  u64 calm_microseconds_ = 0, parts_ = 0;
};

// At a step, so that every gap between two of them is hit: inside of a finding, between finding and checkpoint, after the checkpoint.
TEST_F(Kill9, AtAnyStepNothingIsCountedTwiceAndNothingIsMissing) {
  Rng rng(8);
  u64 kills = 0;
  // More steps than an epoch has, or no part would get beyond its first checkpoint.
  while (kills < 40 && Part({1 + rng.Below(40)}, -1, 0)) ++kills;
  EXPECT_GE(kills, 20u);
  EXPECT_FALSE(Part({}, -1, 0));
  RunState calm = ReadRunState(scratch_ / "calm").value(), night = ReadRunState(path_).value();
  EXPECT_EQ(night.resumed, parts_ - 1) << "the first part begins; all others resume";
  night.resumed = calm.resumed;
  night.written = calm.written;
  EXPECT_EQ(night, calm);
}

TEST_F(Kill9, AtAnyMomentNoFindingIsLost) {
  Rng rng(9);
  u64 kills = 0;
  for (int part = 0; part < 20; ++part) kills += Part({}, part, static_cast<unsigned>(1 + rng.Below(std::min<u64>(calm_microseconds_ / 6, 200000))));
  EXPECT_GE(kills, 5u) << "and the rest had come to its end";
  EXPECT_FALSE(Part({}, 20, 0));
  const RunState night = ReadRunState(path_).value(), calm = ReadRunState(scratch_ / "calm").value();
  std::set<std::string> counted, there, kept = Kept();
  for (const std::string& signature : AllFindings(night.tally)) counted.insert(signature);
  for (const auto& entry : fs::directory_iterator(path_ + "/findings")) there.insert(entry.path().filename().string());
  EXPECT_EQ(counted, there) << "what is on disk is what is counted, each once";
  for (const std::string& signature : kept) EXPECT_TRUE(counted.contains(signature)) << signature << " was kept, and is lost";
  for (const std::string& signature : there)
    EXPECT_EQ(ReadFile(path_ + "/findings/" + signature + "/witness.ordeal").value_or(""), "text\n") << signature;
  EXPECT_EQ(TotalRounds(night.tally), TotalRounds(calm.tally));
  EXPECT_EQ(night.tally.canaries, calm.tally.canaries);
  EXPECT_TRUE(ReadJournal(path_ + "/events.jsonl").ok());
  RecordProperty("kills", static_cast<int>(kills));
}

}  // namespace
}  // namespace ordeal::stress
