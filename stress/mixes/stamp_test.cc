#include "stress/mixes/stamp.h"

#include <algorithm>
#include <vector>

#include "base/random.h"
#include "gtest/gtest.h"

namespace ordeal::stress {
namespace {

struct Room {
  explicit Room(u64 size) : bytes(size) {}
  Block BlockOf(u64 tag) { return {bytes.data(), tag, bytes.size(), 0}; }
  std::vector<u8> bytes;
};

TEST(Stamp, EveryByteOfASmallBlockIsLookedAt) {
  for (u64 size = 1; size <= kWholeBytes; size += size < 80 ? 1 : 61) {
    Room room(size);
    const Block b = room.BlockOf(MakeTag(3, 77));
    WriteStamps(b);
    Misfit m;
    ASSERT_TRUE(StampsAreThere(b, &m)) << size;
    for (u64 at = 0; at < size; ++at) {
      room.bytes[at] ^= 1;
      EXPECT_FALSE(StampsAreThere(b, &m)) << "byte " << at << " of " << size;
      EXPECT_EQ(m.offset, at / 8 * 8);
      room.bytes[at] ^= 1;
    }
  }
}

TEST(Stamp, ALargeBlockIsLookedAtInEveryPieceOfItAndAtItsEnds) {
  Rng rng(1);
  for (int i = 0; i < 200; ++i) {
    const u64 size = rng.Between(kWholeBytes + 1, 100'000);
    Room room(size);
    const Block b = room.BlockOf(MakeTag(rng.Below(100), rng.Between(1, 1'000'000)));
    WriteStamps(b);
    Misfit m;
    ASSERT_TRUE(StampsAreThere(b, &m)) << size;
    // Two pages of somebody else's, or a few bytes at an end.
    const bool inside = i % 3 == 0;
    const u64 length = inside ? 8192 : rng.Between(1, 60);
    const u64 at = inside ? rng.Below(size - std::min<u64>(size - 1, 8192)) : i % 3 == 1 ? 0 : size - length;
    for (u64 k = at; k < std::min(size, at + length); ++k) room.bytes[k] ^= 0xff;
    EXPECT_FALSE(StampsAreThere(b, &m)) << at << " " << length << " of " << size;
  }
}

TEST(Stamp, AMisfitTellsWhoseWordItIs) {
  Room room(256);
  const Block mine = room.BlockOf(MakeTag(2, 41)), other{room.bytes.data(), MakeTag(5, 9), 128, 0};
  WriteStamps(mine);
  WriteStamps(other);
  Misfit m;
  ASSERT_FALSE(StampsAreThere(mine, &m));
  EXPECT_EQ(WorkerOf(m.tag), 5u);
  EXPECT_EQ(SequenceOf(m.tag), 9u);
  // Of a block that begins inside of this one, too.
  WriteStamps(mine);
  const Block inside{room.bytes.data() + 128, MakeTag(6, 10), 64, 0};
  WriteStamps(inside);
  ASSERT_FALSE(StampsAreThere(mine, &m));
  EXPECT_EQ(m.offset, 128u);
  EXPECT_EQ(m.tag, inside.tag);
}

TEST(Stamp, ASizeThatIsNotTheWritersDoesNotFit) {
  Room room(128);
  for (u64 size = 16; size <= 128; size += 8) {
    Block b{room.bytes.data(), MakeTag(2, 41), 128, 0};
    WriteStamps(b);
    b.size = size;
    Misfit m;
    EXPECT_EQ(StampsAreThere(b, &m), size == 128) << size;
  }
}

TEST(Stamp, WhatAnAllocatorLeavesIsHardlyEverTakenForAStamp) {
  Room room(64);
  const Block b = room.BlockOf(MakeTag(1, 1));
  Rng rng(7);
  int taken = 0;
  for (int i = 0; i < 20'000; ++i) {
    WriteStamps(b);
    const u64 word = i % 2 == 0 ? rng.Next() : rng.Below(u64{1} << 47);  // anything; an address
    __builtin_memcpy(room.bytes.data(), &word, 8);
    Misfit m;
    ASSERT_FALSE(StampsAreThere(b, &m));
    taken += m.tag != 0;
  }
  EXPECT_LT(taken, 60);  // one in two thousand is what the bits say
}

TEST(Stamp, OfAReallocatedBlockWhatMustHaveStayedIsAskedFor) {
  for (u64 kept = 1; kept <= 100; ++kept) {
    Room room(100);
    const Block b = room.BlockOf(MakeTag(1, 5));
    WriteStamps(b);
    for (u64 at = kept; at < 100; ++at) room.bytes[at] ^= 0xff;
    Misfit m;
    EXPECT_TRUE(StampsAreThere(b, kept, &m));
    room.bytes[kept - 1] ^= 1;
    EXPECT_FALSE(StampsAreThere(b, kept, &m)) << kept;
  }
}

TEST(Stamp, ZeroIsFoundToTheLastByte) {
  Room room(37);
  EXPECT_EQ(FirstNotZero(room.bytes.data(), 37), 37u);
  for (u64 at = 37; at-- > 0;) {
    room.bytes[at] = 1;
    EXPECT_EQ(FirstNotZero(room.bytes.data(), 37), at);
  }
}

}  // namespace
}  // namespace ordeal::stress
