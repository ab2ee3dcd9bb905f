// A found execution, written as a litmus test, is one that the model allows: the litmus reader and the exhaustive search say so.
#include "finding/litmus_export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "finding/replay.h"
#include "memory/litmus/parser.h"
#include "memory/litmus/run.h"

namespace ordeal {
namespace {

using ::testing::HasSubstr;

absl::StatusOr<std::string> Exported(const std::string& name) {
  const std::string file = "corpus/bugs/" + name + ".ordeal";
  absl::StatusOr<Reproducer> r = ReadReproducer(file);
  if (!r.ok()) return r.status();
  return LitmusOf(*r, file);
}

litmus::RunReport Answer(const std::string& text, model::Rung rung) {
  const absl::StatusOr<litmus::Test> test = litmus::ParseLitmus(text, "exported");
  EXPECT_TRUE(test.ok()) << test.status() << "\n" << text;
  litmus::RunPlan plan;
  plan.rung = rung;
  plan.seconds = 0;
  return *litmus::RunTest(*test, plan);
}

class Ordering : public testing::TestWithParam<const char*> {};

// An ordering bug: allowed by the LKMM and by both weak machines, forbidden under SC and on x86.
TEST_P(Ordering, IsAllowedWhereItWasFoundAndForbiddenUnderSc) {
  const absl::StatusOr<std::string> text = Exported(GetParam());
  ASSERT_TRUE(text.ok()) << text.status();
  const auto observed = [&](model::Rung rung) {
    const litmus::RunReport r = Answer(*text, rung);
    EXPECT_TRUE(r.complete);
    return std::string(r.answer.Observation());
  };
  EXPECT_EQ(observed(model::Rung::kLkmm), "Sometimes") << *text;
  EXPECT_EQ(observed(model::Rung::kArmv8), "Sometimes");
  EXPECT_EQ(observed(model::Rung::kPower), "Sometimes");
  EXPECT_EQ(observed(model::Rung::kTso), "Never");
  EXPECT_EQ(observed(model::Rung::kSc), "Never");
}
INSTANTIATE_TEST_SUITE_P(Corpus, Ordering, testing::Values("user.publish_relaxed", "user.publish_relaxed.metadata"));

// An interleaving is allowed everywhere.
TEST(LitmusExport, AnInterleavingIsAllowedUnderSc) {
  const absl::StatusOr<std::string> text = Exported("slub.exts_reader_order");
  ASSERT_TRUE(text.ok()) << text.status();
  for (const model::Rung rung : {model::Rung::kSc, model::Rung::kTso, model::Rung::kArmv8, model::Rung::kPower, model::Rung::kLkmm}) {
    EXPECT_STREQ(Answer(*text, rung).answer.Observation(), "Sometimes") << model::RungName(rung) << "\n" << *text;
  }
}

// What is not about ordering at all has nothing to export, and says so.
TEST(LitmusExport, OneCpuIsRefused) {
  const absl::StatusOr<std::string> text = Exported("acct.stride_u16");
  ASSERT_FALSE(text.ok());
  EXPECT_THAT(std::string(text.status().message()),
              HasSubstr("acct.stride_u16.ordeal: a litmus test cannot say this execution: no location is shared"));
}

// ---- by hand: what cannot be said
model::TraceEvent Access(model::EventType type, u8 cpu, u32 addr, u8 bytes) {
  model::TraceEvent e{};
  e.type = type;
  e.order = Order::kOnce;
  e.cpu = cpu;
  e.addr = addr;
  e.bytes = bytes;
  e.rf[0] = e.rf[1] = e.newest[0] = e.newest[1] = model::kNoEvent;
  return e;
}

TEST(LitmusExport, SizesThatOverlapAreNamed) {
  model::Trace t;
  t.cpus = 2;
  t.events = {Access(model::EventType::kStore, 0, 64, 8), Access(model::EventType::kLoad, 1, 66, 2)};
  t.locations = {{8, {0}}};
  const absl::StatusOr<std::string> text = LitmusOf(t, "t");
  ASSERT_FALSE(text.ok());
  EXPECT_THAT(std::string(text.status().message()), HasSubstr("accesses of several sizes: 8 bytes at arena+0x40"));
}

TEST(LitmusExport, DoubleWordsAreNamed) {
  model::Trace t;
  t.cpus = 2;
  t.events = {Access(model::EventType::kRmw, 0, 64, 16), Access(model::EventType::kRmw, 1, 64, 16)};
  t.locations = {{8, {0, 1}}, {9, {0, 1}}};
  const absl::StatusOr<std::string> text = LitmusOf(t, "t");
  ASSERT_FALSE(text.ok());
  EXPECT_THAT(std::string(text.status().message()), HasSubstr("a double word: 16 bytes at arena+0x40"));
}

}  // namespace
}  // namespace ordeal
