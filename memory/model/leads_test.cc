// What exact mode finds the engine that runs on views can be led along; and what it records on the way replays it.
#include "memory/model/leads.h"

#include <map>

#include <gtest/gtest.h>

#include "memory/model/classic_shapes.h"
#include "memory/model/engine_testing.h"

namespace ordeal::model {
namespace {

// Whom does each load read from? By keys, which are the same in both modes.
using Sources = std::map<AccessKey, AccessKey>;

Sources SourcesOf(const Execution& x) {
  Sources s;
  for (int e = 0; e < x.graph.size(); ++e) {
    const GraphEvent& event = x.graph.events[e];
    if (event.kind != GraphEvent::Kind::kRead || event.thread == kInitialThread) continue;
    s[x.events[e].key] = x.graph.events[event.rf].thread == kInitialThread ? kInitialValue : x.events[event.rf].key;
  }
  return s;
}

Sources SourcesOf(const Trace& t) {
  Sources s;
  for (const TraceEvent& e : t.events)
    if (e.type == EventType::kLoad || e.type == EventType::kRmw || e.type == EventType::kRmwFailed || e.type == EventType::kLock)
      s[e.key] = e.rf[0] == kNoEvent ? kInitialValue : t.events[e.rf[0]].key;
  return s;
}

// An RMW that reads what is stored later: the views cannot follow.
bool BuffersAnRmw(const Execution& x) {
  return std::ranges::any_of(x.graph.events, [&](const GraphEvent& e) {
    return e.kind == GraphEvent::Kind::kRead && e.thread != kInitialThread && e.rmw && e.rf > static_cast<int>(&e - x.graph.events.data());
  });
}

class LedShape : public testing::TestWithParam<Shape> {};

// Replayed from what it recorded, and led along what it was.
void ExpectReplays(ShapeRunner& runner, const RunResult& led) {
  const Decisions decisions = RecordedDecisions();
  RunOptions o;
  o.record = true;
  o.replay = &decisions;
  RunResult again;
  runner.Run(o, &again);
  EXPECT_EQ(again.hash, led.hash);
  EXPECT_EQ(again.unmet, 0u);
  const Leads recorded = LeadsOf(RecordedTrace());
  o.replay = nullptr;
  o.leads = &recorded;
  runner.Run(o, &again);
  EXPECT_EQ(again.hash, led.hash);
}

TEST_P(LedShape, EveryExecutionIsFollowedAndReplayed) {
  ShapeRunner runner(GetParam());
  struct Wanted {
    std::vector<Leads> ways;
    Sources sources;
  };
  std::vector<Wanted> all;
  ExactResult result;
  runner.Explore({}, &result, [&](const Execution& x) {
    if (BuffersAnRmw(x)) return;
    all.push_back({{}, SourcesOf(x)});
    for (const InOrder order : {InOrder::kAsInterleaved, InOrder::kAsBuilt, InOrder::kRmwsInTime}) all.back().ways.push_back(LeadsOf(x, order));
  });
  for (const Wanted& w : all) {
    bool followed = false;
    for (const Leads& leads : w.ways) {
      if (followed || leads.empty()) continue;
      RunOptions o;
      o.leads = &leads;
      o.record = true;
      RunResult led;
      runner.Run(o, &led);
      followed = SourcesOf(RecordedTrace()) == w.sources;
      if (followed) ExpectReplays(runner, led);
    }
    EXPECT_TRUE(followed) << GetParam().code;
  }
}
INSTANTIATE_TEST_SUITE_P(All, LedShape, testing::ValuesIn(ClassicShapes()), [](const auto& i) {
  std::string name = i.param.name;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
});

// Where an interleaving explains the execution no load is stale and no store goes back in time.
TEST(Leads, AnInterleavingNeedsSwitchesAlone) {
  ShapeRunner runner({"sb", "x=1;r0=y|y=1;r0=x", "0:r0=0 1:r0=0", Allowed::kSometimes});
  std::vector<Leads> interleaved;
  size_t not_interleaved = 0;
  ExactResult result;
  runner.Explore({}, &result, [&](const Execution& x) {
    const Leads leads = LeadsOf(x, InOrder::kAsInterleaved);
    EXPECT_EQ(leads.empty(), !IsSequentiallyConsistent(x.graph));
    leads.empty() ? void(++not_interleaved) : interleaved.push_back(leads);
  });
  EXPECT_EQ(not_interleaved, 1u);
  EXPECT_EQ(interleaved.size(), 3u);
  for (const Leads& leads : interleaved) {
    RunOptions o;
    o.rung = Rung::kSc;
    o.leads = &leads;
    o.record = true;
    RunResult r;
    runner.Run(o, &r);
    for (const Decision& d : RecordedDecisions()) EXPECT_EQ(d.kind, DecisionKind::kSwitch);
  }
}

// Another program, which lacks one of the accesses: the others are made in the same order.
TEST(Leads, WhatIsNotThereAnyMoreIsPassedOver) {
  const Threads whole{{[] {
                         At(4096)->write_once(1, kOnce);
                         At(4160)->write_once(1, kOnce);
                         At(4224)->write_once(1, kOnce);
                       },
                       [] {
                         (void)At(4224)->read_once(kOnce);
                         (void)At(4096)->read_once(kOnce);
                       }}};
  const Threads part{{[] {
                        At(4096)->write_once(1, kOnce);
                        At(4224)->write_once(1, kOnce);
                      },
                      whole.body[1]}};
  const auto order = [] {
    std::vector<std::pair<u8, u32>> all;
    for (const TraceEvent& e : RecordedTrace().events)
      if (e.addr != 4160) all.emplace_back(e.cpu, e.addr);
    return all;
  };
  for (u64 seed = 1; seed < 200; ++seed) {
    RunOptions o;
    o.rung = Rung::kSc;
    o.seed = seed;
    o.record = true;
    whole.Run(o);
    const auto wanted = order();
    Leads leads = LeadsOf(RecordedTrace());
    for (Lead& l : leads)
      if (l.cpu == 0 && l.key.k == 2) l.key.k = 99;      // the access that will not come ...
      else if (l.cpu == 0 && l.key.k == 3) l.key.k = 2;  // ... and the one that takes its number
    o.leads = &leads;
    part.Run(o);
    EXPECT_EQ(order(), wanted) << seed;
  }
}

}  // namespace
}  // namespace ordeal::model
