#include "base/random.h"

#include <array>
#include <vector>

#include "gtest/gtest.h"

namespace ordeal {
namespace {

// Computed by many independent implementations from the authors' C code.
TEST(Random, SplitMix64GivesThePublishedNumbers) {
  uint64_t state = 1234567;
  for (uint64_t expected : {6457827717110365317u, 3203168211198807973u, 9817491932198370423u, 4593380528125082431u, 16408922859458223821u}) {
    EXPECT_EQ(SplitMix64(state), expected);
  }
  state = 0;
  EXPECT_EQ(SplitMix64(state), 0xe220a8397b1dcdaf);
}

TEST(Random, Xoshiro256StarStarGivesThePublishedNumbers) {
  Rng rng(1, 2, 3, 4);
  for (uint64_t expected : {11520u, 0u, 1509978240u}) EXPECT_EQ(rng.Next(), expected);
  for (uint64_t expected : {1215971899390074240u, 1216172134540287360u, 607988272756665600u, 16172922978634559625u, 8476171486693032832u,
                            10595114339597558777u, 2904607092377533576u}) {
    EXPECT_EQ(rng.Next(), expected);
  }
}

// Seed 42 through splitmix64, as other implementations of the pair have it.
TEST(Random, SeedingIsTheUsualOne) {
  Rng rng(42);
  for (uint64_t expected : {1546998764402558742u, 6990951692964543102u, 12544586762248559009u, 17057574109182124193u}) {
    EXPECT_EQ(rng.Next(), expected);
  }
}

TEST(Random, BelowIsInRangeAndEven) {
  Rng rng(1);
  std::array<int, 7> seen = {};
  for (int i = 0; i < 70'000; ++i) ++seen.at(rng.Below(7));
  for (int n : seen) EXPECT_NEAR(n, 10'000, 400);  // 4 standard deviations
  for (int i = 0; i < 100; ++i) EXPECT_EQ(rng.Below(1), 0u);
}

// The high bits decide, so a huge n works as well as a small one.
TEST(Random, BelowHugeNumbers) {
  Rng rng(2);
  const uint64_t n = 0xc000'0000'0000'0000;
  int above_half = 0;
  for (int i = 0; i < 3'000; ++i) {
    const uint64_t x = rng.Below(n);
    ASSERT_LT(x, n);
    above_half += x >= n / 2;
  }
  EXPECT_NEAR(above_half, 1'500, 120);
}

TEST(Random, BetweenReachesBothEnds) {
  Rng rng(3);
  std::array<int, 3> seen = {};
  for (int i = 0; i < 300; ++i) ++seen.at(rng.Between(5, 7) - 5);
  for (int n : seen) EXPECT_GT(n, 60);
}

TEST(Random, WeightedFollowsTheWeights) {
  Rng rng(4);
  const std::vector<unsigned> weights = {1, 0, 3};
  std::array<int, 3> seen = {};
  for (int i = 0; i < 40'000; ++i) ++seen.at(rng.Weighted(weights));
  EXPECT_NEAR(seen[0], 10'000, 400);
  EXPECT_EQ(seen[1], 0);
  EXPECT_NEAR(seen[2], 30'000, 400);
}

TEST(RandomDeathTest, BelowZeroIsAProgrammersError) {
  Rng rng(5);
  EXPECT_DEATH(rng.Below(0), "a number below 0");
}

// Usable where results must be fixed at compile time, which also shows that no library is involved.
static_assert([] {
  Rng rng(1, 2, 3, 4);
  return rng.Next();
}() == 11520);

}  // namespace
}  // namespace ordeal
