// What does a round come to when all threads are back, or are not?
#include "stress/crew/round_judge.h"

#include <gtest/gtest.h>

#include "stress/crew/escape.h"

namespace ordeal::stress {
namespace {

constexpr u64 kOrigin = 0x10000;  // the allocator's region begins at kOrigin + kOffsetOfRegion

class JudgeTest : public testing::Test {
 protected:
  JudgeTest() : judge_(program_, Watch::kFull) {
    program_.geometry = {4096, 0, 2048, Exts::kNone, 1, 1};
    slab_.kind = EventKind::kSlabNew;
    slab_.offset = kOffsetOfRegion;
    slab_.bytes = 2048;
    slab_.value = 2;
  }
  // One CPU takes the first of the slab's two objects, and gives it back.
  std::vector<Log> TakenAndGivenBack(u32 room = 8) {
    std::vector<Log> logs;
    logs.emplace_back(1, room);
    logs[0].BeginCell(0);
    ShadowEvent e{EventKind::kAlloc};
    e.object = 1 << kOwnShift | 1;
    e.offset = kOffsetOfRegion;
    e.bytes = 2048;
    logs[0].Add({1, e, false});
    e.kind = EventKind::kFree;
    logs[0].Add({2, e, false});
    e.kind = EventKind::kFreed;
    logs[0].Add({3, e, false});
    logs[0].EndCell();
    return logs;
  }
  static HookEvent Listed(u64 index) { return {.kind = HookKind::kListed, .object = kOrigin + kOffsetOfRegion + index * 2048}; }
  static HookEvent SlabListed() { return {.kind = HookKind::kSlabListed, .address = kOrigin + kOffsetOfRegion}; }
  RoundOutcome Judge(const std::vector<Log>& logs, const std::vector<HookEvent>& at_rest, bool walked = true) {
    const ShadowEvent format[] = {slab_};
    return judge_.Judge(logs, 0, format, [&](std::vector<HookEvent>* told) { return *told = at_rest, walked; }, kOrigin);
  }

  Program program_;
  ShadowEvent slab_{};
  RoundJudge judge_;
};

TEST_F(JudgeTest, AllIsThere) {
  const RoundOutcome o = Judge(TakenAndGivenBack(), {Listed(0), Listed(1), SlabListed()});
  EXPECT_EQ(o.name, "fine");
  EXPECT_FALSE(o.wrong);
}

TEST_F(JudgeTest, WhatIsNotListedIsLost) {
  const RoundOutcome o = Judge(TakenAndGivenBack(), {Listed(1), SlabListed()});
  EXPECT_EQ(o.name, "lost-object");
  EXPECT_TRUE(o.wrong);
  EXPECT_NE(o.text.find("free object 1"), std::string::npos) << o.text;
  EXPECT_EQ(Judge(TakenAndGivenBack(), {Listed(0), Listed(1)}).name, "lost-slab");
}

TEST_F(JudgeTest, ListsThatLeadIntoNothingAreWild) { EXPECT_EQ(Judge(TakenAndGivenBack(), {}, false).name, "wild-access"); }

TEST_F(JudgeTest, AThreadThatDidNotComeBack) {
  std::vector<Log> logs = TakenAndGivenBack();
  logs[0].Lost(0, static_cast<int>(Left::kFault), 0x77);
  EXPECT_EQ(Judge(logs, {}).name, "wild-access");
  logs[0].Lost(0, static_cast<int>(Left::kStuck), 0);
  EXPECT_EQ(Judge(logs, {}).name, "livelock");
  logs[0].Lost(0, 0, 0);  // thrown out by mistake: nothing is known
  EXPECT_TRUE(Judge(logs, {}).undecided);
}

TEST_F(JudgeTest, ALogThatWasTooSmallSaysNothing) {
  const RoundOutcome o = Judge(TakenAndGivenBack(2), {});
  EXPECT_TRUE(o.undecided);
  EXPECT_FALSE(o.wrong);
}

}  // namespace
}  // namespace ordeal::stress
