#include "finding/shrink/canonical.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "program/ops.h"
#include "program/text.h"
#include "program/validate.h"

namespace ordeal {
namespace {

constexpr u8 kNone = 0xff;

// Numbers by order of first use.
class Names {
 public:
  Names() { of_.fill(kNone); }
  u8 Of(u8 old) { return of_[old] == kNone ? of_[old] = next_++ : of_[old]; }

 private:
  std::array<u8, 16> of_;
  u8 next_ = 0;
};

// The ops in an order in which they could run with these CPUs preferred in turn.
std::vector<Op> Listed(const Program& p, const std::vector<u8>& cpus) {
  std::vector<std::vector<Op>> left(kMaxCpus);
  for (const Op& op : p.ops) left[op.cpu].push_back(op);
  std::array<size_t, kMaxCpus> at{};
  std::array<int, kSlots> filled{};
  int links = 0;  // made, and not taken
  std::vector<Op> listed;
  const auto can_go = [&](u8 c, bool any) {
    if (at[c] == left[c].size()) return false;
    const Op& op = left[c][at[c]];
    return any || ((!Consumes(op.kind) || filled[op.slot] > 0) && (op.kind != OpKind::kTakeNext || links > 0));
  };
  while (listed.size() < p.ops.size()) {
    int pick = -1;
    for (const bool any : {false, true})
      for (const u8 c : cpus)
        if (pick < 0 && can_go(c, any)) pick = c;
    const Op& op = left[pick][at[pick]++];
    if (Publishes(op.kind)) ++filled[Target(op)];
    links += (op.kind == OpKind::kLink) - (op.kind == OpKind::kTakeNext);
    listed.push_back(op);
  }
  return listed;
}

// Each object that a CPU gets has a register of its own, as long as there are enough.
class Registers {
 public:
  explicit Registers(const std::vector<Op>& ops) {
    std::array<int, kMaxCpus> fills{};
    for (const Op& op : ops) fills[op.cpu] += Fills(op.kind) || FillsSecond(op.kind);
    fresh_ = std::ranges::all_of(fills, [](int n) { return n <= kRegisters; });
  }
  void Name(Op& op) {
    if (UsesRegister(op.kind)) op.reg = Of(op.cpu, op.reg, Fills(op.kind));
    if (UsesSecondRegister(op.kind)) op.reg2 = Of(op.cpu, op.reg2, FillsSecond(op.kind));
  }

 private:
  u8 Of(u8 cpu, u8 reg, bool fills) {
    if (!fresh_) return names_[cpu].Of(reg);
    u8& holds = holds_[cpu][reg];
    if (fills) holds = ++filled_[cpu];
    return holds == 0 ? 0 : static_cast<u8>(holds - 1);  // 0: an empty register, whichever
  }

  bool fresh_;
  std::array<Names, kMaxCpus> names_;
  std::array<std::array<u8, kRegisters>, kMaxCpus> holds_{};
  std::array<u8, kMaxCpus> filled_{};
};

Program Named(const Program& p, const std::vector<u8>& cpus) {
  Program out;
  out.geometry = p.geometry;
  out.geometry.cpus = static_cast<u8>(std::max<size_t>(1, cpus.size()));
  out.ops = Listed(p, cpus);
  const auto number_of = [&](u8 cpu) { return static_cast<u8>(std::ranges::find(cpus, cpu) - cpus.begin()); };
  Registers registers(out.ops);
  Names slots, fields;
  u16 id = 0;
  for (Op& op : out.ops) {
    op.id = id++;
    registers.Name(op);
    if (UsesField(op.kind) && op.field != 0) op.field = static_cast<u8>(1 + fields.Of(op.field));  // 0 is where the free list's link is
    if (Consumes(op.kind) || Publishes(op.kind)) op.slot = slots.Of(op.slot);
    if (op.kind == OpKind::kForward) op.slot2 = slots.Of(op.slot2);
    op.cpu = number_of(op.cpu);
    if (NamesCpu(op.kind)) op.to = number_of(op.to);
    op = Canonical(op);
  }
  return out;
}

std::string TextOf(const Program& p) {
  Reproducer r;
  r.program = p;
  return Format(r);
}

}  // namespace

Program Canonicalised(const Program& program) {
  std::vector<u8> cpus;
  for (u8 c = 0; c < kMaxCpus; ++c)
    if (std::ranges::any_of(program.ops, [&](const Op& op) { return op.cpu == c || (NamesCpu(op.kind) && op.to == c); })) cpus.push_back(c);
  Program best = Named(program, cpus);
  if (cpus.size() > 4) return best;  // more orders than are worth the while
  std::string least = TextOf(best);
  while (std::next_permutation(cpus.begin(), cpus.end())) {
    Program other = Named(program, cpus);
    std::string text = TextOf(other);
    if (text < least) {
      least = std::move(text);
      best = std::move(other);
    }
  }
  return best;
}

}  // namespace ordeal
