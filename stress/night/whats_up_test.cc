#include "stress/night/whats_up.h"

#include "absl/strings/match.h"
#include "base/file.h"
#include "gtest/gtest.h"
#include "stress/night/run_directory.h"
#include "stress/night/scratch_testing.h"

namespace ordeal::stress {
namespace {

RunState Running(const std::string& host, double written) {
  RunState s;
  s.host = host;
  s.architecture = "ppc64le";
  s.shard = "1/2";
  s.written = written;
  s.plan_done = 0.4;
  ScenarioTally t;
  t.name = "xfree";
  t.meters.rounds = 1'000'000;
  t.meters.overlapped = 400'000;
  s.tally = {{t}, {{"SB", true, 4, 10}}};
  return s;
}

TEST(WhatsUp, StatesHaveAges) {
  RunState s = Running("a", 1000);
  EXPECT_EQ(StateWords(s, 1012), "running (12 s)");
  EXPECT_EQ(StateWords(s, 1300), "running (5 min)");
  EXPECT_EQ(StateWords(s, 1301), "stale (5 min)");
  EXPECT_EQ(StateWords(s, 990), "running (0 s)") << "another machine's clock";
  s.resumed = 2;
  EXPECT_EQ(StateWords(s, 1012), "running (12 s) resumed x2");
  s.status = RunStatus::kFinished;
  EXPECT_EQ(StateWords(s, 1e9), "finished resumed x2") << "however long ago";
  s.status = RunStatus::kInterrupted;
  EXPECT_EQ(StateWords(s, 1e9), "interrupted resumed x2");
}

TEST(WhatsUp, IsThisTable) {
  RunState b = Running("power9b", 100);
  b.tally.scenarios[0].findings = {"ledger-1f"};
  b.tally.canaries[0].weak = 0;
  b.tally.canaries.push_back({"LB", false, 0, 10});
  b.shard = "";
  RunState c;
  c.host = "arm";
  c.written = 1000;
  EXPECT_EQ(WhatsUpTable({{"runs/a", Running("power9a", 990)}, {"runs/b", b}, {"runs/c", c}}, 1000),
            "host     arch     shard  scenarios  state           plan  rounds  overlap  canary     findings\n"
            "power9a  ppc64le  1/2    1          running (10 s)  40%   1 M     40.0%    ok         0  runs/a\n"
            "power9b  ppc64le  -      1          stale (15 min)  40%   1 M     40.0%    SILENT SB  1 !!!  runs/b\n"
            "arm               -      0          running (0 s)   0%    0       -        none       0  runs/c\n"
            "total                    1          3 runs          26%   2 M     40.0%               1 !!!\n");
  EXPECT_FALSE(absl::StrContains(WhatsUpTable({{"runs/a", Running("power9a", 990)}}, 1000), "total"));
}

TEST(WhatsUp, FindsRunsBelow) {
  Scratch scratch;
  {
    ASSERT_TRUE(RunDirectory::Create({}, scratch / "runs/b").ok() && RunDirectory::Create({}, scratch / "runs/a").ok());
  }
  ASSERT_TRUE(WriteFile(scratch / "runs/note.txt", "").ok());
  EXPECT_EQ(RunsIn(scratch / "runs").value(), (std::vector<std::string>{scratch / "runs/a", scratch / "runs/b"}));
  EXPECT_EQ(RunsIn(scratch / "runs/a").value(), std::vector<std::string>{scratch / "runs/a"});
  for (const char* none : {"none", "runs/note.txt", "runs/a/findings"})
    EXPECT_TRUE(absl::StartsWith(RunsIn(scratch / none).status().message(), scratch / none)) << none;
}

}  // namespace
}  // namespace ordeal::stress
