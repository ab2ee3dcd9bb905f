// Every planted bug gets its headline and owner; nothing planted, nothing found.
#include <gtest/gtest.h>

#include "base/random.h"
#include "finding/bugs.h"
#include "finding/explain.h"
#include "finding/investigate.h"
#include "finding/replay.h"
#include "finding/trials.h"
#include "program/generate.h"
#include "program/text.h"
#include "program/validate.h"

namespace ordeal {
namespace {

constexpr Budget kSmall = {.rung = {.executions = 1000, .samples = 4000}, .enforced = {.executions = 1000, .samples = 4000}};

// A few schedules of one program.
std::optional<Finding> FoundIn(const Reproducer& r, Machine& machine, Investigator& investigator, model::Rung rung) {
  machine.Load(r.program);
  for (u64 s = 0; s < 8; ++s) {
    model::RunOptions o;
    o.rung = rung;
    o.seed = s;
    if (!investigator.Suspicious(machine.Run(o))) continue;
    std::optional<Finding> f = investigator.Look(r, o);
    if (!f) continue;
    investigator.Conclude(&*f);
    return f;
  }
  return std::nullopt;
}

// Programs and schedules until something is found, or the budget ends.
std::optional<Finding> Hunt(const std::vector<std::string>& bugs, model::Rung rung, ReportWhat what, int programs) {
  EXPECT_TRUE(PlantBugs(bugs).ok());
  auto machine = *MakeMachine("slub");
  Investigator investigator(*machine, rung, what, kSmall);
  Reproducer r;
  r.bugs = bugs;
  Rng rng(11);
  for (int i = 0; i < programs; ++i) {
    r.program = Generate(rng, {.max_ops = 16, .max_cpus = 3});
    Focus(bugs, r.program);
    if (std::optional<Finding> f = FoundIn(r, *machine, investigator, rung)) return f;
  }
  return std::nullopt;
}

class PlantedBug : public testing::TestWithParam<const char*> {
 protected:
  void TearDown() override { (void)PlantBugs({}); }
};

TEST_P(PlantedBug, GetsItsHeadlineAndOwner) {
  const Bug* bug = FindBug(GetParam());
  const auto f = Hunt({bug->name}, model::Rung::kLkmm, ReportWhat::kDamage, 60000);
  ASSERT_TRUE(f.has_value());
  EXPECT_TRUE(MeetsCatalogue(f->verdict, bug->headline, bug->owner)) << Explain(*f, "x");

  // The finding is a file: read back, it replays and meets its own expectation.
  const auto read = Parse(Format(f->reproducer), "witness");
  ASSERT_TRUE(read.ok()) << read.status();
  const auto again = Replay(*read, 20, kSmall);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->same, 20);
  EXPECT_EQ(again->unmet, 0u);
  EXPECT_TRUE(again->met);

  // Without its bug the same execution is clean.
  Reproducer twin = *read;
  twin.bugs.clear();
  twin.expect = {};
  EXPECT_FALSE(Replay(twin, 1)->finding.has_value());
}
INSTANTIATE_TEST_SUITE_P(All, PlantedBug, testing::Values("user.publish_relaxed", "acct.stride_u16", "slub.exts_reader_order", "user.double_free"),
                         [](const auto& i) {
                           std::string name = i.param;
                           for (char& c : name)
                             if (c == '.') c = '_';
                           return name;
                         });

TEST(Ordering, ARelaxedPublishDoesNoDamageOnSc) {
  EXPECT_FALSE(Hunt({"user.publish_relaxed"}, model::Rung::kSc, ReportWhat::kDamage, 3000).has_value());
  EXPECT_TRUE(PlantBugs({}).ok());
}

// Without an effect it is a race or a latent breach all the same, and the user's.
TEST(Ordering, ARelaxedPublishIsAFindingEvenOnSc) {
  const auto f = Hunt({"user.publish_relaxed"}, model::Rung::kSc, ReportWhat::kAll, 3000);
  ASSERT_TRUE(f.has_value());
  EXPECT_TRUE(f->verdict.headline == "race" || f->verdict.headline == "contract/latent") << f->verdict.headline;
  EXPECT_EQ(f->verdict.owner, Owner::kUser);
  EXPECT_TRUE(PlantBugs({}).ok());
}

TEST(Controls, AreSilent) {
  for (const Bug& b : Bugs()) {
    if (b.headline[0] != 0) continue;
    const auto f = Hunt({b.name}, model::Rung::kLkmm, ReportWhat::kAll, 1500);
    EXPECT_FALSE(f.has_value()) << b.name << "\n" << Explain(*f, "x");
  }
  EXPECT_TRUE(PlantBugs({}).ok());
}

// Two bugs at once: the stride fails whatever the users do, so the allocator is not let off because a user is broken as well.
TEST(Blame, ABrokenUserDoesNotExcuseTheAllocator) {
  absl::StatusOr<Reproducer> r = Parse(
      "ordeal 1\nbug acct.stride_u16\nbug user.publish_relaxed\ngeometry page=64K order=1 object=65536 exts=in-object cpus=2 slabs=1\n"
      "op 0 cpu 0 alloc a charged\nop 1 cpu 0 publish a s0 release\nop 2 cpu 0 alloc b charged\nop 3 cpu 1 consume a s0 acquire\nop 4 cpu 1 free a\n",
      "two bugs");
  ASSERT_TRUE(r.ok()) << r.status();
  ASSERT_TRUE(PlantBugs(r->bugs).ok());
  auto machine = *MakeMachine("slub");
  Investigator investigator(*machine, model::Rung::kLkmm, ReportWhat::kDamage, kSmall);
  const auto f = FoundIn(*r, *machine, investigator, model::Rung::kLkmm);
  ASSERT_TRUE(f.has_value());
  EXPECT_EQ(f->verdict.headline, "not-ordering/sequential");
  EXPECT_EQ(f->verdict.owner, Owner::kAllocator);
  EXPECT_TRUE(PlantBugs({}).ok());
}

TEST(Bugs, UnknownNamesAreRefusedWithASuggestion) {
  const absl::Status s = PlantBugs({"user.publish_relaxd"});
  ASSERT_FALSE(s.ok());
  EXPECT_NE(std::string(s.message()).find("user.publish_relaxed"), std::string::npos);
}

TEST(Bugs, FocusKeepsProgramsValid) {
  Rng rng(5);
  for (const Bug& b : Bugs()) {
    for (int i = 0; i < 500; ++i) {
      Program p = Generate(rng);
      Focus({b.name}, p);
      ASSERT_TRUE(Validate(p).ok()) << b.name << ": " << Validate(p);
      ASSERT_EQ(BrokenDiscipline(p), "") << b.name;
    }
  }
}

// What users must do at least: orders are made strong enough, and a slot's lock is taken by both sides or by neither.
TEST(EnforcedContract, IsStrongEnoughAndInPairs) {
  const auto enforced = [](const std::string& publish, const std::string& consume) {
    const auto r =
        Parse("ordeal 1\nop 0 cpu 0 alloc a counted\nop 1 cpu 0 share a s0 " + publish + "\nop 2 cpu 1 consume b s0 " + consume + "\n", "t");
    EXPECT_TRUE(r.ok()) << r.status();
    const Program p = EnforceContract(r->program);
    EXPECT_EQ(BrokenDiscipline(p), "") << publish << " " << consume;
    return FormatOp(p.ops[1]) + ", " + FormatOp(p.ops[2]);
  };
  EXPECT_EQ(enforced("locked", "locked"), "op 1 cpu 0 share a s0 locked, op 2 cpu 1 consume b s0 locked");
  EXPECT_EQ(enforced("locked", "xchg"), "op 1 cpu 0 share a s0 release, op 2 cpu 1 consume b s0 xchg");
  EXPECT_EQ(enforced("once", "locked"), "op 1 cpu 0 share a s0 release, op 2 cpu 1 consume b s0 acquire");
  EXPECT_EQ(enforced("once", "plain"), "op 1 cpu 0 share a s0 release, op 2 cpu 1 consume b s0 acquire");
}

TEST(Expectation, EmptyFieldsStateNothing) {
  Verdict v;
  v.headline = "race";
  v.owner = Owner::kUser;
  EXPECT_TRUE(Meets(v, {}));
  EXPECT_TRUE(Meets(v, {"", "race", "user"}));
  EXPECT_FALSE(Meets(v, {"", "race", "allocator"}));
  EXPECT_FALSE(Meets(v, {"", "ordering/LKMM", ""}));
}

// What only weak memory shows is a bug of an interleaving if no interleaving of that program does, and that is known.
TEST(Expectation, AnInterleavingThatTheProgramDoesNotLeave) {
  Verdict v;
  v.headline = "ordering/ARMv8";
  v.owner = Owner::kAllocator;
  Count sc;
  sc.rung = model::Rung::kSc;
  sc.proof = Proof::kSampled;
  v.ladder = {sc};
  EXPECT_FALSE(MeetsCatalogue(v, "not-ordering/interleaving", "allocator"));
  v.ladder[0].proof = Proof::kAll;
  EXPECT_TRUE(MeetsCatalogue(v, "not-ordering/interleaving", "allocator"));
  EXPECT_FALSE(MeetsCatalogue(v, "not-ordering/interleaving", "user"));
  EXPECT_FALSE(MeetsCatalogue(v, "not-ordering/sequential", "allocator"));
  v.headline = "not-ordering/sequential";
  EXPECT_FALSE(MeetsCatalogue(v, "not-ordering/interleaving", "allocator"));
}

}  // namespace
}  // namespace ordeal
