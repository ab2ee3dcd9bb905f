#include "stress/mixes/mix.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "stress/crew/escape.h"
#include "stress/mixes/planted_heap_testing.h"

namespace ordeal::stress {
namespace {

// Bounded by rounds: the time is there for a machine on which something hangs.
MixOptions Options(MallocFamily family, u64 rounds = 400) {
  InstallEscape();
  MixOptions o;
  o.seconds = 20;
  o.rounds = rounds;
  o.family = family;
  return o;
}

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const MixInfo& m : Mixes()) names.emplace_back(m.name);
  return names;
}

TEST(Mix, NothingIsWrongWithTheMallocOfThisProcess) {
  for (const std::string& name : Names()) {
    for (const int threads : {1, 2, 3}) {
      MixOptions o = Options(ProcessMalloc());
      o.threads = threads;
      const absl::StatusOr<MixResult> r = RunMix(name, o);
      ASSERT_TRUE(r.ok()) << r.status();
      EXPECT_EQ(r->outcome, "") << name << " " << threads << "\n" << r->text;
      EXPECT_GT(r->frees, 0u) << name;
    }
  }
}

TEST(Mix, ARightHeapIsSilentToo) {
  for (const std::string& name : Names()) {
    PlantedHeap heap(Fault::kNone);
    const absl::StatusOr<MixResult> r = RunMix(name, Options(heap.family()));
    ASSERT_TRUE(r.ok()) << r.status();
    EXPECT_EQ(r->outcome, "") << name << "\n" << r->text;
    // Whatever was allocated has been freed, by whomever.
    EXPECT_EQ(r->allocations - r->refused, r->frees) << name;
  }
}

struct Planted {
  Fault fault;
  std::vector<std::string> outcomes;  // one of them
  std::vector<std::string> mixes;     // those that can show it
};

TEST(Mix, EveryPlantedFaultIsFound) {
  const std::vector<std::string> all = Names(), mstress = {"mstress", "mstress_full"};
  const Planted planted[] = {
      // Less than eight bytes do not tell whose they are.
      {Fault::kTwice, {"overlap", "stale-contents"}, all},
      {Fault::kInside, {"overlap", "stale-contents"}, {"producer_consumer", "xmalloc", "larson"}},
      {Fault::kTooSmall, {"overlap"}, all},
      {Fault::kWild, {"wild-access"}, all},
      {Fault::kMisaligned, {"misaligned"}, mstress},
      {Fault::kDirtyCalloc, {"stale-contents"}, mstress},
      {Fault::kShortRealloc, {"stale-contents"}, mstress},
  };
  for (const Planted& p : planted) {
    for (const std::string& name : p.mixes) {
      PlantedHeap heap(p.fault);
      const absl::StatusOr<MixResult> r = RunMix(name, Options(heap.family(), 4000));
      ASSERT_TRUE(r.ok()) << r.status();
      EXPECT_THAT(p.outcomes, testing::Contains(r->outcome)) << name << " fault " << static_cast<int>(p.fault) << "\n" << r->text;
      EXPECT_NE(r->text, "");
    }
  }
}

// Else an allocator with that flaw could hide all its others.
TEST(Mix, AMisalignedBlockDoesNotEndTheMix) {
  PlantedHeap heap(Fault::kMisaligned);
  const absl::StatusOr<MixResult> r = RunMix("mstress", Options(heap.family(), 300));
  ASSERT_TRUE(r.ok()) << r.status();
  EXPECT_EQ(r->outcome, "misaligned");
  EXPECT_GE(r->meters.rounds, 140u) << r->text;
}

TEST(Mix, RemoteIsWhatAnotherThreadAllocated) {
  PlantedHeap heap(Fault::kNone);
  MixOptions two = Options(heap.family()), one = two;
  one.threads = 1;
  for (const char* name : {"producer_consumer", "xmalloc"}) {
    const absl::StatusOr<MixResult> r = RunMix(name, two);
    ASSERT_TRUE(r.ok()) << r.status();
    // But for what its own thread takes back when time is over; what is left is freed by one more.
    EXPECT_GT(r->meters.remote_frees, r->frees - 4) << name;
  }
  for (const char* name : {"producer_consumer", "mstress"}) {
    const absl::StatusOr<MixResult> r = RunMix(name, one);
    ASSERT_TRUE(r.ok()) << r.status();
    // Of a thread alone, only what is left at the end is.
    EXPECT_LT(r->meters.remote_frees, 300u) << name;
    EXPECT_EQ(r->meters.overlapped, 0u) << name;
  }
}

TEST(Mix, ThreadsEndAndOthersFreeTheirBlocks) {
  PlantedHeap heap(Fault::kNone);
  MixOptions one = Options(heap.family(), 4000);
  one.threads = 1;
  const absl::StatusOr<MixResult> r = RunMix("larson", one);
  ASSERT_TRUE(r.ok()) << r.status();
  EXPECT_GT(r->meters.remote_frees, 2000u);  // from one thread of a place to the next
}

TEST(Mix, ARoundIsOpsOfEveryThread) {
  PlantedHeap heap(Fault::kNone);
  const absl::StatusOr<MixResult> r = RunMix("larson", Options(heap.family(), 500));
  ASSERT_TRUE(r.ok()) << r.status();
  EXPECT_GE(r->meters.ops, r->meters.rounds * 2 * kOpsOfARound);
  EXPECT_LE(r->meters.rounds, 500u);
  EXPECT_LE(r->meters.overlapped, r->meters.rounds);
}

TEST(Mix, WhatCannotBeRunIsSaid) {
  MixOptions o = Options(ProcessMalloc());
  EXPECT_EQ(RunMix("larsen", o).status().message(), "no mix 'larsen' (did you mean \"larson\"?)");
  o.pin = [](int) { return absl::FailedPreconditionError("no such processor"); };
  EXPECT_EQ(RunMix("larson", o).status().message(), "no such processor");
  EXPECT_EQ(RunMixesApart("larson", {o}).status().message(), "no such processor");
  o.pin = nullptr;
  o.threads = 0;
  EXPECT_EQ(RunMix("larson", o).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(Mix, AnAllocatorThatRefusesEverythingIsNoSuccess) {
  MallocFamily family = ProcessMalloc();
  family.allocate = [](size_t) -> void* { return nullptr; };
  EXPECT_EQ(RunMix("xmalloc", Options(family)).status().code(), absl::StatusCode::kResourceExhausted);
}

TEST(MixApart, WhatEndsTheProcessIsAFindingAndItsRoundsAreKept) {
  const std::pair<Fault, std::string> planted[] = {{Fault::kAbort, "abort"},
                                                   {Fault::kFaultInside, "wild-access"},
                                                   {Fault::kTwice, "overlap"},
                                                   {Fault::kNeverBack, "deadlock"},
                                                   {Fault::kNone, ""}};
  for (const auto& [fault, outcome] : planted) {
    PlantedHeap heap(fault);
    MixOptions o = Options(heap.family(), 4000);
    o.stuck_seconds = fault == Fault::kNeverBack ? 0.5 : 60;
    const auto r = RunMixesApart("xmalloc", {o, o});
    ASSERT_TRUE(r.ok()) << r.status();
    ASSERT_EQ(r->size(), 2u);
    for (const MixResult& one : *r) {
      EXPECT_TRUE(one.outcome == outcome || (fault == Fault::kTwice && one.outcome == "stale-contents")) << one.outcome << "\n" << one.text;
      EXPECT_GT(one.meters.ops, PlantedHeap::kEvery);
    }
  }
}

}  // namespace
}  // namespace ordeal::stress
