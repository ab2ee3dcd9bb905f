#include "base/share_testing.h"
#include "program/mutate.h"

#include <set>
#include <string>

#include "base/hash.h"
#include "gtest/gtest.h"
#include "program/random_reproducer_testing.h"
#include "program/text.h"
#include "program/validate.h"

namespace ordeal {
namespace {

std::string Text(const Program& program) {
  Reproducer r;
  r.program = program;
  return Format(r);
}

void ExpectGood(const Program& p, const GenerateOptions& options) {
  ASSERT_TRUE(Validate(p).ok()) << Validate(p) << "\n" << Text(p);
  ASSERT_EQ(BrokenDiscipline(p), "") << Text(p);
  ASSERT_GE(p.ops.size(), 2u);
  ASSERT_LE(p.ops.size(), static_cast<size_t>(options.max_ops));
  ASSERT_LE(p.geometry.cpus, options.max_cpus);
  for (size_t id = 0; id < p.ops.size(); ++id) ASSERT_EQ(p.ops[id].id, id);
}

GenerateOptions RandomOptions(Rng& rng) {
  GenerateOptions options;
  options.max_ops = static_cast<int>(rng.Percent(50) ? 24 : rng.Between(2, kMaxOps));
  options.max_cpus = static_cast<int>(rng.Between(2, kMaxCpus));
  return options;
}

// Every bit at random: not even well-formed.
Program Noise(Rng& rng) {
  Program p;
  p.geometry = {.page_bytes = static_cast<u32>(rng.Next()),
                .page_order = static_cast<u8>(rng.Next()),
                .object_bytes = static_cast<u32>(rng.Next()),
                .exts = static_cast<Exts>(rng.Next()),
                .cpus = static_cast<u8>(rng.Next()),
                .slabs_per_cpu = static_cast<u8>(rng.Next())};
  for (uint64_t n = rng.Percent(3) ? 600 : rng.Below(40); n > 0; --n) {
    const auto byte = [&] { return static_cast<u8>(rng.Next()); };
    p.ops.push_back({.id = static_cast<u16>(rng.Percent(5) ? kInitOp : rng.Below(500)),
                     .cpu = byte(),
                     .kind = static_cast<OpKind>(byte()),
                     .reg = byte(),
                     .slot = byte(),
                     .slot2 = byte(),
                     .field = byte(),
                     .charge = static_cast<u8>(rng.Below(4)),
                     .publish = static_cast<Publish>(byte()),
                     .consume = static_cast<Consume>(byte()),
                     .reg2 = byte(),
                     .put = static_cast<Put>(byte()),
                     .counted = rng.Percent(50),
                     .cgroup = byte(),
                     .later = rng.Percent(50),
                     .to = byte()});
  }
  return p;
}

TEST(Mutate, StaysGoodOverLongChains) {
  Rng rng(1);
  for (int chain = 0; chain < ShareOf(200); ++chain) {
    const GenerateOptions options = RandomOptions(rng);
    Program p = Generate(rng, options);
    for (int i = 0; i < 100; ++i) {
      Mutate(p, rng, options);
      ASSERT_NO_FATAL_FAILURE(ExpectGood(p, options));
    }
  }
}

TEST(Mutate, AcceptsAnything) {
  Rng rng(2);
  for (int i = 0; i < 3'000; ++i) {
    const GenerateOptions options = RandomOptions(rng);
    Program p = i % 2 ? Noise(rng) : RandomReproducer(rng).program;
    Mutate(p, rng, options);
    ASSERT_NO_FATAL_FAILURE(ExpectGood(p, options));
  }
}

TEST(Mutate, ChangesNearlyAlwaysAndKeepsMost) {
  Rng rng(3);
  int same = 0;
  size_t before = 0, after = 0;
  for (int i = 0; i < 3'000; ++i) {
    const Program p = Generate(rng);
    Program q = p;
    Mutate(q, rng);
    same += p == q;
    before += p.ops.size();
    after += q.ops.size();
  }
  EXPECT_LT(same, 300);
  EXPECT_GT(after, before * 8 / 10) << "mutations destroy more than they make";
  EXPECT_LT(after, before * 14 / 10);
}

// From one small program every kind of op, every page and every number of CPUs is within reach.
TEST(Mutate, ReachesEverything) {
  Rng rng(4);
  std::set<OpKind> kinds;
  std::set<std::tuple<u32, int, Exts>> geometries;
  std::set<std::tuple<u8, u8, bool, StrideAt>> machines;
  std::set<int> cpus;
  Program p = Generate(rng, {.max_ops = 2});
  for (int i = 0; i < ShareOf(40'000); ++i) {
    Mutate(p, rng);
    for (const Op& op : p.ops) kinds.insert(op.kind);
    geometries.insert({p.geometry.page_bytes, p.geometry.page_order, p.geometry.exts});
    machines.insert({p.geometry.nodes, p.geometry.cgroups, p.geometry.dwcas, p.geometry.stride});
    cpus.insert(p.geometry.cpus);
  }
  if (TestShare() > 1) return;
  EXPECT_EQ(kinds.size(), static_cast<size_t>(kOpKinds));
  EXPECT_EQ(geometries.size(), 36u);
  EXPECT_EQ(machines.size(), 36u);
  EXPECT_EQ(cpus, (std::set<int>{2, 3, 4}));
}

TEST(CrossOver, StaysGood) {
  Rng rng(5);
  for (int i = 0; i < 5'000; ++i) {
    const GenerateOptions options = RandomOptions(rng);
    const Program a = i % 3 ? Generate(rng, options) : RandomReproducer(rng).program;
    const Program b = i % 5 ? Generate(rng, options) : Noise(rng);
    ASSERT_NO_FATAL_FAILURE(ExpectGood(CrossOver(a, b, rng, options), options));
  }
}

// Slots and registers step aside, so that Repair has nothing to drop: on average half of the time all of a parent is taken,
// otherwise half of it.
TEST(CrossOver, WhatCrossesSurvives) {
  Rng rng(10);
  size_t parents = 0, children = 0;
  for (int i = 0; i < 2'000; ++i) {
    const Program a = Generate(rng, {.max_ops = 8, .max_cpus = 2}), b = Generate(rng, {.max_ops = 8, .max_cpus = 2});
    parents += a.ops.size() + b.ops.size();
    children += CrossOver(a, b, rng, {.max_ops = 24, .max_cpus = 2}).ops.size();
  }
  EXPECT_GT(children, parents * 72 / 100);
}

TEST(CrossOver, HasSomethingOfBoth) {
  Rng rng(6);
  int both = 0;
  for (int i = 0; i < 1'000; ++i) {
    Program a = Generate(rng), b = Generate(rng);
    for (Op& op : a.ops) op.field = op.field ? 1 : 0;
    for (Op& op : b.ops) op.field = op.kind == OpKind::kWrite || op.kind == OpKind::kRead ? 2 : 0;
    const Program c = CrossOver(a, b, rng);
    bool of_a = false, of_b = false;
    for (const Op& op : c.ops) {
      const bool access = op.kind == OpKind::kWrite || op.kind == OpKind::kRead;
      of_a |= access && op.field != 2;
      of_b |= access && op.field == 2;
    }
    both += of_a && of_b;
  }
  EXPECT_GT(both, 300);
}

TEST(Repair, MakesAnythingGoodAndIsIdempotent) {
  Rng rng(7);
  for (int i = 0; i < ShareOf(10'000); ++i) {
    Program p = i % 2 ? Noise(rng) : RandomReproducer(rng).program;
    Repair(p);
    ASSERT_TRUE(Validate(p).ok()) << Validate(p);
    ASSERT_EQ(BrokenDiscipline(p), "") << Text(p);
    const Program once = p;
    Repair(p);
    ASSERT_EQ(p, once) << Text(once) << "became\n" << Text(p);
  }
}

TEST(Repair, LeavesTheDisciplinedAlone) {
  Rng rng(8);
  for (int i = 0; i < 5'000; ++i) {
    Program p = Generate(rng, RandomOptions(rng));
    for (Op& op : p.ops) op.id = static_cast<u16>(op.id * 7 + 3);  // ids are the file's, and stay
    const Program before = p;
    Repair(p);
    ASSERT_EQ(p, before) << Text(before);
  }
}

TEST(Repair, FixesWhatCanBeFixedAndDropsTheRest) {
  Program p = Parse(
                  "ordeal 1\n"
                  "op 9 cpu 0 alloc a charged\n"
                  "op 8 cpu 0 publish a s0 once\n"     // strengthened
                  "op 7 cpu 0 free a\n"                // dropped: handed over
                  "op 6 cpu 1 consume b s0 plain\n"    // strengthened
                  "op 5 cpu 1 consume c s0 acquire\n"  // dropped: taken twice
                  "op 4 cpu 1 free c\n"                // dropped with it
                  "op 3 cpu 1 free b\n",
                  "f")
                  .value()
                  .program;
  Repair(p);
  EXPECT_EQ(Text(p),
            "ordeal 1\nallocator slub\nmodel lkmm\ngeometry page=4K order=0 object=256 exts=late cpus=2 slabs=1\n"
            "op 9 cpu 0 alloc a charged\nop 8 cpu 0 publish a s0 release\nop 6 cpu 1 consume b s0 acquire\nop 3 cpu 1 free b\n");
}

// All CPUs give the cache up as the last that they do, or none does.
TEST(Repair, TheCacheEndsWhereEverybodyGivesItUp) {
  const auto repaired = [](const char* ops) {
    Program p;
    for (const char* at = ops; *at != 0; ++at)  // digits: an op of that CPU; D and E: CPU 0 and CPU 1 destroy
      p.ops.push_back({.id = static_cast<u16>(at - ops),
                       .cpu = static_cast<u8>(*at == 'E' || *at == '1'),
                       .kind = *at >= 'D' ? OpKind::kDestroy : OpKind::kDrain});
    Repair(p);
    std::string text;
    for (const Op& op : p.ops) text += op.kind == OpKind::kDestroy ? (op.cpu == 0 ? 'D' : 'E') : static_cast<char>('0' + op.cpu);
    return text;
  };
  EXPECT_EQ(repaired("01DE"), "01DE");
  EXPECT_EQ(repaired("0D1E"), "0D1E") << "the last of its CPU is enough";
  EXPECT_EQ(repaired("D01E"), "01DE");
  EXPECT_EQ(repaired("0DD1E"), "01DE");
  EXPECT_EQ(repaired("01D"), "01") << "CPU 1 would go on";
  EXPECT_EQ(repaired("0D"), "0D") << "there is no other";
}

// Of a hand-over that holds the lock on one side, the taker does as the publisher does.
// An interrupt whose op is dropped comes into the next one, where it may not be.
TEST(Repair, LooksAgainWhereAnInterruptedOpIsGone) {
  Program p;
  p.ops = {{.id = 0, .kind = OpKind::kAlloc, .reg = 0},
           {.id = 1, .kind = OpKind::kFree, .reg = 0, .irq = 2},
           {.id = 2, .kind = OpKind::kRead, .reg = 5, .field = 1},
           {.id = 3, .kind = OpKind::kAlloc, .reg = 0}};
  Repair(p);
  ASSERT_EQ(p.ops.size(), 3u);
  EXPECT_EQ(FormatOp(p.ops[1]), "op 1 cpu 0 free a");
  EXPECT_TRUE(KeepsDiscipline(p));
}

TEST(Repair, MakesPairsOfLocks) {
  Program p =
      Parse("ordeal 1\nop 0 cpu 0 alloc a\nop 1 cpu 0 publish a s0 locked\nop 2 cpu 1 forward s0 s1 once release\nop 3 cpu 1 consume a s1 locked\n",
            "f")
          .value()
          .program;
  Repair(p);
  EXPECT_EQ(FormatOp(p.ops[2]), "op 2 cpu 1 forward s0 s1 locked release");
  EXPECT_EQ(FormatOp(p.ops[3]), "op 3 cpu 1 consume a s1 acquire");
}

// As TheSameEverywhere of generate_test.cc.
TEST(Mutate, TheSameEverywhere) {
  RollingHash hash;
  Rng rng(9);
  Program a = Generate(rng), b = Generate(rng);
  for (int i = 0; i < 300; ++i) {
    Mutate(a, rng);
    hash.Add(HashBytes(Text(a)));
    b = CrossOver(a, b, rng);
    hash.Add(HashBytes(Text(b)));
  }
  EXPECT_EQ(hash.value(), 6400509679351546729u);
}

}  // namespace
}  // namespace ordeal
