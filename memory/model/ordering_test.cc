// What cmpxchg, fences beside RMWs, dependencies and locks order: allowed and seen, or never seen.
#include "memory/model/engine_testing.h"

namespace ordeal::model {
namespace {

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

// A lock that was found through a pointer: what the pointer's publisher stored before is seen by whoever holds the lock.
TEST(Locks, TheAddressOfALockIsADependency) {
  const Threads t{{[] {
                     At(4096)->write_once(1, kOnce);
                     Model::wmb(kWmb);
                     At(4160)->write_once(8192, kOnce);
                   },
                   [] {
                     const auto p = At(4160)->read_once(kOnce);
                     const auto lock = Model::at<Model::Spinlock>(p + kArenaBase);
                     lock->lock();
                     g_seen[1] = At(4096)->read_once(kOnce).raw();
                     lock->unlock();
                     g_seen[0] = p.raw();
                   }}};
  ExpectNeverSeen(t, {8192, 0});
  for (u64 s = 0; s < 2000; ++s) {
    RunOptions o = Seed(s);
    o.record = true;
    t.Run(o);
    ASSERT_TRUE(Judge(TraceToGraph(RecordedTrace()).graph, false).allowed()) << "seed " << s;
  }
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

}  // namespace
}  // namespace ordeal::model
