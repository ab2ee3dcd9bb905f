// Accesses of several sizes, and histories that are full: no byte is lost, none bounds another.
#include "memory/model/engine_testing.h"

#include <set>

namespace ordeal::model {
namespace {

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
  const Threads t{
      {[] { At<Model::Word<u16>>(4096 + 4)->write_once(256, kOnce); }, [] { At(4096)->write_once(At(4096)->read_once(kOnce) + 1, kOnce); }}};
  int lost = 0;
  for (u64 s = 0; s < 1000; ++s) {
    t.Run(Seed(s));
    lost += PeekNewest(4096 + 4, 2) != 256;
  }
  EXPECT_GT(lost, 0);
  EXPECT_LT(lost, 1000);
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
  ExpectAllowedAndSeen({{kPublishLow, kPublishHigh, [] { At(4096)->fetch_add(2, kOnce); },
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
                             Threads{{kPublishLow, kPublishHigh, [] { At(4096)->fetch_add(2, kOnce); },
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
  // Nor does a load of it.
  ExpectAllowedAndSeen({{[] {
                           At<Half>(4096)->write_once(1, kOnce);
                           At<Half>(4100)->write_once(1, kOnce);
                         },
                         [] {
                           g_seen[0] = At<Half>(4100)->read_once(kOnce).raw();
                           g_seen[1] = At<Half>(4096)->read_once(kOnce).raw();
                         }}},
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

}  // namespace
}  // namespace ordeal::model
