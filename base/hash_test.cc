#include "base/hash.h"

#include <bit>
#include <set>
#include <string>

#include "gtest/gtest.h"

namespace ordeal {
namespace {

// Written down once: if one of these changes, every stored hash is worthless.
TEST(Hash, ValuesNeverChange) {
  EXPECT_EQ(Mix64(1), 0x5692161d100b05e5u);
  EXPECT_EQ(HashBytes(""), 0xf52a15e9a9b5e89bu);
  EXPECT_EQ(HashBytes("ordeal"), 0x56649b791eb08fcbu);
  RollingHash h;
  EXPECT_EQ(h.value(), 0x952f14f1e8ddc491u);
  h.Add(1);
  h.Add(2);
  EXPECT_EQ(h.value(), 0x26e443cfea5128b2u);
}

// FNV-1a itself, from its published vectors, under the mixing.
TEST(Hash, BytesAreFnv1aMixed) {
  EXPECT_EQ(HashBytes("a"), Mix64(0xaf63dc4c8601ec8c));
  EXPECT_EQ(HashBytes("foobar"), Mix64(0x85944171f73967e8));
}

TEST(Hash, EveryInputBitReachesAboutHalfOfTheOutput) {
  for (int bit = 0; bit < 64; ++bit) {
    RollingHash a, b;
    a.Add(12345);
    b.Add(12345 ^ uint64_t{1} << bit);
    a.Add(7);
    b.Add(7);
    const int differ = std::popcount(a.value() ^ b.value());
    EXPECT_GE(differ, 14) << bit;
    EXPECT_LE(differ, 50) << bit;
  }
}

TEST(Hash, OrderAndZerosCount) {
  std::set<uint64_t> seen;
  RollingHash zeros;
  for (int i = 0; i < 1'000; ++i) {
    seen.insert(zeros.value());
    zeros.Add(0);
  }
  EXPECT_EQ(seen.size(), 1'000u);
  RollingHash ab, ba;
  ab.Add(1), ab.Add(2);
  ba.Add(2), ba.Add(1);
  EXPECT_NE(ab.value(), ba.value());
}

TEST(Hash, SmallNumbersDoNotCollide) {
  std::set<uint64_t> seen;
  for (uint64_t i = 0; i < 300; ++i) {
    for (uint64_t j = 0; j < 300; ++j) {
      RollingHash h;
      h.Add(i);
      h.Add(j);
      seen.insert(h.value());
    }
  }
  EXPECT_EQ(seen.size(), 90'000u);
}

}  // namespace
}  // namespace ordeal
