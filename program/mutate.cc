#include "program/mutate.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "program/change.h"
#include "program/ops.h"
#include "program/story.h"

namespace ordeal {
namespace {

using Ops = std::vector<Op>;

// Within the options, valid, disciplined, numbered, and not empty.
void Finish(Program& p, const GenerateOptions& options, Rng& rng) {
  const size_t most = static_cast<size_t>(std::clamp(options.max_ops, 2, kMaxOps));
  for (;;) {
    if (p.ops.size() > most) DeleteRange(p, p.ops.size() - most, rng);
    Renumber(p);
    Repair(p);
    if (p.ops.size() >= 2) break;
    InsertStory(p, rng);
  }
  Renumber(p);
}

void Limit(Program& p, const GenerateOptions& options) {
  p.geometry.cpus = static_cast<u8>(std::min<int>(p.geometry.cpus, std::clamp(options.max_cpus, 2, kMaxCpus)));
  Renumber(p);
  Repair(p);
}

// Makes room for `ours`: other slots and registers than theirs, as long as there are some.
void StepAside(Ops& ours, const Program& theirs) {
  std::array<unsigned, kMaxCpus> used = {};
  for (Op op : theirs.ops) ForEachRegister(op, [&](u8 reg) { used[op.cpu] |= 1u << reg; });
  unsigned slots = ~FreeSlots(theirs);
  std::array<int, kSlots> slot_to;
  std::array<std::array<int, kRegisters>, kMaxCpus> reg_to;
  slot_to.fill(-1);
  for (auto& row : reg_to) row.fill(-1);
  const auto move = [](u8& number, int& to, unsigned& taken) {
    if (to < 0) {
      to = (~taken & 0xff) != 0 ? std::countr_zero(~taken & 0xff) : number;
      taken |= 1u << to;
    }
    number = static_cast<u8>(to);
  };
  for (Op& op : ours) {
    ForEachRegister(op, [&](u8& reg) { move(reg, reg_to[op.cpu][reg], used[op.cpu]); });
    if (Publishes(op.kind) || Consumes(op.kind)) move(op.slot, slot_to[op.slot], slots);
    if (op.kind == OpKind::kForward) move(op.slot2, slot_to[op.slot2], slots);
  }
}

}  // namespace

void Mutate(Program& program, Rng& rng, const GenerateOptions& options) {
  Limit(program, options);
  int left = 1;
  while (left < 4 && rng.Percent(40)) ++left;
  for (; left > 0; --left) {
    Change(program, rng, options);
    if (program.ops.size() > kMaxOps) program.ops.resize(kMaxOps);
    Renumber(program);
    Repair(program);
  }
  Finish(program, options, rng);
}

// A beginning of each, or all of it, riffled: beginnings of disciplined programs are disciplined.
Program CrossOver(const Program& a, const Program& b, Rng& rng, const GenerateOptions& options) {
  Program first = a, second = b;
  if (rng.Percent(50)) std::swap(first, second);
  Program out = {.geometry = first.geometry, .ops = std::move(first.ops)};
  second.geometry = out.geometry;
  Limit(out, options);
  Limit(second, options);
  if (rng.Percent(50)) out.ops.resize(rng.Below(out.ops.size() + 1));
  if (rng.Percent(50)) second.ops.resize(rng.Below(second.ops.size() + 1));
  StepAside(second.ops, out);
  Ops merged;
  for (size_t i = 0, j = 0; i < out.ops.size() || j < second.ops.size();) {
    const size_t ours = out.ops.size() - i, theirs = second.ops.size() - j;
    merged.push_back(rng.Below(ours + theirs) < ours ? out.ops[i++] : second.ops[j++]);
  }
  out.ops = std::move(merged);
  Finish(out, options, rng);
  return out;
}

}  // namespace ordeal
