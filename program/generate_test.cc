#include "program/generate.h"

#include <cstdio>
#include <map>
#include <string>

#include "base/hash.h"
#include "base/share_testing.h"
#include "gtest/gtest.h"
#include "program/names.h"
#include "program/text.h"
#include "program/validate.h"

namespace ordeal {
namespace {

std::string Text(const Program& program) {
  Reproducer r;
  r.program = program;
  return Format(r);
}

TEST(Generate, ValidDisciplinedNumberedAndWithinLimits) {
  Rng rng(1);
  for (int i = 0; i < ShareOf(20'000); ++i) {
    GenerateOptions options;
    if (i % 2) options = {.max_ops = static_cast<int>(rng.Between(2, kMaxOps)), .max_cpus = static_cast<int>(rng.Between(2, kMaxCpus))};
    const Program p = Generate(rng, options);
    ASSERT_TRUE(Validate(p).ok()) << Validate(p) << "\n" << Text(p);
    ASSERT_EQ(BrokenDiscipline(p), "") << Text(p);
    ASSERT_GE(p.ops.size(), 2u);
    ASSERT_LE(p.ops.size(), static_cast<size_t>(options.max_ops));
    ASSERT_LE(p.geometry.cpus, options.max_cpus);
    for (size_t id = 0; id < p.ops.size(); ++id) ASSERT_EQ(p.ops[id].id, id);
  }
}

// The same number with every compiler and on every machine. A change of weights or stories changes it: then write down the new one.
TEST(Generate, TheSameEverywhere) {
  RollingHash hash;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Rng rng(seed);
    hash.Add(HashBytes(Text(Generate(rng, {.max_ops = 60}))));
  }
  EXPECT_EQ(hash.value(), 7890589888717010721u);
}

// How often each value turns up, per cent of programs, measured on a fixed seed.
class Distribution : public testing::Test {
 protected:
  static constexpr int kPrograms = 20'000;

  static void SetUpTestSuite() {
    Rng rng(7);
    for (int i = 0; i < kPrograms; ++i) {
      const Program p = Generate(rng);
      CountGeometry(p.geometry);
      CountOps(p);
      CountStories(p);
    }
    for (const auto& [what, n] : *count_) std::printf("  %-28s %6.2f %%\n", what.c_str(), 100.0 * n / kPrograms);
  }

  static void Count(const std::string& what) { ++(*count_)[what]; }

  static void CountGeometry(const Geometry& g) {
    Count("page " + std::to_string(g.page_bytes));
    Count("order " + std::to_string(g.page_order));
    Count("exts " + std::string(ExtsName(g.exts)));
    Count("cpus " + std::to_string(g.cpus));
    Count("slabs " + std::to_string(g.slabs_per_cpu));
    if ((g.object_bytes & (g.object_bytes - 1)) == 0) Count("object " + std::to_string(g.object_bytes));
    if (g.object_bytes % 16 == 8) Count("object odd multiple of 8");
    if (g.object_bytes > 65535) Count("object beyond 16 bits");
    if (g.objects_per_slab() == 1) Count("one object to a slab");
    const bool huge = g.object_bytes == 65536 || g.object_bytes == 131072;
    if (g.page_bytes == 65536 && g.page_order >= 1 && huge && g.objects_per_slab() >= 2 && g.exts == Exts::kInObject) Count("huge corner");
  }

  static void CountOps(const Program& p) {
    std::map<std::string, bool> seen;
    for (const Op& op : p.ops) {
      seen["op " + std::string(OpKindName(op.kind))] = true;
      if (op.later) seen["free later"] = true;
      if (op.kind == OpKind::kPut) seen["put " + std::string(PutName(op.put))] = true;
      if (op.kind == OpKind::kPublish) seen["publish " + std::string(PublishName(op.publish))] = true;
      if (op.kind == OpKind::kConsume) seen["consume " + std::string(ConsumeName(op.consume))] = true;
      if (op.kind == OpKind::kForward) seen["forward " + std::string(ConsumeName(op.consume)) + " " + std::string(PublishName(op.publish))] = true;
    }
    for (const auto& [what, _] : seen) Count(what);
    Count(p.ops.size() <= 4 ? "ops 2..4" : p.ops.size() <= 8 ? "ops 5..8" : p.ops.size() <= 16 ? "ops 9..16" : "ops 17..24");
  }

  // What the stories are for, recognised from the outside.
  static void CountStories(const Program& p) {
    int remote_frees = 0, allocs_on[kMaxCpus] = {}, slot_from[kSlots], from[kMaxCpus][kRegisters];
    bool uncharged[kMaxCpus][kRegisters] = {}, slot_uncharged[kSlots] = {}, freed[kMaxCpus] = {};
    bool late = false, reuse = false, owner_charged_later[kMaxCpus] = {};
    for (const Op& op : p.ops) {
      if (op.kind == OpKind::kAlloc) {
        from[op.cpu][op.reg] = op.cpu;
        uncharged[op.cpu][op.reg] = op.charge == 0;
        if (op.charge != 0 && allocs_on[op.cpu] > 0) owner_charged_later[op.cpu] = true;
        reuse |= freed[op.cpu];
        ++allocs_on[op.cpu];
      }
      if (op.kind == OpKind::kPublish) slot_from[op.slot] = from[op.cpu][op.reg], slot_uncharged[op.slot] = uncharged[op.cpu][op.reg];
      if (op.kind == OpKind::kForward) slot_from[op.slot2] = slot_from[op.slot], slot_uncharged[op.slot2] = slot_uncharged[op.slot];
      if (op.kind == OpKind::kConsume) from[op.cpu][op.reg] = slot_from[op.slot], uncharged[op.cpu][op.reg] = slot_uncharged[op.slot];
      if (op.kind == OpKind::kFree) {
        freed[op.cpu] = true;
        const int owner = from[op.cpu][op.reg];
        if (owner == op.cpu) continue;
        ++remote_frees;
        late |= uncharged[op.cpu][op.reg] && owner_charged_later[owner] && p.geometry.exts == Exts::kLate;
      }
    }
    if (remote_frees > 0) Count("has remote free");
    if (remote_frees > 1) Count("has two remote frees");
    if (late) Count("has late exts");
    if (reuse) Count("has reuse");
  }

  static void ExpectAtLeast(const std::string& what, double percent) { EXPECT_GE(100.0 * (*count_)[what] / kPrograms, percent) << what; }

  static inline std::map<std::string, int>* count_ = new std::map<std::string, int>();
};

TEST_F(Distribution, EveryValueOfTheGeometry) {
  for (const char* value : {"page 4096", "page 16384", "page 65536", "order 0", "order 1", "order 2", "exts none", "exts late", "exts in-object",
                            "cpus 2", "cpus 3", "cpus 4", "slabs 1", "slabs 2"}) {
    ExpectAtLeast(value, 10);
  }
  for (int bytes = 32; bytes <= 131072; bytes *= 2) ExpectAtLeast("object " + std::to_string(bytes), 1.5);
  ExpectAtLeast("object odd multiple of 8", 20);
  ExpectAtLeast("object beyond 16 bits", 5);
}

TEST_F(Distribution, StridesThatSixteenBitsCannotHold) { ExpectAtLeast("huge corner", 3); }

TEST_F(Distribution, EveryOpAndOrder) {
  constexpr double kLeast[kOpKinds] = {40, 40, 40, 40, 40, 40, 10, 10, 10, 7, 7, 7, 2, 2, 3, 3, 5, 7, 4};
  for (int k = 0; k < kOpKinds; ++k) ExpectAtLeast("op " + std::string(kOpKindNames[k]), kLeast[k]);
  ExpectAtLeast("free later", 7);
  for (std::string_view form : kPutNames) ExpectAtLeast("put " + std::string(form), 3);
  for (const char* value : {"publish locked", "consume locked", "publish release", "publish mb", "publish xchg", "consume once", "consume rmb",
                            "consume acquire", "consume xchg", "consume xchg_acquire"}) {
    ExpectAtLeast(value, 5);
  }
}

TEST_F(Distribution, EveryStoryAndSize) {
  ExpectAtLeast("has remote free", 60);
  ExpectAtLeast("has two remote frees", 20);
  ExpectAtLeast("has late exts", 8);
  ExpectAtLeast("has reuse", 15);
  for (const char* size : {"ops 2..4", "ops 5..8", "ops 9..16", "ops 17..24"}) ExpectAtLeast(size, 3);
}

}  // namespace
}  // namespace ordeal
