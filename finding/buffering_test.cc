// Damage that only load buffering shows is found in search, is a file that replays, and gets its verdict.
#include "memory/model/buffering.h"

#include <gtest/gtest.h>

#include "finding/bugs.h"
#include "finding/explain.h"
#include "finding/investigate.h"
#include "finding/replay.h"
#include "program/text.h"

namespace ordeal {
namespace {

constexpr Budget kAmple = {.rung = {.executions = 3000, .samples = 4000}, .enforced = {.executions = 20000, .samples = 4000}};

// A put that releases nothing: the read before it returns what the allocator, or the next owner, stores after the free.
constexpr const char* kPutWithoutRelease =
    "ordeal 1\nbug user.put_release_missing\ngeometry page=4K order=0 object=64 exts=none cpus=2 slabs=1\n"
    "op 0 cpu 0 alloc a counted\nop 1 cpu 0 write a.0\nop 2 cpu 0 share a s0 release\nop 3 cpu 0 read a.0\nop 4 cpu 0 put a refcount\n"
    "op 5 cpu 1 consume a s0 acquire\nop 6 cpu 1 put a refcount\n";

std::optional<Finding> FoundWithPromises(const Reproducer& r, Investigator& investigator, Machine& machine) {
  machine.Load(r.program);
  for (u64 seed = 0; seed < 500; ++seed) {
    model::RunOptions o;
    o.seed = seed;
    o.record = true;
    machine.Run(o);
    for (const Decisions& with : model::WithPromises(model::RecordedTrace(), model::RecordedDecisions(), seed, 4)) {
      model::RunOptions again;
      again.replay = &with;
      if (!investigator.Suspicious(machine.Run(again))) continue;
      if (std::optional<Finding> f = investigator.Look(r, again)) return f;
    }
  }
  return std::nullopt;
}

TEST(LoadBuffering, IsFoundFromRecordedExecutionsAndReplays) {
  const Reproducer r = *Parse(kPutWithoutRelease, "put");
  ASSERT_TRUE(PlantBugs(r.bugs).ok());
  auto machine = *MakeMachine("slub");
  Investigator investigator(*machine, model::Rung::kLkmm, ReportWhat::kDamage, kAmple);
  std::optional<Finding> f = FoundWithPromises(r, investigator, *machine);
  ASSERT_TRUE(f.has_value());
  EXPECT_TRUE(model::BuffersLoads(f->trace));
  const auto allows = [&](model::Rung rung) { return f->verdict.machines[static_cast<int>(rung)]; };
  EXPECT_TRUE(allows(model::Rung::kArmv8) && allows(model::Rung::kPower));
  EXPECT_FALSE(allows(model::Rung::kSc) || allows(model::Rung::kTso));
  investigator.Conclude(&*f);
  EXPECT_EQ(f->verdict.headline, "ordering/ARMv8+POWER") << Explain(*f, "x");
  EXPECT_EQ(f->verdict.owner, Owner::kUser) << Explain(*f, "x");
  EXPECT_TRUE(f->verdict.contract.has_value());
  EXPECT_TRUE(MeetsCatalogue(f->verdict, "contract/latent", "user"));
  const auto read = Parse(Format(f->reproducer), "witness");
  ASSERT_TRUE(read.ok()) << read.status();
  const auto again = Replay(*read, 20, kAmple);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->same, 20);
  EXPECT_TRUE(again->met);
  // What a search left out is no evidence: the execution in hand counts, and nobody is blamed.
  Investigator hasty(*machine, model::Rung::kLkmm, ReportWhat::kDamage, {.rung = {.executions = 100}, .enforced = {.executions = 100}});
  Finding unsure = *f;
  hasty.Conclude(&unsure);
  ASSERT_EQ(unsure.verdict.On(model::Rung::kPower)->proof, Proof::kAllButBuffering) << "the budget is not as meant";
  EXPECT_EQ(unsure.verdict.headline, "ordering/ARMv8+POWER");
  ASSERT_EQ(unsure.verdict.enforced.proof, Proof::kAllButBuffering);
  EXPECT_EQ(unsure.verdict.owner, Owner::kUnclear);
  // With the release in place the axioms forbid every such execution.
  ASSERT_TRUE(PlantBugs({}).ok());
  EXPECT_FALSE(FoundWithPromises(r, investigator, *machine).has_value());
}

}  // namespace
}  // namespace ordeal
