// Do real threads show what is wrong with a program, and nothing where nothing is?
#include "stress/crew/program_workload.h"

#include <gtest/gtest.h>

#include "corpus/embedded.h"
#include "finding/bugs.h"
#include "program/generate.h"
#include "program/text.h"
#include "run/machine.h"
#include "stress/crew/crew.h"
#include "stress/crew/escape.h"

namespace ordeal::stress {
namespace {

CrewResult RunRounds(const Reproducer& r, u64 rounds, const ProgramOptions& options = {}, Sync sync = Sync::kTimebase) {
  InstallEscape();
  RegisterAllSites();
  EXPECT_TRUE(PlantBugs(r.bugs).ok());
  absl::StatusOr<std::unique_ptr<Workload>> w = MakeProgramWorkload(r, options);
  EXPECT_TRUE(w.ok()) << w.status();
  CrewOptions o;
  o.sync = sync;
  o.rounds = rounds;
  o.seconds = 1e9;
  CrewResult result = RunCrew(**w, o);
  EXPECT_TRUE(PlantBugs({}).ok());
  return result;
}

Reproducer Corpus(const std::string& name) {
  for (const EmbeddedFile& f : EmbeddedCorpus())
    if (f.name == name + ".ordeal") return *Parse(f.text, f.name);
  ADD_FAILURE() << name << " is not in the corpus";
  return {};
}

// What needs no second CPU shows with the corpus's violation: in every round, if there is none; else a consumer may have been too early.
TEST(ProgramWorkload, ShowsWhatIsSequential) {
  int shown = 0;
  for (const EmbeddedFile& f : EmbeddedCorpus()) {
    const Reproducer r = *Parse(f.text, f.name);
    if (r.expect.headline != "not-ordering/sequential" || !NotForThreads(r.program).empty()) continue;
    ++shown;
    const CrewResult result = RunRounds(r, 200);
    const bool alone = r.program.geometry.cpus == 1;
    if (alone) EXPECT_EQ(result.outcomes.size(), 1u) << f.name;
    ASSERT_TRUE(result.outcomes.contains(r.expect.violation)) << f.name;
    EXPECT_GE(result.outcomes.at(r.expect.violation), alone ? 200u : 1u) << f.name;
    EXPECT_NE(result.kept.at(r.expect.violation)[0].find(r.expect.violation), std::string::npos) << f.name;
  }
  EXPECT_GE(shown, 4);
}

// Every program of the corpus, with its bug taken out.
TEST(ProgramWorkload, IsSilentWithoutTheBug) {
  for (const EmbeddedFile& f : EmbeddedCorpus()) {
    Reproducer r = *Parse(f.text, f.name);
    r.bugs.clear();
    if (!NotForThreads(r.program).empty()) continue;
    for (const bool delays : {false, true}) {
      const CrewResult result = RunRounds(r, 500, {.delays = delays});
      EXPECT_EQ(result.outcomes.at("fine"), result.meters.rounds) << f.name;
      EXPECT_EQ(result.contract_broken, 0u) << f.name;
    }
  }
}

// Programs of all shapes, on both allocators, however the threads meet.
TEST(ProgramWorkload, DrawnProgramsAreSilent) {
  Rng rng(7);
  int run = 0;
  for (int i = 0; i < 60; ++i) {
    Reproducer r;
    r.allocator = i % 2 == 0 ? "slub" : "locked";
    r.program = Generate(rng, {.max_ops = 24, .max_cpus = 2});
    for (Op& op : r.program.ops) op.irq = 0;
    if (r.program.geometry.slab_bytes() > 65536) continue;  // to reset them takes the test's time
    ++run;
    const CrewResult result = RunRounds(r, 200, {.memory_bytes = 1 << 20}, static_cast<Sync>(i % 3));
    const auto fine = result.outcomes.find("fine");
    ASSERT_NE(fine, result.outcomes.end());
    EXPECT_EQ(fine->second + result.meters.undecided, result.meters.rounds)
        << Format(r) << (result.kept.empty() ? "" : result.kept.begin()->second[0]);
    EXPECT_LE(result.meters.undecided, result.meters.rounds / 10);
  }
  EXPECT_GE(run, 30);
}

// Turned down, the shadow still sees what users see.
TEST(ProgramWorkload, ResultsAloneShowADoubleFree) {
  const Reproducer r = Corpus("user.double_free");
  EXPECT_GE(RunRounds(r, 50, {.watch = Watch::kResults}).outcomes.at("double-free"), 50u);
  EXPECT_EQ(RunRounds(r, 50, {.watch = Watch::kNothing}).outcomes.count("double-free"), 0u);
}

// The charges do not balance; who is told no charges must not say so.
TEST(ProgramWorkload, ResultsAloneSayNothingOfCharges) {
  const CrewResult r = RunRounds(Corpus("acct.uncharge_twice"), 50, {.watch = Watch::kResults});
  EXPECT_EQ(r.outcomes.at("fine"), r.meters.rounds);
}

// A broken contract is told, and is no outcome: the machine did nothing wrong.
TEST(ProgramWorkload, CountsBrokenContracts) {
  Reproducer r = Corpus("user.publish_relaxed");
  const CrewResult result = RunRounds(r, 500);
  EXPECT_GT(result.contract_broken, 0u);
}

TEST(ProgramWorkload, RefusesWhatThreadsHaveNot) {
  EXPECT_EQ(MakeProgramWorkload(Corpus("slub.tid_missing"), {}).status().code(), absl::StatusCode::kInvalidArgument);
  Reproducer r = Corpus("user.double_free");
  r.allocator = "slob";
  EXPECT_EQ(MakeProgramWorkload(r, {}).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace ordeal::stress
