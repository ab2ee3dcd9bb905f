// Programs run on the modelled memory with both allocators: correct users and allocators are silent, and what is found replays.
#include "base/share_testing.h"
#include "run/machine.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "allocator/slub_sites.h"
#include "base/random.h"
#include "memory/model/judge.h"
#include "memory/model/trace_to_graph.h"
#include "memory/site.h"
#include "program/generate.h"
#include "program/text.h"
#include "run/user_sites.h"

namespace ordeal {
namespace {

class EveryAllocator : public testing::TestWithParam<std::string_view> {
 protected:
  void SetUp() override {
    g_sites.Clear();
    machine_ = *MakeMachine(std::string(GetParam()));
  }
  void TearDown() override { g_sites.Clear(); }
  void ExpectSilent(const char* program);
  std::unique_ptr<Machine> machine_;
};

model::RunOptions Options(model::Rung rung, u64 seed) {
  model::RunOptions o;
  o.rung = rung;
  o.seed = seed;
  return o;
}

// `program` in many executions.
void EveryAllocator::ExpectSilent(const char* program) {
  const auto r = Parse(program, "program");
  ASSERT_TRUE(r.ok()) << r.status();
  machine_->Load(r->program);
  const u64 executions = static_cast<u64>(ShareOf(5000));
  for (u64 s = 0; s < executions; ++s) {
    const Outcome& o = machine_->Run(Options(model::Rung::kLkmm, s));
    ASSERT_TRUE(o.reports.empty()) << Describe(o.reports[0]) << " seed " << s;
    ASSERT_FALSE(o.race_suspected) << "seed " << s;
  }
}

TEST_P(EveryAllocator, DisciplinedProgramsAreSilentOnEveryRung) {
  Rng rng(7);
  for (int i = 0; i < ShareOf(600); ++i) {
    const Program p = Generate(rng);
    machine_->Load(p);
    for (const model::Rung rung : {model::Rung::kSequential, model::Rung::kSc, model::Rung::kLkmm}) {
      for (u64 s = 0; s < 4; ++s) {
        const Outcome& o = machine_->Run(Options(rung, s));
        Reproducer r;
        r.program = p;
        ASSERT_TRUE(o.reports.empty()) << Describe(o.reports[0]) << "\nseed " << s << "\n" << Format(r);
        ASSERT_FALSE(o.race_suspected) << "seed " << s << "\n" << Format(r);
      }
    }
  }
}

// Views alone are not exact on allocator code. What the judge rejects costs time only, but more than one execution in a hundred would be
// a view rule gone wrong.
TEST_P(EveryAllocator, TheJudgeRejectsFewExecutions) {
  Rng rng(8);
  int forbidden = 0, judged = 0;
  for (int i = 0; i < 60; ++i) {
    machine_->Load(Generate(rng, {.max_ops = 14, .max_cpus = 3}));
    for (u64 s = 0; s < 3; ++s) {
      model::RunOptions o = Options(model::Rung::kLkmm, s);
      o.record = true;
      machine_->Run(o);
      forbidden += !model::Judge(model::TraceToGraph(model::RecordedTrace()).graph, false).allowed();
      ++judged;
    }
  }
  EXPECT_LE(forbidden * 100, judged) << forbidden << " of " << judged;
}

TEST_P(EveryAllocator, DecisionsReplayTheSameExecution) {
  Rng rng(9);
  for (int i = 0; i < 100; ++i) {
    machine_->Load(Generate(rng));
    model::RunOptions o = Options(model::Rung::kLkmm, 3);
    o.record = true;
    const u64 drawn = machine_->Run(o).run.hash;
    const Decisions decisions = model::RecordedDecisions();
    o.replay = &decisions;
    const Outcome& again = machine_->Run(o);
    ASSERT_EQ(again.run.hash, drawn);
    ASSERT_EQ(again.run.unmet, 0u);
  }
}

TEST_P(EveryAllocator, ADoubleFreeIsSeen) {
  g_sites.Plant(user_site::kDoubleFree);
  machine_->Load(*[] {
    auto r = Parse("ordeal 1\ngeometry page=4K order=0 object=64 exts=none cpus=1 slabs=1\nop 0 cpu 0 alloc a\nop 1 cpu 0 free a\n", "t");
    return std::make_unique<Program>(r->program);
  }());
  const Outcome& o = machine_->Run(Options(model::Rung::kSequential, 1));
  ASSERT_NE(o.effect(), nullptr);
  EXPECT_EQ(o.effect()->violation, Violation::kDoubleFree);
}

// Ids are names, not indices: what a hand-over carries does not depend on them.
TEST_P(EveryAllocator, OpIdsMayBeAnyNumber) {
  const auto r = Parse(
      "ordeal 1\ngeometry page=4K order=0 object=64 exts=late cpus=2 slabs=1\n"
      "op 60000 cpu 0 alloc a charged\nop 60001 cpu 0 publish a s0 release\nop 7 cpu 1 consume b s0 acquire\nop 65000 cpu 1 free b\n",
      "t");
  ASSERT_TRUE(r.ok()) << r.status();
  g_sites.Plant(user_site::kDoubleFree);  // shows whether the free was reached
  machine_->Load(r->program);
  int freed = 0;
  for (u64 s = 0; s < 50; ++s) freed += machine_->Run(Options(model::Rung::kSc, s)).effect() != nullptr;
  EXPECT_GT(freed, 25);
}

// A long program is not a livelock.
TEST_P(EveryAllocator, TheLargestProgramsFinish) {
  Rng rng(10);
  for (int i = 0; i < 40; ++i) {
    machine_->Load(Generate(rng, {.max_ops = kMaxOps, .max_cpus = kMaxCpus}));
    for (u64 s = 0; s < 4; ++s) ASSERT_EQ(machine_->Run(Options(model::Rung::kLkmm, s)).run.ending, model::Ending::kFinished);
  }
}

// An interrupt takes the object whose link the task is about to read, and gives it to a list from where another CPU gets it: its user writes where
// the link was.
TEST_P(EveryAllocator, NobodyReadsALinkThatIsAUsersByNow) {
  ExpectSilent(
      "ordeal 1\ngeometry page=64K order=1 object=43688 exts=late cpus=2 slabs=1 nodes=1\nop 0 cpu 0 alloc a\nop 1 cpu 0 alloc b\nop 2 cpu 0 alloc c "
      "irq 3\n"
      "op 3 cpu 0 alloc d irq 3\nop 4 cpu 0 free c irq 3\nop 5 cpu 0 alloc e\nop 6 cpu 1 alloc a\nop 7 cpu 1 write a.0\n");
}

// An interrupt leaves the current slab, gets no other, and frees into the one that it left; the free that it came into must not put its object on
// the CPU's list after all: two CPUs would charge objects of one slab at a time.
TEST_P(EveryAllocator, AFreeNoticesThatItsSlabWasLeft) {
  ExpectSilent(
      "ordeal 1\ngeometry page=4K order=0 object=2048 exts=late cpus=2 slabs=1 nodes=1\nop 0 cpu 1 alloc c\nop 1 cpu 1 alloc e\nop 2 cpu 0 alloc "
      "b\nop 3 cpu 0 alloc d\n"
      "op 4 cpu 1 alloc h irq 6\nop 5 cpu 1 free e irq 6\nop 6 cpu 1 free c\nop 7 cpu 1 alloc c charged\nop 8 cpu 0 alloc a charged\n");
}

// An alloc makes a slab of a page, is interrupted, and meanwhile the slab is given back and made again: what the shadow hears keeps that order.
TEST_P(EveryAllocator, SlabsAreToldAsTheyAreMade) {
  const auto r = Parse(
      "ordeal 1\ngeometry page=16K order=0 object=16384 exts=late cpus=2 slabs=1 nodes=1\nop 0 cpu 0 alloc b irq 4\nop 1 cpu 0 alloc c irq 4\nop 2 "
      "cpu 0 free b irq 4\n"
      "op 3 cpu 0 alloc a\nop 4 cpu 0 publish a s7 release\nop 5 cpu 1 shrink\nop 9 cpu 1 consume a s7 xchg\nop 10 cpu 1 shrink\n"
      "decision 0.3 switch cpu 1\ndecision 1.6 switch cpu 1\ndecision 1.28 switch cpu 1\ndecision 3.0 switch cpu 1\ndecision 3.14 switch cpu "
      "1\ndecision 3.31 switch cpu 1\n"
      "decision 3.36 switch cpu 1\ndecision 5.12 switch cpu 0\n",
      "told");
  ASSERT_TRUE(r.ok()) << r.status();
  machine_->Load(r->program);
  model::RunOptions o = Options(model::Rung::kLkmm, 1);
  o.replay = &r->decisions;
  const Outcome& outcome = machine_->Run(o);
  EXPECT_TRUE(outcome.reports.empty()) << Describe(outcome.reports[0]);
}

// A task looks at the list of CPU 0, is moved away before its cmpxchg and comes back after another task was there: the same head, another rest.
constexpr const char* kThereAndBack =
    "geometry page=4K order=0 object=64 exts=none cpus=2 slabs=1\nop 0 cpu 0 migrate 1 irq 5\nop 1 cpu 0 migrate 0 irq 5\nop 2 cpu 0 alloc a\nop 3 "
    "cpu 0 alloc b\n"
    "op 4 cpu 1 migrate 0\nop 5 cpu 1 alloc a\nop 6 cpu 1 alloc b\nop 7 cpu 1 free a\n";
// {freelist, tid} keeps a list of its CPU whole while tasks move; without the tid it does not.
TEST_P(EveryAllocator, TheTidNoticesWhereTasksMove) {
  for (const bool planted : {false, true}) {
    if (planted) g_sites.Plant(slub_change::tid_missing);
    machine_->Load(Parse(std::string("ordeal 1\n") + kThereAndBack, "moved")->program);
    int overlaps = 0, others = 0;
    for (u64 seed = 0; seed < 2000; ++seed) {
      const Outcome& o = machine_->Run({.seed = seed});
      const Report* effect = o.effect();
      overlaps += effect != nullptr && effect->violation == Violation::kOverlap;
      others += effect == nullptr ? !o.reports.empty() : effect->violation != Violation::kOverlap;
    }
    EXPECT_EQ(others, 0);
    EXPECT_EQ(overlaps > 0, planted && GetParam() == "slub");
  }
}

// A task is moved before its cmpxchg to a CPU whose list is as empty as the one that it looked at, and has changed as often: the tid names the CPU, or two
// CPUs would charge objects of one slab at a time.
TEST_P(EveryAllocator, AFreeNoticesThatItIsOnAnotherCpu) {
  ExpectSilent(
      "ordeal 1\ngeometry page=4K order=0 object=2048 exts=late cpus=3 slabs=1\nop 0 cpu 0 alloc a\nop 1 cpu 0 alloc b\nop 2 cpu 0 publish b s0 "
      "release\n"
      "op 3 cpu 0 migrate 1 irq 6\nop 4 cpu 0 free a\nop 5 cpu 0 alloc c charged\nop 6 cpu 1 alloc a\nop 7 cpu 1 alloc b\nop 8 cpu 2 consume a s0 "
      "acquire\n"
      "op 9 cpu 2 migrate 0\nop 10 cpu 2 free a\nop 11 cpu 2 alloc b charged\n");
}

// An interrupt runs inside its op, whatever access is named, and everything in it is done for real.
TEST_P(EveryAllocator, InterruptsRunOnceWhereverTheyCome) {
  for (int access = 1; access <= kMaxIrq; access += access < 14 ? 1 : 12) {
    const auto r = Parse(absl::StrCat("ordeal 1\ngeometry page=4K order=0 object=512 exts=late cpus=2 slabs=1\nop 0 cpu 0 alloc a charged\n",
                                      "op 1 cpu 0 alloc b charged irq ", access, "\nop 2 cpu 0 free a irq ", access,
                                      "\nop 3 cpu 0 alloc c charged\nop 4 cpu 0 free b\nop 5 cpu 0 free c\n"),
                         "t");
    ASSERT_TRUE(r.ok()) << r.status();
    machine_->Load(r->program);
    for (const model::Rung rung : {model::Rung::kSequential, model::Rung::kLkmm}) {
      model::RunOptions o = Options(rung, 1);
      o.record = true;
      const Outcome& outcome = machine_->Run(o);
      EXPECT_TRUE(outcome.reports.empty()) << Describe(outcome.reports[0]) << " access " << access;
      int allocated = 0, freed = 0;
      for (const model::TraceEvent& e : model::RecordedTrace().events) {
        allocated += e.type == model::EventType::kAlloc;
        freed += e.type == model::EventType::kFree;
      }
      EXPECT_EQ(allocated, 3);
      EXPECT_EQ(freed, 3);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, EveryAllocator, testing::ValuesIn(AllocatorNames()), [](const auto& info) { return std::string(info.param); });

TEST(MakeMachine, SuggestsTheNearestName) {
  const auto m = MakeMachine("slab");
  ASSERT_FALSE(m.ok());
  EXPECT_NE(std::string(m.status().message()).find("slub"), std::string::npos);
}

// Small programs in full: every execution that the rung allows.
struct Counts {
  u64 executions = 0, damaged = 0, racy = 0, reported = 0;
};
Counts Explored(Machine& machine, const Program& p, model::Rung rung) {
  machine.Load(p);
  Counts c;
  model::ExactOptions options;
  options.rung = rung;
  options.again = [&] { c = Counts(); };
  const model::ExactResult r = machine.Explore(options, [&](const Outcome& o, const model::Execution& e) {
    ++c.executions;
    c.damaged += o.effect() != nullptr;
    c.reported += !o.reports.empty();
    c.racy += e.race;
  });
  EXPECT_TRUE(r.complete);
  EXPECT_EQ(r.refused_late, 0u);
  return c;
}
Program HandOver() {
  absl::StatusOr<Reproducer> r = Parse(
      "ordeal 1\nallocator slub\ngeometry page=4K order=0 object=256 exts=late cpus=2 slabs=1\nop 0 cpu 0 alloc a charged\nop 1 cpu 0 write a.1\n"
      "op 2 cpu 0 publish a s0 release\nop 3 cpu 1 consume a s0 acquire\nop 4 cpu 1 read a.1\nop 5 cpu 1 free a\n",
      "hand over");
  EXPECT_TRUE(r.ok()) << r.status();
  return r->program;
}

TEST_P(EveryAllocator, EveryExecutionOfAHandOverIsClean) {
  for (const model::Rung rung : {model::Rung::kSc, model::Rung::kTso, model::Rung::kPower, model::Rung::kLkmm}) {
    const Counts c = Explored(*machine_, HandOver(), rung);
    EXPECT_GT(c.executions, 1u);
    EXPECT_EQ(c.reported + c.racy, 0u) << model::RungName(rung);
  }
}

TEST_P(EveryAllocator, ARelaxedPublishDamagesNothingUnderTsoAndSomethingOnPower) {
  g_sites.Plant(user_site::publish_release.id, Order::kOnce);
  EXPECT_EQ(Explored(*machine_, HandOver(), model::Rung::kTso).damaged, 0u);
  EXPECT_GT(Explored(*machine_, HandOver(), model::Rung::kPower).damaged, 0u);
  const Counts lkmm = Explored(*machine_, HandOver(), model::Rung::kLkmm);
  EXPECT_GT(lkmm.damaged, 0u);
  EXPECT_GT(lkmm.racy, 0u);
}

}  // namespace
}  // namespace ordeal
