// What is kept, and what is mutated next?
#include "fuzz/driver/corpus.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "fuzz/driver/features.h"

namespace ordeal::driver {
namespace {

using Change = Corpus::Change;

Unit Bytes(size_t n) { return Unit(n, 'x'); }

TEST(Features, AreTheCountersOrdersOfMagnitude) {
  Rng rng(1);
  for (int round = 0; round < 200; ++round) {
    std::vector<uint8_t> counters(rng.Below(70));
    for (uint8_t& c : counters) c = rng.Percent(70) ? 0 : static_cast<uint8_t>(rng.Below(256));
    std::vector<uint32_t> features, expected;
    CollectFeatures(counters, &features);
    constexpr int kFrom[] = {1, 2, 3, 4, 8, 16, 32, 128};
    for (uint32_t i = 0; i < counters.size(); ++i)
      for (uint32_t b = 0; b < kBuckets; ++b)
        if (counters[i] >= kFrom[b] && (b == 7 || counters[i] < kFrom[b + 1])) expected.push_back(i * kBuckets + b);
    EXPECT_EQ(features, expected);
  }
}

// Whatever comes, the corpus shows every feature that was seen, and each of its inputs was the first with one of them.
TEST(Corpus, ShowsWhateverWasSeen) {
  Rng rng(2);
  for (int round = 0; round < 50; ++round) {
    Corpus corpus;
    std::set<uint32_t> seen;
    for (int run = 0; run < 200; ++run) {
      std::set<uint32_t> features;
      for (uint64_t n = rng.Below(6); n > 0; --n) features.insert(static_cast<uint32_t>(rng.Below(60)));
      const size_t before = seen.size();
      seen.insert(features.begin(), features.end());
      const size_t parent = corpus.size() > 0 ? corpus.Pick(rng) : Corpus::kNobody;
      const Change change = corpus.Consider(Bytes(1 + rng.Below(9)), std::vector<uint32_t>(features.begin(), features.end()), parent, true);
      EXPECT_EQ(change == Change::kNew, seen.size() > before);
    }
    std::set<uint32_t> kept;
    for (size_t i = 0; i < corpus.size(); ++i) {
      EXPECT_FALSE(corpus[i].unique.empty());
      kept.insert(corpus[i].unique.begin(), corpus[i].unique.end());
    }
    EXPECT_EQ(kept, seen);
    EXPECT_EQ(corpus.features(), seen.size());
  }
}

TEST(Corpus, AShorterInputTakesTheParentsPlaceIfItShowsAllThatTheParentIsKeptFor) {
  Corpus corpus;
  ASSERT_EQ(corpus.Consider(Bytes(9), std::vector<uint32_t>{3, 5}, Corpus::kNobody, true), Change::kNew);
  EXPECT_EQ(corpus.Consider(Bytes(8), std::vector<uint32_t>{3}, 0, true), Change::kNone) << "5 is lost";
  EXPECT_EQ(corpus.Consider(Bytes(9), std::vector<uint32_t>{3, 5}, 0, true), Change::kNone) << "no shorter";
  EXPECT_EQ(corpus.Consider(Bytes(8), std::vector<uint32_t>{3, 5}, Corpus::kNobody, true), Change::kNone) << "nobody's child";
  EXPECT_EQ(corpus.Consider(Bytes(8), std::vector<uint32_t>{3, 5}, 0, false), Change::kNone) << "not asked for";
  EXPECT_EQ(corpus.Consider(Bytes(8), std::vector<uint32_t>{3, 5}, 0, true), Change::kReduced);
  EXPECT_EQ(corpus.size(), 1u);
  EXPECT_EQ(corpus.bytes(), 8u);
  EXPECT_EQ(corpus.longest(), 8u);
}

TEST(Corpus, RareFeaturesAreLookedAtMoreOften) {
  Corpus corpus;
  corpus.Consider(Bytes(1), std::vector<uint32_t>{1}, Corpus::kNobody, true);
  corpus.Consider(Bytes(1), std::vector<uint32_t>{2}, Corpus::kNobody, true);
  for (int i = 0; i < 500; ++i) corpus.Consider(Bytes(1), std::vector<uint32_t>{1}, Corpus::kNobody, true);
  Rng rng(3);
  std::map<size_t, int> picked;
  for (int i = 0; i < 1000; ++i) ++picked[corpus.Pick(rng)];
  EXPECT_GT(picked[1], 10 * picked[0]);
}

TEST(Unit, HasThePublishedSha1) {
  const std::string text = "abc";  // FIPS 180-4, the first example
  EXPECT_EQ(Sha1({reinterpret_cast<const uint8_t*>(text.data()), text.size()}), "a9993e364706816aba3e25717850c26c9cd0d89d");
}

}  // namespace
}  // namespace ordeal::driver
