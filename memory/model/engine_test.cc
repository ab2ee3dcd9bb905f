// Properties of the engine that the classic shapes do not show: endings, determinism, mixed sizes, race clocks, locks, porting aids.
#include "memory/model/engine.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "memory/atomic.h"
#include "memory/model/judge.h"
#include "memory/model/model.h"
#include "memory/model/trace_to_graph.h"
#include "memory/refcount.h"

namespace ordeal::model {
namespace {

using Word = Model::Word<u64>;
constexpr Site<Order::kOnce> kOnce{kTestSites};
constexpr Site<Order::kRelease> kRelease{kTestSites + 2};
constexpr Site<Order::kFull> kFull{kTestSites + 3};
constexpr Site<Order::kWmb> kWmb{kTestSites + 4};
constexpr Site<Order::kMb> kMb{kTestSites + 5};
constexpr Site<Order::kRmb> kRmb{kTestSites + 6};
constexpr Site<Order::kAcquire> kAcquire{kTestSites + 7};

template <class T = Word>
T* At(u64 offset) {
  return reinterpret_cast<T*>(kArenaBase + offset);
}

// Runs one lambda a CPU.
using Thread = void (*)();
struct Threads {
  std::vector<Thread> body;
  RunResult Run(RunOptions o = {}) const {
    return model::Run(static_cast<int>(body.size()), [](void* self, int cpu) {
      BeginOp(static_cast<u16>(cpu));
      static_cast<const Threads*>(self)->body[cpu]();
    }, const_cast<Threads*>(this), o);
  }
};
RunOptions Seed(u64 seed) {
  RunOptions o;
  o.seed = seed;
  return o;
}
u64 g_seen[4];

TEST(Ending, WildAccessNamesTheAddress) {
  const Threads t{{[] { At(1)->read_once(kOnce); }}};
  EXPECT_EQ(t.Run().ending, Ending::kWild);
  EXPECT_EQ(t.Run().wild_address, kArenaBase + 1) << "misaligned";
  const Threads null{{[] { Model::at<Word>(Tracked<u64>(0))->read_once(kOnce); }}};
  EXPECT_EQ(null.Run().ending, Ending::kWild);
  EXPECT_EQ(null.Run().wild_address, 0u);
}

TEST(Ending, LivelockWhenNobodyMoves) {
  const Threads t{{[] {
    while (!At(4096)->read_once(kOnce)) Model::spin();
  }}};
  EXPECT_EQ(t.Run().ending, Ending::kLivelock);
}

TEST(Ending, FairnessLetsASpinningReaderSeeTheStore) {
  const Threads t{{[] { At(4096)->write_once(1, kOnce); },
                   [] {
                     while (!At(4096)->read_once(kOnce)) Model::spin();
                   }}};
  for (u64 s = 0; s < 5000; ++s) ASSERT_EQ(t.Run(Seed(s)).ending, Ending::kFinished) << "seed " << s;
}

TEST(Ending, AReaderThatHasSpunEnoughReadsTheNewestStore) {
  const Threads t{{[] {
                     At(4096)->write_once(1, kOnce);
                     g_seen[0] = 1;
                   },
                   [] {
                     while (!At(4096)->read_once(kOnce)) {
                       g_seen[1] += g_seen[0];
                       Model::spin();
                     }
                   }}};
  for (u64 s = 0; s < 2000; ++s) {
    g_seen[0] = g_seen[1] = 0;
    t.Run(Seed(s));
    ASSERT_LE(g_seen[1], 4u) << "seed " << s;
  }
}

TEST(Ending, DeadlockOfTwoLocksInOppositeOrder) {
  const Threads t{{[] {
                     At<Model::Spinlock>(4096)->lock();
                     At<Model::Spinlock>(4160)->lock();
                     At<Model::Spinlock>(4160)->unlock();
                     At<Model::Spinlock>(4096)->unlock();
                   },
                   [] {
                     At<Model::Spinlock>(4160)->lock();
                     At<Model::Spinlock>(4096)->lock();
                     At<Model::Spinlock>(4096)->unlock();
                     At<Model::Spinlock>(4160)->unlock();
                   }}};
  int deadlocks = 0, finished = 0;
  for (u64 s = 0; s < 1000; ++s) {
    const Ending e = t.Run(Seed(s)).ending;
    deadlocks += e == Ending::kDeadlock;
    finished += e == Ending::kFinished;
  }
  EXPECT_GT(deadlocks, 0);
  EXPECT_GT(finished, 0);
  EXPECT_EQ(deadlocks + finished, 1000);
}

TEST(Determinism, SameSeedSameHash) {
  const Threads t{{[] {
                     for (u64 i = 0; i < 20; ++i) At(4096 + 8 * (i % 3))->write_once(i, kOnce);
                   },
                   [] {
                     for (u64 i = 0; i < 20; ++i) At(4096 + 8 * (i % 3))->fetch_add(At(4096)->read_once(kOnce), kFull);
                   }}};
  std::set<u64> hashes;
  for (u64 s = 0; s < 200; ++s) {
    const u64 hash = t.Run(Seed(s)).hash;
    ASSERT_EQ(t.Run(Seed(s)).hash, hash);
    hashes.insert(hash);
  }
  EXPECT_GT(hashes.size(), 100u) << "the seeds must make a difference";
}

TEST(MixedSize, ASixteenBitStoreIsNotLostByADoubleWordCmpxchg) {
  const Threads t{{[] { At<Model::Word<u16>>(4096 + 12)->write_once(256, kOnce); },
                   [] {
                     auto* d = At<Model::DoubleWord>(4096);
                     Tracked<u64> lo = d->lo.read_once(kOnce), hi = d->hi.read_once(kOnce);
                     g_seen[0] = static_cast<bool>(d->cmpxchg(lo, hi, lo + 16, hi + 1, kFull));
                   }}};
  int succeeded = 0, failed = 0;
  for (u64 s = 0; s < 3000; ++s) {
    t.Run(Seed(s));
    EXPECT_EQ(PeekNewest(4096 + 12, 2), 256u);
    EXPECT_EQ(PeekNewest(4096 + 8, 4), g_seen[0]);
    (g_seen[0] ? succeeded : failed)++;
  }
  EXPECT_GT(succeeded, 0);
  EXPECT_GT(failed, 0);
}

TEST(MixedSize, AWordStoreAfterALoadLosesTheSixteenBits) {
  const Threads t{{[] { At<Model::Word<u16>>(4096 + 4)->write_once(256, kOnce); }, [] { At(4096)->write_once(At(4096)->read_once(kOnce) + 1, kOnce); }}};
  int lost = 0;
  for (u64 s = 0; s < 1000; ++s) {
    t.Run(Seed(s));
    lost += PeekNewest(4096 + 4, 2) != 256;
  }
  EXPECT_GT(lost, 0);
  EXPECT_LT(lost, 1000);
}

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

// Some execution leaves `wanted` in g_seen, and each is one that the judge allows.
void ExpectAllowedAndSeen(const Threads& t, std::vector<u64> wanted) {
  int seen = 0;
  for (u64 s = 0; s < 4000; ++s) {
    RunOptions o = Seed(s);
    o.record = true;
    std::fill(std::begin(g_seen), std::end(g_seen), 99);
    t.Run(o);
    const Judgement j = Judge(TraceToGraph(RecordedTrace()).graph, false);
    ASSERT_TRUE(j.allowed()) << "seed " << s << ": " << AxiomName(j.broken);
    // What is not recorded takes other paths and has to come to the same.
    o.record = false;
    t.Run(o);
    seen += std::equal(wanted.begin(), wanted.end(), g_seen);
  }
  EXPECT_GT(seen, 0);
}
void ExpectNeverSeen(const Threads& t, std::vector<u64> unwanted) {
  for (u64 s = 0; s < 4000; ++s) {
    std::fill(std::begin(g_seen), std::end(g_seen), 99);
    t.Run(Seed(s));
    ASSERT_FALSE(std::equal(unwanted.begin(), unwanted.end(), g_seen)) << "seed " << s;
  }
}

constexpr Thread kWriteWmbWrite = [] {
  At(4096)->write_once(1, kOnce);
  Model::wmb(kWmb);
  At(4160)->write_once(1, kOnce);
};

TEST(FailedCmpxchg, OrdersNothingAndMayBeStale) {
  ExpectAllowedAndSeen({{kWriteWmbWrite,
                         [] {
                           Tracked<u64> old = 9;
                           At(4160)->cmpxchg(old, 3, kAcquire);
                           g_seen[0] = old.raw();
                           g_seen[1] = At(4096)->read_once(kOnce).raw();
                         }}},
                       {1, 0});
  ExpectAllowedAndSeen({{kWriteWmbWrite,
                         [] {
                           g_seen[0] = At(4160)->read_once(kOnce).raw();
                           Tracked<u64> old = 9;
                           At(4096)->cmpxchg(old, 3, kOnce);
                           g_seen[1] = old.raw();
                         }}},
                       {1, 0});
}

TEST(FailedCmpxchg, HeadsADependency) {
  ExpectNeverSeen({{kWriteWmbWrite,
                    [] {
                      Tracked<u64> old = 9;
                      At(4160)->cmpxchg(old, 3, kOnce);
                      g_seen[0] = old.raw();
                      g_seen[1] = Model::at<Word>(kArenaBase + 4096 + (old ^ old))->read_once(kOnce).raw();
                    }}},
                  {1, 0});
}

TEST(FailedCmpxchg, DoesNotFailOnTheValueThatItWants) {
  const Threads t{{[] { At(4096)->write_once(1, kOnce); },
                   [] {
                     Tracked<u64> old = 0;
                     g_seen[0] = static_cast<bool>(At(4096)->cmpxchg(old, 3, kOnce));
                     g_seen[1] = old.raw();
                   }}};
  for (u64 s = 0; s < 3000; ++s) {
    t.Run(Seed(s));
    ASSERT_FALSE(g_seen[0] == 0 && g_seen[1] == 0) << "seed " << s;
  }
}

TEST(FailedCmpxchg, BoundsWhoLearnsOfIt) {
  ExpectNeverSeen({{[] { At(4096)->write_once(1, kOnce); },
                    [] {
                      Tracked<u64> old = 9;
                      At(4096)->cmpxchg(old, 3, kOnce);
                      g_seen[0] = old.raw();
                      At(4160)->store_release(1, kRelease);
                    },
                    [] {
                      g_seen[1] = At(4160)->load_acquire(kAcquire).raw();
                      g_seen[2] = At(4096)->read_once(kOnce).raw();
                    }}},
                  {1, 1, 0});
}

TEST(Cmpxchg, IsPartOfAReleaseSequenceAndAcquires) {
  ExpectNeverSeen({{[] {
                      At(4096)->write_once(1, kOnce);
                      At(4160)->store_release(1, kRelease);
                    },
                    [] {
                      Tracked<u64> old = 1;
                      At(4160)->cmpxchg(old, 2, kOnce);
                    },
                    [] {
                      g_seen[0] = At(4160)->load_acquire(kAcquire).raw();
                      g_seen[1] = At(4096)->read_once(kOnce).raw();
                    }}},
                  {2, 0});
  ExpectNeverSeen({{kWriteWmbWrite,
                    [] {
                      Tracked<u64> old = 1;
                      g_seen[0] = static_cast<bool>(At(4160)->cmpxchg(old, 2, kAcquire));
                      g_seen[1] = At(4096)->read_once(kOnce).raw();
                    }}},
                  {1, 0});
  ExpectNeverSeen({{[] {
                      Tracked<u64> old = 0;
                      At(4096)->cmpxchg(old, 1, kFull);
                      g_seen[0] = At(4160)->read_once(kOnce).raw();
                    },
                    [] {
                      Tracked<u64> old = 0;
                      At(4160)->cmpxchg(old, 1, kFull);
                      g_seen[1] = At(4096)->read_once(kOnce).raw();
                    }}},
                  {0, 0});
}

TEST(Fences, BesideAnRmwTheyAreStrong) {
  ExpectNeverSeen({{[] {
                      At(4096)->fetch_add(1, kOnce);
                      Model::fence(Order::kAfterAtomic, kTestSites);
                      g_seen[0] = At(4160)->read_once(kOnce).raw();
                    },
                    [] {
                      At(4160)->fetch_add(1, kOnce);
                      Model::fence(Order::kAfterAtomic, kTestSites);
                      g_seen[1] = At(4096)->read_once(kOnce).raw();
                    }}},
                  {0, 0});
}

TEST(Dependencies, AUnionIsOnBoth) {
  ExpectNeverSeen({{kWriteWmbWrite,
                    [] {
                      const Tracked<u64> other = At(4224)->read_once(kOnce), flag = At(4160)->read_once(kOnce);
                      g_seen[0] = flag.raw();
                      g_seen[1] = Model::at<Word>(kArenaBase + 4096 + ((other ^ other) | (flag ^ flag)))->read_once(kOnce).raw();
                    },
                    [] {
                      At(4288)->write_once(1, kOnce);
                      At(4224)->store_release(1, kRelease);
                    }}},
                  {1, 0});
}

// The failing trylock reads the store of a lock, which is an RMW of the unlock before it: (rf ; rmw)*.
TEST(Locks, ALockIsPartOfAReleaseSequence) {
  ExpectAllowedAndSeen({{[] {
                           At<Model::Spinlock>(4224)->lock();
                           At(4096)->write_once(1, kOnce);
                           At<Model::Spinlock>(4224)->unlock();
                         },
                         [] {
                           At<Model::Spinlock>(4224)->lock();
                           At(4160)->write_once(1, kOnce);
                           At<Model::Spinlock>(4224)->unlock();
                         },
                         [] {
                           g_seen[0] = At<Model::Spinlock>(4224)->trylock();
                           Model::rmb(kRmb);
                           g_seen[1] = At(4096)->read_once(kOnce).raw();
                         }}},
                       {0, 1});
}

// A load of eight bytes whose halves two releases published, and an RMW of them.
constexpr Thread kPublishLow = [] {
  At(4160)->write_once(1, kOnce);
  At<Model::Word<u32>>(4096)->store_release(1, kRelease);
};
constexpr Thread kPublishHigh = [] {
  At(4224)->write_once(1, kOnce);
  At<Model::Word<u32>>(4100)->store_release(1, kRelease);
};
TEST(MixedSize, AComposedLoadLearnsFromAllItsStores) {
  constexpr u64 kBoth = 0x100000001;
  ExpectAllowedAndSeen({{kPublishLow, kPublishHigh,
                         [] {
                           g_seen[0] = At(4096)->load_acquire(kAcquire).raw();
                           g_seen[1] = At(4160)->read_once(kOnce).raw();
                           g_seen[2] = At(4224)->read_once(kOnce).raw();
                         }}},
                       {kBoth, 1, 1});
  ExpectAllowedAndSeen({{kPublishLow, kPublishHigh,
                         [] {
                           const Tracked<u64> both = At(4096)->read_once(kOnce);
                           g_seen[0] = both.raw();
                           g_seen[1] = Model::at<Word>(kArenaBase + 4160 + (both ^ both))->read_once(kOnce).raw();
                           g_seen[2] = Model::at<Word>(kArenaBase + 4224 + (both ^ both))->read_once(kOnce).raw();
                         }}},
                       {kBoth, 1, 1});
  ExpectAllowedAndSeen({{kPublishLow, kPublishHigh,
                         [] { At(4096)->fetch_add(2, kOnce); },
                         [] {
                           g_seen[0] = At(4096)->load_acquire(kAcquire).raw();
                           g_seen[1] = At(4160)->read_once(kOnce).raw();
                           g_seen[2] = At(4224)->read_once(kOnce).raw();
                         }}},
                       {kBoth + 2, 1, 1});
  for (u64 flag : {0, 1}) {
    for (const Threads& t : {Threads{{kPublishLow, kPublishHigh,
                                      [] {
                                        const Tracked<u64> both = At(4096)->read_once(kOnce);
                                        g_seen[0] = both.raw();
                                        g_seen[1] = Model::at<Word>(kArenaBase + 4160 + (both ^ both))->read_once(kOnce).raw();
                                        g_seen[2] = Model::at<Word>(kArenaBase + 4224 + (both ^ both))->read_once(kOnce).raw();
                                      }}},
                             Threads{{kPublishLow, kPublishHigh,
                                      [] { At(4096)->fetch_add(2, kOnce); },
                                      [] {
                                        g_seen[0] = At(4096)->load_acquire(kAcquire).raw() & ~u64{2};
                                        g_seen[1] = At(4160)->read_once(kOnce).raw();
                                        g_seen[2] = At(4224)->read_once(kOnce).raw();
                                      }}}}) {
      ExpectNeverSeen(t, {kBoth | 2, flag, 1 - flag});
      ExpectNeverSeen(t, {kBoth, flag, 1 - flag});
    }
  }
}

// The half that is known says nothing about the other half.
TEST(MixedSize, OtherBytesDoNotBound) {
  using Half = Model::Word<u32>;
  constexpr Thread kHighThenFlag = [] {
    At<Half>(4100)->write_once(1, kOnce);
    At(4160)->write_once(1, kOnce);
  };
  constexpr Thread kReadHigh = [] {
    g_seen[0] = At(4224)->load_acquire(kAcquire).raw();
    g_seen[1] = At<Half>(4100)->read_once(kOnce).raw();
  };
  ExpectAllowedAndSeen({{kHighThenFlag,
                         [] {
                           if (!At(4160)->read_once(kOnce)) return;
                           At<Half>(4096)->write_once(1, kOnce);
                           At(4224)->store_release(1, kRelease);
                         },
                         kReadHigh}},
                       {1, 0});
}

TEST(MixedSize, AStoreDoesNotGoBetweenStoresOfOtherSizes) {
  ExpectAllowedAndSeen({{[] {
                           At(4096)->write_once(0x200000002, kOnce);
                           g_seen[0] = At(4096)->read_once(kOnce).raw();
                         },
                         [] {
                           At<Model::Word<u32>>(4096)->write_once(1, kOnce);
                           At(4160)->store_release(1, kRelease);
                         },
                         [] {
                           g_seen[1] = At(4160)->load_acquire(kAcquire).raw();
                           g_seen[2] = At(4096)->read_once(kOnce).raw();
                         }}},
                       {0x200000002, 1, 0x200000001});
}

// A history has room for sixteen stores and sixteen loads.
TEST(FullHistory, KeepsEveryByte) {
  const Threads t{{[] {
    for (u64 i = 0; i < 8; ++i) At<Model::Word<u8>>(4096 + i)->write_once(static_cast<u8>(i + 1), kOnce);
    for (u64 i = 0; i < 30; ++i) At<Model::Word<u8>>(4096)->write_once(9, kOnce);
    g_seen[0] = At(4096)->read_once(kOnce).raw();
  }}};
  t.Run();
  EXPECT_EQ(g_seen[0], 0x0807060504030209u);
}

TEST(FullHistory, IsCoherent) {
  constexpr Thread kCount = [] {
    for (u64 i = 1; i <= 24; ++i) At(4096)->write_once(i, kOnce);
  };
  // Each tells the next one what it has read.
  constexpr Thread kLook = [] {
    for (u64 i = 0; i < 12; ++i) {
      const u64 told = At(4160)->load_acquire(kAcquire).raw();
      const u64 seen = At(4096)->read_once(kOnce).raw();
      if (seen < told) g_seen[0] = 1;
      if (seen > told) At(4160)->store_release(seen, kRelease);
    }
  };
  ExpectNeverSeen({{kCount, kLook, kLook, kLook}}, {1});
}

TEST(Rungs, SequentialRunsOpsToTheirEnd) {
  const auto twice = [] {
    const u64 before = At(4096)->read_once(kOnce).raw();
    At(4096)->write_once(before + 1, kOnce);
  };
  const Threads t{{twice, twice}};
  int lost_sequential = 0, lost_sc = 0;
  for (u64 s = 0; s < 1000; ++s) {
    RunOptions o = Seed(s);
    o.rung = Rung::kSequential;
    t.Run(o);
    lost_sequential += PeekNewest(4096, 8) != 2;
    o.rung = Rung::kSc;
    t.Run(o);
    lost_sc += PeekNewest(4096, 8) != 2;
  }
  EXPECT_EQ(lost_sequential, 0);
  EXPECT_GT(lost_sc, 0);
}

// Takes a reference to a field and only then loads: the address dependency on p is gone, and the engine says so.
void DropADependency() {
  const Threads t{{[] { At(4160)->write_once(4096 + kArenaBase, kOnce); },
                   [] {
                     for (;;) {
                       const auto p = Model::at<Model::DoubleWord>(At(4160)->read_once(kOnce));
                       if (!p) {
                         Model::spin();
                         continue;
                       }
                       auto& word = p->lo;
                       word.read_once(kOnce);
                       return;
                     }
                   }}};
  RunOptions o;
  o.record = true;
  for (o.seed = 0; o.seed < 100; ++o.seed) t.Run(o);
}
TEST(TrackedDeathTest, ADependencyThatIsDroppedIsRefused) { EXPECT_DEATH(DropADependency(), "loses p's dependency"); }

TEST(PortingAid, StdAtomicSignaturesOnTheModel) {
  const Threads t{{[] {
                     At<Word>(4096)->write_once(7, kOnce);
                     At<atomic<u32, Model>>(4160)->store(1, std::memory_order_release);
                   },
                   [] {
                     g_seen[0] = At<atomic<u32, Model>>(4160)->load(std::memory_order_acquire);
                     g_seen[1] = At<Word>(4096)->read_once(kOnce).raw();
                   }}};
  int both = 0;
  for (u64 s = 0; s < 3000; ++s) {
    t.Run(Seed(s));
    both += g_seen[0] == 1;
    ASSERT_FALSE(g_seen[0] == 1 && g_seen[1] == 0) << "seed " << s;
  }
  EXPECT_GT(both, 0);
}

}  // namespace
}  // namespace ordeal::model
