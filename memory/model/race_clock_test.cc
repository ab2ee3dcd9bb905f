// What the judge calls a race the clocks have suspected, and what is ordered they do not suspect.
#include "memory/model/engine_testing.h"

#include <utility>

namespace ordeal::model {
namespace {

TEST(Races, PublishedByReleaseIsOrderedByWriteOnceIsNot) {
  const Threads good{{[] {
                        At(4096)->set_plain(1);
                        At(4160)->store_release(4096, kRelease);
                      },
                      [] {
                        if (auto p = At(4160)->read_once(kOnce)) g_seen[0] = Model::at<Word>(p + kArenaBase)->plain().raw();
                      }}};
  const Threads bad{{[] {
                       At(4096)->set_plain(1);
                       At(4160)->write_once(4096, kOnce);
                     },
                     [] {
                       if (auto p = At(4160)->read_once(kOnce)) g_seen[0] = Model::at<Word>(p + kArenaBase)->plain().raw();
                     }}};
  u32 suspected = 0;
  for (u64 s = 0; s < 2000; ++s) {
    ASSERT_EQ(good.Run(Seed(s)).race_suspects, 0u) << "the address dependency orders the plain load";
    suspected += bad.Run(Seed(s)).race_suspects;
  }
  EXPECT_GT(suspected, 0u);
}

// Whatever the judge calls a race, the clocks must have suspected.
void ExpectNoRaceMissed(const Threads& t, bool some) {
  int races = 0;
  for (u64 s = 0; s < 1500; ++s) {
    RunOptions o = Seed(s);
    o.record = true;
    const RunResult r = t.Run(o);
    const Judgement j = Judge(TraceToGraph(RecordedTrace()).graph, true);
    if (!j.allowed() || !j.race) continue;
    ++races;
    ASSERT_GT(r.race_suspects, 0u) << "seed " << s;
  }
  EXPECT_EQ(races > 0, some);
}

TEST(Races, WmbAloneDoesNotOrderTwoPlainStores) {
  ExpectNoRaceMissed({{[] {
                         At(4096)->set_plain(1);
                         Model::wmb(kWmb);
                         At(4160)->write_once(4096, kOnce);
                       },
                       [] {
                         if (auto p = At(4160)->read_once(kOnce)) Model::at<Word>(p + kArenaBase)->set_plain(2);
                       }}},
                     true);
}

TEST(Races, TwoUnconnectedFullBarriersOrderNothing) {
  ExpectNoRaceMissed({{[] {
                         At(4096)->set_plain(1);
                         Model::mb(kMb);
                       },
                       [] {
                         Model::mb(kMb);
                         At(4096)->plain();
                       }}},
                     true);
}

TEST(Races, LockedPlainAccessesDoNotRace) {
  const auto locked = [] {
    At<Model::Spinlock>(4160)->lock();
    At(4096)->set_plain(At(4096)->plain() + 1);
    At<Model::Spinlock>(4160)->unlock();
  };
  const Threads t{{locked, locked, locked}};
  for (u64 s = 0; s < 1000; ++s) {
    ASSERT_EQ(t.Run(Seed(s)).race_suspects, 0u);
    ASSERT_EQ(PeekNewest(4096, 8), 3u);
  }
}

// Every kind of access against every other, on one location and in both orders.
TEST(Races, NoPairOfAccessesIsMissed) {
  constexpr Thread kPlain[] = {[] { At(4096)->plain(); }, [] { At(4096)->set_plain(1); }};
  constexpr Thread kAny[] = {[] { At(4096)->plain(); },
                             [] { At(4096)->set_plain(2); },
                             [] { At(4096)->read_once(kOnce); },
                             [] { At(4096)->write_once(2, kOnce); },
                             [] { At(4096)->xchg(2, kOnce); },
                             [] {
                               Tracked<u64> old = 9;
                               At(4096)->cmpxchg(old, 3, kOnce);
                             },
                             [] {
                               Tracked<u64> old = 0;
                               At(4096)->cmpxchg(old, 3, kOnce);
                             }};
  for (int plain = 0; plain < 2; ++plain) {
    for (int any = 0; any < 7; ++any) {
      SCOPED_TRACE(testing::Message() << plain << " against " << any);
      const bool two_loads = plain == 0 && (any == 0 || any == 2 || any == 5);
      ExpectNoRaceMissed({{kPlain[plain], kAny[any]}}, !two_loads);
    }
  }
}

// What the model orders is no suspicion: search would pay for it with a judgement.
TEST(Races, WhatIsOrderedIsNotSuspected) {
  constexpr Thread kPublish = [] {
    At(4096)->set_plain(1);
    Model::wmb(kWmb);
    At(4160)->write_once(4096, kOnce);
  };
  constexpr Thread kPublishMarked = [] {
    At(4096)->write_once(1, kOnce);
    Model::wmb(kWmb);
    At(4160)->write_once(4096, kOnce);
  };
  constexpr Thread kPublishFully = [] {
    At(4096)->set_plain(1);
    Model::mb(kMb);
    At(4160)->write_once(4096, kOnce);
  };
  constexpr Thread kUseThenPublish = [] {
    At(4096)->plain();
    At(4160)->store_release(4096, kRelease);
  };
  constexpr Thread kLoadBehindAddress = [] {
    if (auto p = At(4160)->read_once(kOnce)) Model::at<Word>(p + kArenaBase)->plain();
  };
  constexpr Thread kLoadBehindRmb = [] {
    if (At(4160)->read_once(kOnce)) {
      Model::rmb(kRmb);
      At(4096)->plain();
    }
  };
  constexpr Thread kStoreBehindAddress = [] {
    if (auto p = At(4160)->read_once(kOnce)) Model::at<Word>(p + kArenaBase)->set_plain(2);
  };
  constexpr Thread kMarkedStoreOfData = [] {
    if (auto p = At(4160)->read_once(kOnce)) At(4096)->write_once(p, kOnce);
  };
  constexpr Thread kFullRmw = [] {
    if (At(4160)->read_once(kOnce)) At(4096)->xchg(2, kFull);
  };
  constexpr Thread kOtherBytes = [] { At<Model::Word<u32>>(4100)->write_once(2, kOnce); };
  constexpr Thread kFourBytes = [] { At<Model::Word<u32>>(4096)->plain(); };
  int pair = 0;
  for (const auto& [first, second] : {std::pair{kPublish, kLoadBehindAddress},
                                      {kPublish, kLoadBehindRmb},
                                      {kPublishFully, kStoreBehindAddress},
                                      {kPublishFully, kMarkedStoreOfData},
                                      {kPublishFully, kFullRmw},
                                      {kPublishMarked, kStoreBehindAddress},
                                      {kUseThenPublish, kStoreBehindAddress},
                                      {kUseThenPublish, kMarkedStoreOfData},
                                      {kFourBytes, kOtherBytes}}) {
    SCOPED_TRACE(pair++);
    const Threads t{{first, second}};
    for (u64 s = 0; s < 1000; ++s) ASSERT_EQ(t.Run(Seed(s)).race_suspects, 0u) << "seed " << s;
  }
}

}  // namespace
}  // namespace ordeal::model
