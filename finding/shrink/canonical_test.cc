// Programs that differ in names alone have one canonical form, and having it changes nothing else.
#include "finding/shrink/canonical.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>

#include <gtest/gtest.h>

#include "base/random.h"
#include "program/generate.h"
#include "program/mutate.h"
#include "program/ops.h"
#include "program/validate.h"

namespace ordeal {
namespace {

template <size_t N>
std::array<u8, N> Shuffled(Rng& rng, u8 from, u8 to) {
  std::array<u8, N> all;
  std::iota(all.begin(), all.end(), u8{0});
  for (u8 i = to; i-- > from + 1;) std::swap(all[i], all[from + rng.Below(i - from + 1u)]);
  return all;
}

// Other CPUs, registers, slots, fields, ids; ops of different CPUs listed in another order.
Program Renamed(Program p, Rng& rng) {
  const auto cpus = Shuffled<kMaxCpus>(rng, 0, p.geometry.cpus);
  const auto slots = Shuffled<kSlots>(rng, 0, kSlots);
  const auto registers = Shuffled<kRegisters>(rng, 0, kRegisters);
  const auto fields = Shuffled<kFields>(rng, 1, kFields);
  u16 id = static_cast<u16>(rng.Below(100));
  for (Op& op : p.ops) {
    op.id = id++;
    op.cpu = cpus[op.cpu];
    op.reg = registers[op.reg];
    op.reg2 = registers[op.reg2];
    op.slot = slots[op.slot];
    op.slot2 = slots[op.slot2];
    if (UsesField(op.kind)) op.field = fields[op.field];
    op.to = cpus[op.to];
    op = Canonical(op);
  }
  for (size_t n = 0; n < 3 * p.ops.size(); ++n) {
    const size_t i = rng.Below(p.ops.size());
    if (i + 1 < p.ops.size() && p.ops[i].cpu != p.ops[i + 1].cpu) std::swap(p.ops[i], p.ops[i + 1]);
  }
  return p;
}

TEST(Canonical, NamesMakeNoDifference) {
  Rng rng(7);
  for (int i = 0; i < 2000; ++i) {
    const Program p = Generate(rng, {.max_ops = 16, .max_cpus = 3});
    EXPECT_EQ(Canonicalised(p), Canonicalised(Renamed(p, rng)));
  }
}

TEST(Canonical, ItIsItsOwnCanonicalForm) {
  Rng rng(8);
  for (int i = 0; i < 2000; ++i) {
    const Program once = Canonicalised(Generate(rng, {.max_ops = 24, .max_cpus = 4}));
    EXPECT_EQ(Canonicalised(once), once);
  }
}

// Valid, disciplined if it was, and every CPU does the same as before.
TEST(Canonical, ItDoesTheSame) {
  Rng rng(9);
  for (int i = 0; i < 2000; ++i) {
    const Program p = Generate(rng, {.max_ops = 24, .max_cpus = 4}), c = Canonicalised(p);
    ASSERT_TRUE(Validate(c).ok()) << Validate(c);
    EXPECT_EQ(BrokenDiscipline(c), "");
    EXPECT_EQ(c.ops.size(), p.ops.size());
    std::multimap<std::vector<OpKind>, int> before, after;
    for (int cpu = 0; cpu < kMaxCpus; ++cpu) {
      std::vector<OpKind> was, is;
      for (const Op& op : p.ops)
        if (op.cpu == cpu) was.push_back(op.kind);
      for (const Op& op : c.ops)
        if (op.cpu == cpu) is.push_back(op.kind);
      if (!was.empty()) before.insert({was, 0});
      if (!is.empty()) after.insert({is, 0});
    }
    EXPECT_EQ(before, after);
  }
}

}  // namespace
}  // namespace ordeal
