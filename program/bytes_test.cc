#include "base/share_testing.h"
#include "program/bytes.h"

#include <algorithm>

#include "gtest/gtest.h"
#include "program/random_reproducer_testing.h"
#include "program/text.h"

namespace ordeal {
namespace {

absl::StatusOr<Reproducer> DecodeString(const std::string& bytes) { return Decode({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()}); }

// Whatever comes out encodes to what went in, and every error is one line.
void Check(const std::string& bytes) {
  const absl::StatusOr<Reproducer> r = DecodeString(bytes);
  if (r.ok()) {
    ASSERT_EQ(Encode(*r), bytes) << Format(*r);
  } else {
    ASSERT_EQ(r.status().message().find('\n'), std::string::npos) << r.status();
    ASSERT_NE(r.status().message().find("got "), std::string::npos) << r.status();
  }
}

// Byte for byte, so that a change of the form cannot go unseen: it needs a new version.
TEST(Bytes, ExampleBothWays) {
  const std::string expected(
      "ORD\x01"
      "\x26\x02\x80\x40"  // 64K, order 1, in-object, 1 slab; 2 CPUs; 8192 words
      "\x07"
      "\x40\x00"
      "\x02\x10"
      "\x04\x00\x03"
      "\x8e\x07\x10\x14"
      "\x8d\x03\x11\x30"
      "\x0b\x11"
      "\x89\x06\x01"  // 7 ops
      "\x05"
      "\x03\x01\x04"
      "\x04\x02\x01\x01\x01"
      "\x04\x03\x81"
      "\x06\x01\x02\x02\x01"
      "\x06\x02\x03\x07\x03\xde\xc0\0\0\0\0\0\0"  // 5 decisions
      "\x04slub"
      "\x04lkmm"
      "\x01"
      "\x14user.publish_relaxed"
      "\x0estale-contents"
      "\x0dordering/LKMM"
      "\x04user",
      8 + 1 + 2 + 2 + 3 + 4 + 4 + 2 + 3 + 1 + 3 + 5 + 3 + 5 + 13 + 5 + 5 + 1 + 21 + 15 + 14 + 5);
  EXPECT_EQ(Encode(ExampleReproducer()), expected);
  EXPECT_EQ(DecodeString(expected).value(), ExampleReproducer());
}

// The ops that came later: their kind, less 7, has a byte of its own.
TEST(Bytes, LaterOpsBothWays) {
  Reproducer r;
  r.program.geometry.cgroups = 2;
  r.program.ops = {
      {.id = 0, .kind = OpKind::kAlloc, .reg = 2, .charge = 2, .counted = true},
      {.id = 1, .kind = OpKind::kAlloc, .reg = 3, .counted = true},
      {.id = 2, .cpu = 1, .kind = OpKind::kShare, .reg = 2, .slot = 3, .publish = Publish::kLocked},
      {.id = 5, .kind = OpKind::kPut, .reg = 2, .put = Put::kShortcut},
      {.id = 6, .kind = OpKind::kTakeNext, .reg = 1, .reg2 = 7},
      {.id = 7, .kind = OpKind::kOffline, .cgroup = 2},
      {.id = 8, .kind = OpKind::kShrink},
      {.id = 9, .kind = OpKind::kFree, .reg = 3, .later = true},
      {.id = 10, .cpu = 1, .kind = OpKind::kFlush, .to = 1},
      {.id = 11, .kind = OpKind::kMigrate, .to = 1, .irq = 4},
      {.id = 12, .kind = OpKind::kDestroy},
      {.id = 13, .cpu = 1, .kind = OpKind::kDestroy},
  };
  const std::string ops(
      "\x0c"
      "\x40\x92"
      "\x00\x83"
      "\x0f\x00\x32\x06"
      "\x87\x01\x05\x22"
      "\x07\x04\x71"
      "\x07\x06\x02"
      "\x07\x08\x00"
      "\x01\x83"
      "\x0f\x09\x01"
      "\x07\x92\x04\x01"
      "\x07\x0a\x00"
      "\x0f\x0a\x00",
      1 + 2 + 2 + 4 + 4 + 3 + 3 + 3 + 2 + 3 + 4 + 3 + 3);
  const std::string bytes = Encode(r);
  EXPECT_EQ(bytes.substr(8, ops.size()), ops);
  EXPECT_EQ(DecodeString(bytes).value(), r);
}

TEST(Bytes, Lossless) {
  Rng rng(1);
  for (int i = 0; i < 5'000; ++i) {
    const Reproducer r = RandomReproducer(rng);
    const std::string bytes = Encode(r);
    const absl::StatusOr<Reproducer> back = DecodeString(bytes);
    ASSERT_TRUE(back.ok()) << back.status() << "\n" << Format(r);
    ASSERT_EQ(*back, r) << Format(r);
  }
}

TEST(Bytes, Compact) {
  Reproducer r;
  Rng rng(2);
  r.program = Generate(rng);
  EXPECT_LE(Encode(r).size(), 24 + 3 * r.program.ops.size());
}

TEST(Bytes, HashOfTheProgramAlone) {
  Reproducer r = ExampleReproducer();
  const uint64_t hash = ProgramHash(r.program);
  EXPECT_EQ(hash, 7231181046657506797u) << "the same on every machine";
  r.program.ops[0].charge = 0;
  EXPECT_NE(ProgramHash(r.program), hash);
  r = ExampleReproducer();
  r.program.geometry.slabs_per_cpu = 2;
  EXPECT_NE(ProgramHash(r.program), hash);
}

TEST(Bytes, EveryTruncationIsAnError) {
  Rng rng(3);
  for (int i = 0; i < ShareOf(50); ++i) {
    const std::string whole = Encode(RandomReproducer(rng));
    for (size_t n = 0; n < whole.size(); ++n) {
      ASSERT_FALSE(DecodeString(whole.substr(0, n)).ok()) << n << " of " << whole.size();
      Check(whole.substr(0, n));
    }
    ASSERT_FALSE(DecodeString(whole + '\0').ok());
  }
}

TEST(Bytes, EverySingleByteDamage) {
  Rng rng(4);
  std::vector<std::string> wholes = {Encode(ExampleReproducer()), Encode(Reproducer())};
  for (int i = 0; i < 5; ++i) wholes.push_back(Encode(RandomReproducer(rng)));
  for (std::string whole : wholes) {
    for (size_t at = 0; at < std::min<size_t>(whole.size(), 300); ++at) {
      const char good = whole[at];
      for (int value = 0; value < 256; value += TestShare()) {
        whole[at] = static_cast<char>(value);
        ASSERT_NO_FATAL_FAILURE(Check(whole)) << "byte " << at << " value " << value;
      }
      whole[at] = good;
      ASSERT_NO_FATAL_FAILURE(Check(whole.substr(0, at) + whole.substr(at + 1)));
    }
  }
}

TEST(Bytes, NoiseBehindTheMagic) {
  Rng rng(5);
  for (int i = 0; i < ShareOf(50'000); ++i) {
    std::string bytes = i % 2 ? std::string("ORD\x01") : "";
    for (uint64_t n = rng.Below(60); n > 0; --n) bytes.push_back(static_cast<char>(rng.Below(rng.Percent(50) ? 256 : 8)));
    ASSERT_NO_FATAL_FAILURE(Check(bytes));
  }
}

TEST(Bytes, ErrorsSayWhereWhatAndWhatInstead) {
  const std::string good = Encode(Reproducer());
  const auto error = [&](size_t at, char value) {
    std::string bytes = good;
    bytes.at(at) = value;
    const absl::StatusOr<Reproducer> r = DecodeString(bytes);
    return r.ok() ? "no error" : std::string(r.status().message());
  };
  EXPECT_EQ(DecodeString("").status().message(), "byte 0: got end of input, expected more");
  EXPECT_EQ(error(3, 2), "byte 4: got 2, expected the magic \"ORD\" and version 1");
  EXPECT_EQ(error(4, 3), "byte 5: got 3, expected a geometry");
  EXPECT_EQ(error(5, 9), "geometry: got cpus=9, expected 1..8");
  EXPECT_EQ(error(9, 100), "byte 10: got a text of 100 bytes, expected a shorter one");
  EXPECT_EQ(error(10, ' '), "got an allocator of 4 bytes, expected 1..64 letters, digits and _ . - / + : =");
  EXPECT_EQ(DecodeString(good + "x").status().message(), "byte 23: got more, expected end of input");
}

TEST(BytesDeathTest, EncodingNonsenseIsAProgrammersError) {
  Reproducer r;
  r.program.geometry.cpus = 9;
  EXPECT_DEATH(Encode(r), "cpus=9");
}

}  // namespace
}  // namespace ordeal
