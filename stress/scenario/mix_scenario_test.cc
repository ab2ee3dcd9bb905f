// When are mixes run, and what does a slice of one come to?
#include "stress/scenario/scenario.h"

#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "stress/crew/escape.h"
#include "stress/mixes/mix.h"
#include "stress/scenario/slice.h"

namespace ordeal::stress {
namespace {

size_t MixesOf(const ScenarioChoice& choice, size_t* all) {
  const absl::StatusOr<std::vector<Scenario>> chosen = ChooseScenarios(choice);
  EXPECT_TRUE(chosen.ok()) << chosen.status();
  *all = chosen.ok() ? chosen->size() : 0;
  size_t mixes = 0;
  for (size_t i = 0; i < *all; ++i) {
    EXPECT_EQ((*chosen)[i].kind == ScenarioKind::kMix, absl::StartsWith((*chosen)[i].name, "mix/")) << (*chosen)[i].name;
    mixes += (*chosen)[i].kind == ScenarioKind::kMix;
  }
  return mixes;
}

TEST(Scenarios, MixesAreRunByRealAllocatorsAlone) {
  size_t all = 0;
  EXPECT_EQ(MixesOf({}, &all), Mixes().size());
  EXPECT_GT(all, Mixes().size());
  for (const char* ours : {"slub", "locked"}) EXPECT_EQ(MixesOf({.patterns = {}, .bugs = {}, .arm = {}, .allocator = ours, .files = {}}, &all), 0u);
  for (const char* real : {"malloc", "jemalloc", "tbbmalloc", "./x.so"}) {
    EXPECT_EQ(MixesOf({.patterns = {}, .bugs = {}, .arm = {}, .allocator = real, .files = {}}, &all), Mixes().size());
    EXPECT_EQ(all, Mixes().size());
  }
  EXPECT_EQ(MixesOf({.patterns = {}, .bugs = {"acct.stride_u16"}, .arm = {}, .allocator = "", .files = {}}, &all), 0u)
      << "nothing can be planted in them";
  EXPECT_EQ(MixesOf({.patterns = {"2*larson"}, .bugs = {}, .arm = {}, .allocator = "malloc", .files = {}}, &all), 2u);
}

TEST(Scenarios, NothingIsPlantedInARealAllocator) {
  ScenarioChoice choice;
  choice.allocator = "jemalloc";
  choice.bugs = {"acct.stride_u16"};
  EXPECT_EQ(ChooseScenarios(choice).status().code(), absl::StatusCode::kInvalidArgument);
  choice.bugs.clear();
  choice.files = {"x.ordeal"};
  EXPECT_EQ(ChooseScenarios(choice).status().code(), absl::StatusCode::kInvalidArgument);
  choice = {};
  choice.allocator = "mimaloc";
  EXPECT_EQ(ChooseScenarios(choice).status().message(), "no allocator 'mimaloc' (did you mean \"mimalloc\"?)");
}

Scenario TheMix(const std::string& name) {
  Scenario s;
  s.name = "mix/" + name;
  s.kind = ScenarioKind::kMix;
  return s;
}

TEST(MixSlice, EveryRoundIsCountedOnce) {
  InstallEscape();
  for (const int crews : {1, 3}) {
    SliceOptions o;
    o.seconds = 20;
    o.rounds = 300;
    o.crews = crews;
    const absl::StatusOr<SliceResult> r = RunSlice(TheMix("xmalloc"), o);
    ASSERT_TRUE(r.ok()) << r.status();
    EXPECT_TRUE(r->hits.empty()) << r->hits[0].seen;
    ASSERT_EQ(r->result.outcomes.size(), 1u);
    EXPECT_EQ(r->result.outcomes.at("fine"), r->result.meters.rounds);
    EXPECT_GT(r->result.meters.rounds, 140u);  // one thread of each crew has done all of its own
    EXPECT_LE(r->result.meters.rounds, 300u);
    EXPECT_GT(r->result.meters.remote_frees, 0u);
  }
}

TEST(MixSlice, EachThreadIsPinnedWhereItsCrewWasPlaced) {
  InstallEscape();
  SliceOptions o;
  o.seconds = 20;
  o.rounds = 100;
  o.crews = 2;
  o.pin = [](int crew, int thread) { return crew == 1 && thread == 1 ? absl::FailedPreconditionError("crew 1, thread 1") : absl::OkStatus(); };
  EXPECT_EQ(RunSlice(TheMix("larson"), o).status().message(), "crew 1, thread 1");
  // Threads that are never where they were put.
  o.pin = nullptr;
  o.rounds = 8000;
  o.still_there = [](int, int) { return false; };
  const absl::StatusOr<SliceResult> r = RunSlice(TheMix("producer_consumer"), o);
  ASSERT_TRUE(r.ok()) << r.status();
  EXPECT_GT(r->result.meters.drifted, 1000u);
}

}  // namespace
}  // namespace ordeal::stress
