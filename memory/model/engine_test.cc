// Properties of the engine that the classic shapes do not show: endings, determinism, mixed sizes, race clocks, locks, porting aids.
#include "memory/model/engine.h"

#include <set>
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
