#include "stress/night/proportion.h"

#include <cmath>

#include "base/random.h"
#include "gtest/gtest.h"

namespace ordeal::stress {
namespace {

// By counting: of all ways to deal the hits to the rounds, those with so many on the first arm. Exact in long double for these sizes.
long double Choose(u64 n, u64 k) {
  if (k > n) return 0;
  long double ways = 1;
  for (u64 i = 1; i <= k; ++i) ways = ways * (n - k + i) / i;
  return ways;
}
double CountedP(const Proportion& a, const Proportion& b) {
  const u64 hits = a.hits + b.hits;
  long double at_most = 0, at_least = 0, all = 0;
  for (u64 x = 0; x <= hits; ++x) {
    const long double ways = Choose(a.rounds, x) * Choose(b.rounds, hits - x);
    all += ways;
    if (x <= a.hits) at_most += ways;
    if (x >= a.hits) at_least += ways;
  }
  return static_cast<double>(std::min(1.0L, 2 * std::min(at_most, at_least) / all));
}

TEST(Fisher, IsWhatCountingGives) {
  Rng rng(1);
  for (int i = 0; i < 20000; ++i) {
    const u64 n = rng.Below(40), m = rng.Below(40);
    const Proportion a{rng.Below(n + 1), n}, b{rng.Below(m + 1), m};
    const double expected = CountedP(a, b);
    EXPECT_NEAR(FisherP(a, b), expected, 1e-12 + 1e-10 * expected) << a.hits << "/" << n << " " << b.hits << "/" << m;
  }
}

// The tea-tasting lady's table.
TEST(Fisher, IsWhatBooksSay) {
  EXPECT_NEAR(FisherP({3, 4}, {1, 4}), 2 * 17.0 / 70, 1e-12);
  EXPECT_NEAR(FisherP({4, 4}, {0, 4}), 2 * 1.0 / 70, 1e-12);
}

TEST(Fisher, DoesNotCareForNames) {
  Rng rng(2);
  for (int i = 0; i < 3000; ++i) {
    const u64 n = 1 + (rng.Next() >> (24 + rng.Below(39))), m = 1 + (rng.Next() >> (24 + rng.Below(39)));
    const Proportion a{rng.Below(std::min<u64>(n, 1000) + 1), n}, b{rng.Below(std::min<u64>(m, 1000) + 1), m};
    const double p = FisherP(a, b);
    EXPECT_GT(p, -1e-300);
    EXPECT_LE(p, 1);
    EXPECT_NEAR(FisherP(b, a), p, 1e-4 * p + 1e-290) << "which arm is first";
    EXPECT_NEAR(FisherP({n - a.hits, n}, {m - b.hits, m}), p, 1e-4 * p + 1e-290) << "what is called a hit";
    const Difference ab = Compare(a, b), ba = Compare(b, a);
    EXPECT_EQ(ab == Difference::kFewer, ba == Difference::kMore);
    EXPECT_EQ(ab == Difference::kMore, ba == Difference::kFewer);
  }
}

// The farther apart, the less likely by chance; with as many as a night has, too (beside the normal approximation, which is good there).
TEST(Fisher, FallsWithTheDistance) {
  const Proportion b{1'000'000, 1'000'000'000};
  double last = 1;
  for (u64 hits = 1'000'000; hits <= 1'010'000; hits += 500) {
    const Proportion a{hits, 1'000'000'000};
    const double p = FisherP(a, b), z = (static_cast<double>(hits) - 1e6) / std::sqrt((static_cast<double>(hits) + 1e6) * (1 - 1e-3));
    EXPECT_LE(p, last);
    if (z > 0.5 && z < 5) {
      EXPECT_NEAR(p / std::erfc(z / std::sqrt(2)), 1, 0.02) << hits;
    }
    last = p;
  }
}

TEST(Compare, SaysNothingOnTooLittle) {
  EXPECT_EQ(Compare({0, 0}, {5, 5}), Difference::kNotSignificant);
  EXPECT_EQ(Compare({0, 1000}, {0, 1000}), Difference::kNotSignificant);
  EXPECT_EQ(Compare({0, 1000}, {3, 1000}), Difference::kNotSignificant) << "as the mail had it: it failed three times before, and not since";
  EXPECT_EQ(Compare({0, 1000}, {30, 1000}), Difference::kFewer);
  EXPECT_EQ(Compare({30, 1000}, {0, 1000}), Difference::kMore);
}

// Where there is no difference, it finds one in no more than one case of a hundred.
TEST(Compare, IsSeldomWrong) {
  Rng rng(3);
  const auto draw = [&] {
    Proportion p{0, 300};
    for (u64 i = 0; i < p.rounds; ++i) p.hits += rng.Percent(5);
    return p;
  };
  int wrong = 0;
  for (int i = 0; i < 4000; ++i) wrong += Compare(draw(), draw()) != Difference::kNotSignificant;
  EXPECT_LE(wrong, 40);
  EXPECT_GE(wrong, 4) << "nor is it deaf";
}

TEST(RoundsToCredit, IsTheFirstNumberThatIsEnough) {
  Rng rng(4);
  for (int i = 0; i < 300; ++i) {
    const u64 rounds = 1 + (rng.Next() >> (30 + rng.Below(33)));
    const Proportion other{1 + rng.Below(std::min<u64>(rounds, 50)), rounds};
    const std::optional<u64> needed = RoundsToCredit(other);
    ASSERT_TRUE(needed.has_value());
    EXPECT_EQ(Compare({0, *needed}, other), Difference::kFewer);
    EXPECT_NE(Compare({0, *needed - 1}, other), Difference::kFewer);
    EXPECT_EQ(Compare({0, *needed * 2}, other), Difference::kFewer) << "and more are enough, too";
  }
  // One hit: the chance of none in m more rounds is n / (n + m).
  EXPECT_EQ(RoundsToCredit({1, 1000}), 199'001u);
  EXPECT_EQ(RoundsToCredit({0, 1000}), std::nullopt);
}

// Holds the true rate as often as it says: exactly, over all outcomes, and no worse than Wilson's is known to be.
TEST(Wilson, HoldsTheTrueRate) {
  for (const double rate : {0.02, 0.1, 0.3, 0.5, 0.9}) {
    const u64 n = 200;
    double covered = 0;
    for (u64 k = 0; k <= n; ++k) {
      const Interval i = Wilson95({k, n});
      const double chance =
          std::exp(std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0) + k * std::log(rate) + (n - k) * std::log(1 - rate));
      if (i.low <= rate && rate <= i.high) covered += chance;
    }
    EXPECT_GT(covered, 0.92) << rate;
    EXPECT_LT(covered, 0.99) << rate;
  }
}

TEST(Wilson, BoundsAreInOrder) {
  for (const u64 n : {u64{1}, u64{7}, u64{1000}, u64{1} << 40}) {
    for (u64 k = 0; k <= std::min<u64>(n, 1000); ++k) {
      const Interval i = Wilson95({k, n}), mirrored = Wilson95({n - k, n});
      EXPECT_LE(0, i.low);
      EXPECT_LE(i.low, static_cast<double>(k) / static_cast<double>(n));
      EXPECT_LE(static_cast<double>(k) / static_cast<double>(n), i.high);
      EXPECT_LE(i.high, 1);
      EXPECT_NEAR(i.low, 1 - mirrored.high, 1e-9);
    }
  }
  EXPECT_EQ(Wilson95({0, 0}).low, 0);
  EXPECT_EQ(Wilson95({0, 0}).high, 1);
}

// No hit in n rounds has a chance of 5 % at that rate.
TEST(RuleOfThree, IsTheRateThatIsStillLikely) {
  for (const u64 n : {u64{50}, u64{1000}, u64{1000000}}) EXPECT_NEAR(std::pow(1 - RuleOfThree(n), static_cast<double>(n)), 0.05, 0.005);
  EXPECT_EQ(RuleOfThree(0), 1);
}

TEST(Proportion, IsSaidInOneLine) {
  EXPECT_EQ(Describe({0, 1000}), "0 of 1000: below 3.0e-03");
  EXPECT_EQ(Describe({17, 1914000038}), "17 of 1914000038 (5.5e-09 to 1.4e-08)");
  EXPECT_EQ(DescribeChange({0, 1000}, {3, 1000}), "not significant, p 0.25; with 0 hits it takes 4844 rounds");
  EXPECT_EQ(DescribeChange({0, 1000}, {0, 1000}), "not significant, p 1; neither arm has a hit");
  EXPECT_EQ(DescribeChange({0, 100000}, {300, 100000}), "fewer, p 7.8e-91");
}

}  // namespace
}  // namespace ordeal::stress
