// Is everything run that was asked for, and known what it can show here? And what does the engine say to a hit?
#include "stress/scenario/scenario.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "corpus/embedded.h"
#include "finding/bugs.h"
#include "program/text.h"
#include "stress/crew/escape.h"
#include "stress/mixes/mix.h"
#include "stress/scenario/engine_answer.h"
#include "stress/scenario/slice.h"

namespace ordeal::stress {
namespace {

std::vector<std::string> Names(const std::vector<Scenario>& scenarios) {
  std::vector<std::string> names;
  for (const Scenario& s : scenarios) names.push_back(s.name);
  return names;
}

const Scenario& Named(const std::vector<Scenario>& all, const std::string& name) {
  const auto at = std::ranges::find(all, name, &Scenario::name);
  EXPECT_NE(at, all.end()) << name;
  return *at;
}

TEST(Scenarios, AreTheCorpusAndWhatIsDrawnAndMixes) {
  const std::vector<Scenario> all = *ChooseScenarios({});
  EXPECT_EQ(all.size(), EmbeddedCorpus().size() + 2 + Mixes().size());
  EXPECT_TRUE(std::ranges::is_sorted(Names(all)));
  for (const Scenario& s : all) {
    EXPECT_EQ(s.planted, s.kind == ScenarioKind::kCorpus) << s.name;
    EXPECT_EQ(s.kind != ScenarioKind::kCorpus, s.wanted().empty() && s.reproducer.program.ops.empty()) << s.name;
  }
}

TEST(Scenarios, ABugLeavesItsReproducersAndIsPlantedInWhatIsDrawn) {
  const std::vector<Scenario> some = *ChooseScenarios({.bugs = {"acct.stride_u16"}});
  EXPECT_EQ(Names(some), (std::vector<std::string>{"corpus/acct.stride_u16", "drawn/locked", "drawn/slub"}));
  for (const Scenario& s : some) EXPECT_EQ(s.reproducer.bugs, std::vector<std::string>{"acct.stride_u16"});
}

TEST(Scenarios, ArmsHaveMorePlanted) {
  const std::vector<Scenario> some =
      *ChooseScenarios({.patterns = {"corpus"}, .bugs = {"user.double_free"}, .arm = {"user.publish_release=before:mb"}});
  EXPECT_EQ(Names(some), (std::vector<std::string>{"corpus/user.double_free", "corpus/user.double_free+arm"}));
  EXPECT_EQ(some[1].reproducer.bugs, (std::vector<std::string>{"user.double_free", "user.publish_release=before:mb"}));
  EXPECT_EQ(some[1].wanted(), some[0].wanted());
  EXPECT_EQ(some[1].model_allows(), "");
}

TEST(Scenarios, PatternsAreNamesOrTheirBeginnings) {
  EXPECT_EQ(Names(*ChooseScenarios({.patterns = {"2*drawn/slub", "user.double"}})),
            (std::vector<std::string>{"drawn/slub", "drawn/slub", "corpus/user.double_free"}));
  for (const char* bad : {"drawn/slob", "0*drawn", "x*drawn", "1000*drawn"}) EXPECT_FALSE(ChooseScenarios({.patterns = {bad}}).ok()) << bad;
  EXPECT_FALSE(ChooseScenarios({.bugs = {"nothing"}}).ok());
  EXPECT_FALSE(ChooseScenarios({.allocator = "slob"}).ok());
}

// The strongest rung of the corpus's verdict says which machines can show it: what needs no weak memory, all.
TEST(Scenarios, WhatThisMachineCanShow) {
  const std::vector<Scenario> all = *ChooseScenarios({});
  EXPECT_EQ(Named(all, "corpus/acct.stride_u16").model_allows(), "sequential");
  EXPECT_EQ(Named(all, "corpus/slub.exts_reader_order").model_allows(), "SC");
  EXPECT_EQ(Named(all, "corpus/user.publish_relaxed").model_allows(), "ARMv8+POWER");
  EXPECT_TRUE(MachineCanShow(Named(all, "corpus/acct.stride_u16")));
  EXPECT_TRUE(MachineCanShow(Named(all, "corpus/slub.exts_reader_order")));
  EXPECT_EQ(MachineCanShow(Named(all, "corpus/user.publish_relaxed")), std::string(RungOfThisMachine()) != "TSO");
  EXPECT_FALSE(MachineCanShow(Named(all, "corpus/bandaid.mb_hides_publish"))) << "nothing goes wrong there";
  EXPECT_NE(Named(all, "corpus/slub.tid_missing").not_run, "");
}

// On the corpus's own programs the engine finds what the corpus says.
TEST(EngineAnswer, NamesTheRungAndGivesAWitness) {
  const std::vector<Scenario> all = *ChooseScenarios({});
  for (const char* name : {"corpus/acct.stride_u16", "corpus/acct.cas_bail_credit", "corpus/user.publish_relaxed"}) {
    const Scenario& s = Named(all, name);
    Reproducer r = s.reproducer;
    r.decisions.clear();
    const absl::StatusOr<EngineAnswer> a = AskEngine(r, s.wanted());
    ASSERT_TRUE(a.ok()) << a.status();
    EXPECT_FALSE(a->rung.empty()) << name << a->text;
    EXPECT_NE(s.model_allows().find(a->rung), std::string::npos) << name << ": " << a->rung;
    ASSERT_TRUE(a->witness.has_value()) << name;
    EXPECT_EQ(ViolationOf(a->witness->verdict), a->witness->verdict.effect->violation);
    EXPECT_EQ(ViolationName(a->witness->verdict.effect->violation), s.wanted()) << name;
  }
}

TEST(EngineAnswer, SaysThatNoRungExplainsIt) {
  Reproducer r = Named(*ChooseScenarios({}), "corpus/user.double_free").reproducer;
  r.bugs.clear();
  r.decisions.clear();
  const absl::StatusOr<EngineAnswer> a = AskEngine(r, "double-free", {.executions = 1000, .searched = 1000});
  ASSERT_TRUE(a.ok());
  EXPECT_EQ(a->rung, "");
  EXPECT_FALSE(a->witness.has_value());
  EXPECT_NE(a->text.find("no rung explains it"), std::string::npos);
  EXPECT_FALSE(AskEngine(r, "bad-luck").ok());
}

TEST(Slice, KeepsOneHitOfAKindWithItsProgram) {
  InstallEscape();
  const std::vector<Scenario> all = *ChooseScenarios({.bugs = {"user.double_free"}});
  SliceOptions o;
  o.seconds = 1e9;
  o.rounds = 1000;
  for (const char* name : {"corpus/user.double_free", "drawn/slub"}) {
    const absl::StatusOr<SliceResult> r = RunSlice(Named(all, name), o);
    ASSERT_TRUE(r.ok()) << r.status();
    EXPECT_GE(r->result.meters.rounds, 1000u);
    ASSERT_FALSE(r->hits.empty()) << name;
    EXPECT_EQ(r->hits[0].reproducer.bugs, std::vector<std::string>{"user.double_free"});
    EXPECT_FALSE(r->hits[0].reproducer.program.ops.empty());
    EXPECT_NE(r->hits[0].seen.find(r->hits[0].outcome), std::string::npos);
    u64 rounds = 0;
    for (const auto& [outcome, n] : r->result.outcomes) rounds += n;
    EXPECT_EQ(rounds, r->result.meters.rounds);
  }
}

TEST(Slice, CrewsRunSideBySide) {
  InstallEscape();
  SliceOptions o;
  o.seconds = 1e9;
  o.rounds = 3000;
  o.crews = 3;
  std::atomic<int> pinned[3][2] = {};
  o.pin = [&](int crew, int thread) { return ++pinned[crew][thread], absl::OkStatus(); };
  const absl::StatusOr<CrewResult> r = RunCanary("SB", o);
  ASSERT_TRUE(r.ok()) << r.status();
  EXPECT_GE(r->meters.rounds, 3000u);
  for (const auto& crew : pinned)
    for (const std::atomic<int>& thread : crew) EXPECT_EQ(thread, 1);
  EXPECT_FALSE(RunCanary("IRIW", o).ok());
  o.pin = [](int crew, int) { return crew == 2 ? absl::FailedPreconditionError("no seat") : absl::OkStatus(); };
  EXPECT_EQ(RunCanary("SB", o).status().message(), "no seat");
}

}  // namespace
}  // namespace ordeal::stress
