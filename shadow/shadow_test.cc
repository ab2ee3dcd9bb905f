// The shadow as its users see it: engine events, effects, reuse, and no allocation once warm.
#include "shadow/shadow.h"

#include <cstdlib>
#include <new>

#include "gtest/gtest.h"
#include "shadow/events_testing.h"

namespace {
size_t g_allocations = 0;
}  // namespace

void* operator new(size_t bytes) {
  ++g_allocations;
  if (void* p = std::malloc(bytes)) return p;
  throw std::bad_alloc();
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, size_t) noexcept { std::free(p); }

namespace ordeal {
namespace {

TEST(Engine, ItsEventsAreReports) {
  EXPECT_EQ(Verdict("0 race 3 4"), "data-race: op 3 and op 4 at 0x0 (0 bytes)");
  EXPECT_EQ(Verdict("0 deadlock"), "deadlock: every CPU waits for a lock");
  EXPECT_EQ(Verdict("0 livelock"), "livelock: the step budget ended");
  EXPECT_EQ(Verdict("1 wild @dead0"), "wild-access: op 0 on cpu 1 reaches for 0xdead0");
}

TEST(Engine, RaceKeepsBothSites) {
  ShadowEvent e{EventKind::kRace};
  e.a = 3;
  e.b = 4;
  e.value = 17 << 16 | 18;
  Shadow shadow;
  shadow.Begin(Geometry());
  EXPECT_FALSE(shadow.On(e));
  EXPECT_EQ(shadow.first()->site, 17);
  EXPECT_EQ(shadow.first()->other_site, 18);
}

TEST(On, SaysWhetherTheEventShowedAnEffect) {
  Shadow shadow;
  shadow.Begin(Geometry());
  const auto events = EventReader::Read("0 alloc 1 @100 64\n0 race 1 2\n0 enter 1\n1 enter 1\n0 freed 1");
  std::vector<bool> effect;
  for (const ShadowEvent& e : events) effect.push_back(shadow.On(e));
  EXPECT_EQ(effect, (std::vector<bool>{false, false, false, true, false}));
  EXPECT_EQ(shadow.first()->violation, Violation::kRace);
  EXPECT_EQ(shadow.first_effect()->violation, Violation::kDoubleFree);
}

TEST(On, BrokenContractIsNoEffect) {
  Shadow shadow;
  shadow.Begin(Geometry());
  bool effect = false;
  for (const ShadowEvent& e : EventReader::Read("0 alloc 1 @100 64\n0 publish 1 m1 once\n1 consume 1 m1 acquire\n1 free 1")) effect |= shadow.On(e);
  EXPECT_FALSE(effect);
  EXPECT_EQ(shadow.first()->violation, Violation::kContract);
  EXPECT_EQ(shadow.first_effect(), nullptr);
}

TEST(Begin, ForgetsTheLastExecution) {
  Shadow shadow;
  const auto events = EventReader::Read(
      "0 slab @0 64 x4\n0 alloc 1 @0 24\n0 write 1.0 =5\n0 ext 1 @900 in @0\n0 charge 1 @900 64\n0 publish 1 m1 release\n1 alloc 2 @40 24");
  for (int i = 0; i < 3; ++i) {
    shadow.Begin(Geometry());
    for (const ShadowEvent& e : events) EXPECT_FALSE(shadow.On(e));
    EXPECT_TRUE(shadow.reports().empty());
  }
  // Message 1 of the last execution orders nothing in this one, and its slab is gone.
  shadow.Begin(Geometry());
  for (const ShadowEvent& e : EventReader::Read("0 alloc 1 @0 64\n0 read 1.0 =7\n0 ext 1 @40 in @0\n1 consume 1 m1 acquire\n1 enter 1")) shadow.On(e);
  ASSERT_EQ(shadow.reports().size(), 1u);
  EXPECT_EQ(shadow.first()->detail, Detail::kNoHandOver);
  shadow.Finish(true);
  EXPECT_EQ(shadow.reports().size(), 1u);
}

TEST(Begin, FormatEventsCountInEveryExecution) {
  Shadow shadow;
  const auto format = EventReader::Read("0 slab @0 64 x2");
  for (int i = 0; i < 2; ++i) {
    shadow.Begin(Geometry(), format);
    shadow.Finish(true);
    EXPECT_EQ(shadow.reports().size(), 3u) << "two objects and the slab";
  }
}

TEST(Reports, AreBounded) {
  Shadow shadow;
  shadow.Begin(Geometry());
  for (int i = 0; i < 1000; ++i) shadow.On({EventKind::kLivelock});
  EXPECT_EQ(shadow.reports().size(), Reports::kMax);
}

TEST(Shadow, AllocatesNothingOnceWarm) {
  std::string lines = "0 slab @0 64 x16\n";
  for (int i = 1; i <= 200; ++i) {
    const std::string n = std::to_string(i), m = " m" + n;
    lines += "0 alloc " + n + " @0 24\n0 ext " + n + " @900 in @0\n0 charge " + n + " @900 64\n0 write " + n + ".0 =5\n0 publish " + n + m +
             " once\n1 consume " + n + m + " acquire\n1 read " + n + ".0 =6\n1 enter " + n + "\n1 uncharge " + n + " @900 64\n1 freed " + n + "\n";
  }
  const auto events = EventReader::Read(lines);
  Shadow shadow;
  const auto run = [&] {
    shadow.Begin(Geometry());
    for (const ShadowEvent& e : events) shadow.On(e);
    shadow.Finish(true);
  };
  const size_t at_start = g_allocations;
  run();
  EXPECT_EQ(shadow.reports().size(), Reports::kMax);
  const size_t warm = g_allocations;
  for (int i = 0; i < 10; ++i) run();
  EXPECT_EQ(g_allocations, warm);
  EXPECT_EQ(warm, at_start) << "a program of kMaxOps ops fits from the start";
}

}  // namespace
}  // namespace ordeal
