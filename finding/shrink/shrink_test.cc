// A finding becomes small and stays what it is: same violation, headline and owner; nothing more can go; the same bytes again.
#include "finding/shrink/shrink.h"

#include <memory>

#include <gtest/gtest.h>

#include "base/random.h"
#include "finding/bugs.h"
#include "finding/explain.h"
#include "finding/opened.h"
#include "finding/replay.h"
#include "finding/shrink/conclusion.h"
#include "program/generate.h"
#include "program/text.h"
#include "program/validate.h"

namespace ordeal {
namespace {

constexpr Bound kAll = {.executions = 8000, .promises = 0};

struct Case {
  const char* bug;
  size_t most_ops;
};

class Shrinking : public testing::TestWithParam<Case> {
 protected:
  void TearDown() override { (void)PlantBugs({}); }
  // The first finding in random programs.
  std::optional<Finding> Hunt(u64 seed) {
    Reproducer r;
    r.bugs = {GetParam().bug};
    EXPECT_TRUE(PlantBugs(r.bugs).ok());
    Rng rng(seed);
    for (int i = 0; i < 200000; ++i) {
      r.program = Generate(rng, {.max_ops = 20, .max_cpus = 3});
      Focus(r.bugs, r.program);
      machine_->Load(r.program);
      model::RunOptions o;
      o.seed = rng.Next();
      if (!investigator_.Suspicious(machine_->Run(o))) continue;
      if (std::optional<Finding> f = investigator_.Look(r, o)) return f;
    }
    return std::nullopt;
  }

  std::unique_ptr<Machine> machine_ = *MakeMachine("slub");
  Investigator investigator_{*machine_, model::Rung::kLkmm, ReportWhat::kDamage};
};

TEST_P(Shrinking, IsSmallAndStaysWhatItIs) {
  for (u64 seed = 1; seed <= 4; ++seed) {
    const std::optional<Finding> f = Hunt(seed);
    ASSERT_TRUE(f.has_value());
    const Violation violation = f->verdict.effect->violation;
    Finding small = Shrunk(investigator_, *machine_, *f);
    investigator_.Conclude(&small);
    const std::string text = Explain(small, "witness");
    EXPECT_TRUE(small.minimal) << text;
    EXPECT_LE(small.reproducer.program.ops.size(), GetParam().most_ops) << text;
    EXPECT_LE(small.reproducer.program.geometry.cpus, 3) << text;
    EXPECT_EQ(small.verdict.effect->violation, violation) << text;
    // A bug of an interleaving may meet a program whose users leave it none, so that weak memory alone shows it: then that is proved.
    const Count* sc = small.verdict.On(model::Rung::kSc);
    const bool proved = small.verdict.headline.rfind("ordering/", 0) == 0 && sc != nullptr && sc->proof == Proof::kAll && sc->passes();
    const Bug& bug = *FindBug(GetParam().bug);
    const bool interleaving = std::string_view(bug.headline) == "not-ordering/interleaving";
    EXPECT_TRUE(MeetsCatalogue(small.verdict, bug.headline, bug.owner) ||
                (interleaving && proved && bug.owner == std::string_view(OwnerName(small.verdict.owner))))
        << text;
    EXPECT_EQ(BrokenDiscipline(small.reproducer.program), "") << text;

    // It replays, as a file.
    const absl::StatusOr<ReplayResult> replayed = Replay(*Parse(Format(small.reproducer), "witness"), 3);
    ASSERT_TRUE(replayed.ok());
    EXPECT_EQ(replayed->same, 3);
    EXPECT_TRUE(replayed->met) << text;
  }
}

TEST_P(Shrinking, NothingMoreCanGo) {
  Finding small;
  for (u64 seed = 5; seed < 9 && !small.minimal; ++seed) {  // one that says so: a program that is too large to be looked at in full may stay so
    const std::optional<Finding> f = Hunt(seed);
    ASSERT_TRUE(f.has_value());
    small = Shrunk(investigator_, *machine_, *f);
  }
  ASSERT_TRUE(small.minimal);
  Trials trials(*machine_);
  const Violation violation = small.verdict.effect->violation;
  const auto conclusion = ConclusionOf(trials, small.reproducer, model::Rung::kLkmm, kAll, violation);
  ASSERT_TRUE(conclusion.has_value()) << Format(small.reproducer);
  for (size_t i = 0; i < small.reproducer.program.ops.size(); ++i) {
    Reproducer less = small.reproducer;
    less.program.ops.erase(less.program.ops.begin() + static_cast<std::ptrdiff_t>(i));
    const bool misuse = !BrokenDiscipline(less.program).empty();
    EXPECT_TRUE(misuse || ConclusionOf(trials, less, model::Rung::kLkmm, kAll, violation) != conclusion) << "op " << i << " can go:\n"
                                                                                                         << Format(small.reproducer);
  }
  for (size_t i = 0; i < small.reproducer.decisions.size(); ++i) {
    Reproducer less = small.reproducer;
    less.decisions.erase(less.decisions.begin() + static_cast<std::ptrdiff_t>(i));
    const absl::StatusOr<Opened> o = Open(less);
    EXPECT_TRUE(!o->finding || !ShowTheSame(o->finding->verdict, small.verdict)) << "decision " << i << " can go:\n" << Format(small.reproducer);
  }
}

TEST_P(Shrinking, TheWitnessOfAWitnessIsItself) {
  for (u64 seed = 6; seed <= 8; ++seed) {
    const std::optional<Finding> f = Hunt(seed);
    ASSERT_TRUE(f.has_value());
    Finding small = Shrunk(investigator_, *machine_, *f);
    investigator_.Conclude(&small);
    Finding again = Shrunk(investigator_, *machine_, small);
    investigator_.Conclude(&again);
    EXPECT_EQ(Format(again.reproducer), Format(small.reproducer));
  }
}

INSTANTIATE_TEST_SUITE_P(All, Shrinking,
                         testing::Values(Case{"user.publish_relaxed", 8}, Case{"acct.stride_u16", 5}, Case{"slub.exts_reader_order", 9},
                                         Case{"user.double_free", 2}),
                         [](const auto& i) {
                           std::string name = i.param.bug;
                           for (char& c : name)
                             if (c == '.') c = '_';
                           return name;
                         });

}  // namespace
}  // namespace ordeal
