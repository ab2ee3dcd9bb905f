// Properties of the engine that the classic shapes do not show: endings, determinism, rungs, porting aids.
#include "memory/model/engine_testing.h"

#include <set>

#include "memory/atomic.h"
#include "memory/refcount.h"

namespace ordeal::model {
namespace {

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
