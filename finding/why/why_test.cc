// What is said of a failing execution is so: the cycle is one, what a load could have read it could, the nearest passing one is near.
#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "finding/bugs.h"
#include "finding/event_text.h"
#include "finding/explain.h"
#include "finding/opened.h"
#include "finding/analyse.h"
#include "memory/model/judge.h"
#include "memory/model/trace_to_graph.h"
#include "program/text.h"

namespace ordeal {
namespace {

constexpr const char* kRelaxedPublish =
    "ordeal 1\nallocator slub\nmodel lkmm\nbug user.publish_relaxed\n"
    "geometry page=4K order=0 object=64 exts=late cpus=2 slabs=1\n"
    "op 0 cpu 0 alloc a charged\nop 1 cpu 0 write a.1\nop 2 cpu 0 publish a s0 release\n"
    "op 3 cpu 1 consume a s0 acquire\nop 4 cpu 1 read a.1\nop 5 cpu 1 free a\n"
    "decision 4.1 read init\n";
constexpr const char* kReaderOrder =
    "ordeal 1\nallocator slub\nmodel lkmm\nbug slub.exts_reader_order\n"
    "geometry page=4K order=0 object=256 exts=late cpus=2 slabs=1\n"
    "op 0 cpu 0 alloc a\nop 1 cpu 0 alloc b\nop 2 cpu 0 publish b s0 release\nop 3 cpu 0 free a\nop 4 cpu 0 alloc c charged\n"
    "op 5 cpu 1 consume b s0 acquire\nop 6 cpu 1 free b\n"
    "decision 4.0 switch cpu 1\ndecision 6.2 switch cpu 0\n";

Finding Explained(const char* text) {
  absl::StatusOr<Opened> o = Open(*Parse(text, "test"));
  EXPECT_TRUE(o.ok() && o->finding);
  o->investigator->Conclude(&*o->finding);
  Explained(*o->investigator, *o->machine, &*o->finding);
  EXPECT_TRUE(PlantBugs({}).ok());
  return *std::move(o->finding);
}

std::string Keys(const Finding& f, const std::vector<u32>& events) {
  std::string text;
  for (const u32 e : events) text += KeyName(f.trace.events[e].key) + " ";
  return text;
}

TEST(Cycle, IsThatOfMessagePassing) {
  const Finding f = Explained(kRelaxedPublish);
  EXPECT_EQ(Keys(f, f.cycle), "1.1 2.1 3.1 4.1 ");
}

TEST(Cycle, IsThereOnlyWithoutAnInterleaving) {
  for (const char* text : {kRelaxedPublish, kReaderOrder}) {
    const Finding f = Explained(text);
    EXPECT_EQ(f.cycle.empty(), model::IsSequentiallyConsistent(model::TraceToGraph(f.trace).graph)) << Explain(f, "test");
  }
}

// No more than two accesses of a CPU in a row, and the first of them comes first.
TEST(Cycle, GoesForwardWithinEachCpu) {
  const Finding f = Explained(kRelaxedPublish);
  for (size_t i = 0; i < f.cycle.size(); ++i) {
    const auto& a = f.trace.events[f.cycle[i]];
    const auto& b = f.trace.events[f.cycle[(i + 1) % f.cycle.size()]];
    if (a.cpu == b.cpu) EXPECT_LT(f.cycle[i], f.cycle[(i + 1) % f.cycle.size()]);
  }
}

TEST(Choices, WhatWasReadIsAllowedAndOnlyOneWas) {
  for (const char* text : {kRelaxedPublish, kReaderOrder}) {
    const Finding f = Explained(text);
    ASSERT_FALSE(f.choices.empty());
    std::map<u32, int> taken;
    for (const Choice& c : f.choices) {
      taken[c.load] += c.taken;
      if (c.taken) EXPECT_TRUE(c.allowed) << KeyName(f.trace.events[c.load].key);
      EXPECT_EQ(c.allowed, c.axiom.empty());
    }
    for (const auto& [load, n] : taken) EXPECT_EQ(n, 1) << KeyName(f.trace.events[load].key);
  }
}

// With the release in place the same load has no choice, and the axiom says why.
TEST(Choices, AReleaseForbidsTheOldStore) {
  const Finding broken = Explained(kRelaxedPublish);
  const auto old = std::ranges::find_if(
      broken.choices, [&](const Choice& c) { return KeyName(broken.trace.events[c.load].key) == "4.1" && c.store == model::kNoEvent; });
  ASSERT_NE(old, broken.choices.end());
  EXPECT_TRUE(old->taken && old->allowed);

  Finding mended = broken;  // the same execution, but for one order
  for (model::TraceEvent& e : mended.trace.events)
    if (KeyName(e.key) == "2.1") e.order = Order::kRelease;
  EXPECT_FALSE(model::Judge(model::TraceToGraph(mended.trace).graph, false).allowed());
}

TEST(Nearest, DiffersInTheStaleRead) {
  const Finding f = Explained(kRelaxedPublish);
  ASSERT_FALSE(f.nearest.empty());
  EXPECT_EQ(KeyName(f.nearest[0].at), "4.1");
  EXPECT_EQ(f.nearest[0].here, "reads the initial value");
  EXPECT_EQ(f.nearest[0].there, "reads 1.1");
}

}  // namespace
}  // namespace ordeal
