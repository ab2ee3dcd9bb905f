#include "stress/night/tally.h"

#include <algorithm>
#include <vector>

#include "base/random.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "stress/night/tally_json.h"
#include "stress/night/tally_testing.h"

namespace ordeal::stress {
namespace {

TEST(Tally, MergingDoesNotDependOnTheOrder) {
  Rng rng(1);
  for (int i = 0; i < 2000; ++i) {
    const NightTally a = RandomTally(rng), b = RandomTally(rng), c = RandomTally(rng);
    EXPECT_EQ(Merged(a, b), Merged(b, a)) << i;
    EXPECT_EQ(Merged(Merged(a, b), c), Merged(a, Merged(b, c))) << i;
    EXPECT_EQ(Merged(Merged(a, {}), b), Merged(a, b)) << "an empty tally changes nothing; " << i;
  }
}

TEST(Tally, MergingAddsEveryNumberOnce) {
  ScenarioTally s{"xfree", "", {{"fine", 3}, {"ledger", 1}}, "ledger", "POWER", {"b", "a"}, {4, 3, 40, 1, 2, 1, 0.5, {}}};
  s.meters.skew.Add(5);
  const NightTally one{{s}, {{"SB", true, 7, 9}}};
  const NightTally two = Merged(one, one);
  ScenarioTally expected{"xfree", "", {{"fine", 6}, {"ledger", 2}}, "ledger", "POWER", {"a", "b"}, {8, 6, 80, 2, 4, 2, 1.0, {}}};
  expected.meters.skew.bucket[3] = 2;
  EXPECT_EQ(two, (NightTally{{expected}, {{"SB", true, 14, 18}}}));
  EXPECT_EQ(TotalRounds(two), 8u);
  EXPECT_EQ(AllFindings(two), (std::vector<std::string>{"a", "b"}));
}

TEST(Tally, WhatRanSomewhereHasRun) {
  const NightTally idle{{{.name = "numa", .not_run = "needs 2 NUMA nodes"}}, {}}, busy{{{.name = "numa", .meters = {.rounds = 5}}}, {}};
  EXPECT_EQ(Merged(idle, idle).scenarios[0].not_run, "needs 2 NUMA nodes");
  EXPECT_EQ(Merged(idle, busy).scenarios[0].not_run, "");
}

// Against the definition: so many of the sorted values are at most that.
TEST(Tally, QuantilesBoundTheValues) {
  Rng rng(2);
  for (int i = 0; i < 500; ++i) {
    TickHistogram h;
    std::vector<u64> values(1 + rng.Below(50));
    for (u64& v : values) h.Add(v = RandomCount(rng) >> 20);
    std::sort(values.begin(), values.end());
    EXPECT_EQ(h.Count(), values.size());
    for (const double q : {0.0, 0.01, 0.5, 0.9, 0.99, 1.0}) {
      const size_t rank = std::max<size_t>(1, static_cast<size_t>(std::ceil(q * static_cast<double>(values.size()))));
      const u64 value = values[rank - 1], bound = h.Quantile(q);
      EXPECT_LE(value, bound);
      EXPECT_GE(value, bound / 2) << "the bound is that of the value's own bucket";
    }
  }
  EXPECT_EQ(TickHistogram{}.Quantile(0.5), 0u);
  TickHistogram far;
  far.Add(~u64{0});
  EXPECT_EQ(far.bucket[47], 1u) << "what has no bucket is in the last";
}

TEST(TallyJson, ReadsBackWhatItWrote) {
  Rng rng(3);
  for (int i = 0; i < 2000; ++i) {
    NightTally t = RandomTally(rng);
    for (ScenarioTally& s : t.scenarios) s.meters.seconds = std::bit_cast<double>(rng.Next() >> 2);  // any double below 2
    const absl::StatusOr<Json> json = ParseJson(JsonLine(TallyToJson(t)), "tally");
    ASSERT_TRUE(json.ok()) << json.status();
    const absl::StatusOr<NightTally> back = TallyFromJson(*json, "tally");
    ASSERT_TRUE(back.ok()) << back.status();
    EXPECT_EQ(*back, t) << JsonLine(*json);
  }
}

// A text that is not UTF-8 is changed, and is no reason to die.
TEST(TallyJson, WritesWhatIsNotUtf8) {
  const std::string text = JsonLine(TallyToJson({{{.name = "\xff\xc3"}}, {}}));
  EXPECT_TRUE(ParseJson(text, "tally").ok());
}

TEST(TallyJson, SaysWhatItExpected) {
  const auto error = [](const std::string& text) {
    const absl::StatusOr<Json> json = ParseJson(text, "DIR/state.json");
    return std::string(json.ok() ? TallyFromJson(*json, "DIR/state.json").status().message() : json.status().message());
  };
  EXPECT_EQ(error("{"), "DIR/state.json: expected JSON, the text is damaged or ends too early");
  EXPECT_EQ(error("[]"), "DIR/state.json: expected an object");
  EXPECT_EQ(error("{}"), "DIR/state.json: expected \"v\" to be a whole number");
  EXPECT_EQ(error(R"({"v":2})"), "DIR/state.json: expected version 1 of the format");
  EXPECT_EQ(error(R"({"v":1,"scenarios":[],"canaries":7})"), "DIR/state.json: expected \"canaries\" to be a list");
  EXPECT_EQ(error(R"({"v":1,"scenarios":[],"canaries":[{"name":"SB","expected":1}]})"),
            "DIR/state.json: canary 0: expected \"expected\" to be true or false");
  EXPECT_EQ(error(R"({"v":1,"scenarios":[],"canaries":[{"name":"SB","expected":true,"weak":-1}]})"),
            "DIR/state.json: canary 0: expected \"weak\" to be a whole number");
}

// Every member is needed, at every depth; and whatever is put in its place, there is one line and no crash.
TEST(TallyJson, EveryMemberCounts) {
  const NightTally t{{{"xfree", "", {{"fine", 3}}, "w", "m", {"f"}, {1, 1, 1, 1, 1, 1, 1.5, {}}}}, {{"SB", true, 7, 9}}};
  const Json good = TallyToJson(t).flatten();
  for (const auto& [path, value] : good.items()) {
    for (const Json& other : {Json(nullptr), Json(-1), Json("text"), Json(1.5), Json::array({1}), Json{{"a", 1}}, Json(std::string(3, '\xff'))}) {
      Json bad = good;
      if (value.type() == other.type() || (value.is_number_float() && other.is_number())) continue;
      bad[path] = other;
      if (other.is_structured()) continue;  // cannot be unflattened
      const absl::StatusOr<NightTally> read = TallyFromJson(bad.unflatten(), "here");
      EXPECT_FALSE(read.ok()) << path << " = " << JsonLine(other);
      EXPECT_EQ(read.status().message().find('\n'), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace ordeal::stress
