#include "program/change.h"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <utility>

#include "program/ops.h"
#include "program/story.h"

namespace ordeal {
namespace {

using Ops = std::vector<Op>;

size_t AnyIndex(const Ops& ops, Rng& rng) { return rng.Below(ops.size()); }

// A bit of `mask`, none if it is 0.
std::optional<u8> AnyBit(unsigned mask, Rng& rng) {
  if (mask == 0) return std::nullopt;
  for (uint64_t skip = rng.Below(static_cast<unsigned>(std::popcount(mask))); skip > 0; --skip) mask &= mask - 1;
  return static_cast<u8>(std::countr_zero(mask));
}

// What an object goes through in one register: the ops of one CPU on it around `index`, from its fill to its release.
std::vector<size_t> HoldAround(const Ops& ops, size_t index) {
  std::vector<size_t> hold;
  const Op& middle = ops[index];
  if (!UsesRegister(middle.kind)) return {index};
  for (size_t i = 0; i < ops.size(); ++i) {
    if (ops[i].cpu != middle.cpu || ops[i].reg != middle.reg || !UsesRegister(ops[i].kind)) continue;
    if (Fills(ops[i].kind) && i <= index) hold.clear();
    if (Fills(ops[i].kind) && i > index) break;
    hold.push_back(i);
    if (Empties(ops[i].kind) && i >= index) break;
    if (Empties(ops[i].kind)) hold.clear();
  }
  return hold;
}

// An op that makes sense at this place, given what its CPU holds there and which slots are free or waiting to be taken.
Op SensibleOp(const Program& p, size_t place, Rng& rng) {
  Op op;
  op.cpu = static_cast<u8>(rng.Below(p.geometry.cpus));
  unsigned filled = 0, published = 0, taken = 0;
  for (size_t i = 0; i < p.ops.size(); ++i) {
    const Op& o = p.ops[i];
    if (Publishes(o.kind)) published |= 1u << Target(o);
    if (Consumes(o.kind)) taken |= 1u << o.slot;
    if (i >= place || o.cpu != op.cpu) continue;
    if (Fills(o.kind)) filled |= 1u << o.reg;
    if (Empties(o.kind)) filled &= ~(1u << o.reg);
  }
  const std::optional<u8> held = AnyBit(filled, rng), free = AnyBit(FreeSlots(p), rng), waiting = AnyBit(published & ~taken, rng);
  const unsigned has = held ? 1 : 0, gives = held && free ? 1 : 0, gets = waiting ? 1 : 0, passes = waiting && free ? 1 : 0;
  constexpr OpKind kKinds[] = {OpKind::kAlloc,   OpKind::kFree,    OpKind::kWrite,  OpKind::kRead,
                               OpKind::kPublish, OpKind::kConsume, OpKind::kForward};
  op.kind = kKinds[rng.Weighted(std::array<unsigned, 7>{20, 20 * has, 15 * has, 15 * has, 15 * gives, 30 * gets, 10 * passes})];
  op.reg = Fills(op.kind) ? AnyBit(~filled & 0xff, rng).value_or(0) : held.value_or(0);
  op.slot = op.kind == OpKind::kPublish ? free.value_or(0) : waiting.value_or(0);
  op.slot2 = free.value_or(0);
  op.field = static_cast<u8>(rng.Below(kFields));
  op.charge = RandomCharge(rng, p.geometry);
  op.publish = RandomPublish(rng);
  op.consume = RandomConsume(rng);
  return op;  // Repair clears what its kind does not use
}

void InsertOp(Program& p, Rng& rng) {
  const size_t place = rng.Below(p.ops.size() + 1);
  p.ops.insert(p.ops.begin() + static_cast<std::ptrdiff_t>(place), SensibleOp(p, place, rng));
}

void DeleteOp(Program& p, Rng& rng) { p.ops.erase(p.ops.begin() + static_cast<std::ptrdiff_t>(AnyIndex(p.ops, rng))); }

void EraseAll(Ops& ops, const std::vector<size_t>& sorted) {
  for (auto it = sorted.rbegin(); it != sorted.rend(); ++it) ops.erase(ops.begin() + static_cast<std::ptrdiff_t>(*it));
}

void DeleteHold(Program& p, Rng& rng) { EraseAll(p.ops, HoldAround(p.ops, AnyIndex(p.ops, rng))); }

void MoveOp(Program& p, Rng& rng) {
  const size_t from = AnyIndex(p.ops, rng);
  const Op op = p.ops[from];
  p.ops.erase(p.ops.begin() + static_cast<std::ptrdiff_t>(from));
  p.ops.insert(p.ops.begin() + static_cast<std::ptrdiff_t>(rng.Below(p.ops.size() + 1)), op);
}

void SwapOps(Program& p, Rng& rng) {
  const size_t a = AnyIndex(p.ops, rng), b = AnyIndex(p.ops, rng);
  std::swap(p.ops[a], p.ops[b]);
}

// The same again, right after it; hand-overs by way of other slots, as long as there are some.
void DuplicateRange(Program& p, Rng& rng) {
  const size_t n = std::min<size_t>(rng.Between(1, 6), p.ops.size());
  const size_t first = rng.Below(p.ops.size() - n + 1);
  Ops copy(p.ops.begin() + static_cast<std::ptrdiff_t>(first), p.ops.begin() + static_cast<std::ptrdiff_t>(first + n));
  std::array<int, kSlots> to;
  to.fill(-1);
  unsigned free = FreeSlots(p);
  const auto other = [&](u8& slot) {
    if (to[slot] < 0) {
      const std::optional<u8> fresh = AnyBit(free, rng);
      to[slot] = fresh.value_or(slot);
      if (fresh) free &= ~(1u << *fresh);
    }
    slot = static_cast<u8>(to[slot]);
  };
  for (Op& op : copy) {
    if (Publishes(op.kind) || Consumes(op.kind)) other(op.slot);
    if (op.kind == OpKind::kForward) other(op.slot2);
  }
  p.ops.insert(p.ops.begin() + static_cast<std::ptrdiff_t>(first + n), copy.begin(), copy.end());
}

void ChangeOperand(Program& p, Rng& rng) {
  Op& op = p.ops[AnyIndex(p.ops, rng)];
  switch (op.kind) {
    case OpKind::kAlloc: op.charge = op.charge != 0 && rng.Percent(50) ? 0 : RandomCharge(rng, p.geometry); break;
    case OpKind::kFree: op.kind = OpKind::kRead; break;  // a free less: the object lives on
    case OpKind::kWrite:
    case OpKind::kRead:
      if (rng.Percent(50)) op.field = static_cast<u8>(rng.Below(kFields));
      else op.kind = op.kind == OpKind::kRead ? OpKind::kWrite : OpKind::kRead;
      break;
    case OpKind::kPublish: op.publish = RandomPublish(rng); break;
    case OpKind::kConsume: op.consume = RandomConsume(rng); break;
    case OpKind::kForward:
      if (rng.Percent(50)) op.publish = RandomPublish(rng);
      else op.consume = RandomConsume(rng);
      break;
  }
}

// Everything that happens to an object in one register happens on another CPU.
void ChangeCpu(Program& p, Rng& rng) {
  const std::vector<size_t> hold = HoldAround(p.ops, AnyIndex(p.ops, rng));
  const u8 cpu = static_cast<u8>(rng.Below(p.geometry.cpus));
  unsigned used = 0;
  for (const Op& op : p.ops) used |= op.cpu == cpu && UsesRegister(op.kind) ? 1u << op.reg : 0;
  const std::optional<u8> unused = AnyBit(~used & 0xff, rng);
  for (size_t i : hold) {
    p.ops[i].cpu = cpu;
    p.ops[i].reg = unused.value_or(p.ops[i].reg);
  }
}

void ChangeGeometry(Program& p, const GenerateOptions& options, Rng& rng) {
  const Geometry fresh = GenerateGeometry(rng, options);
  Geometry& g = p.geometry;
  switch (rng.Below(11)) {
    case 0: g.page_bytes = fresh.page_bytes; break;
    case 1: g.page_order = fresh.page_order; break;
    case 2: g.object_bytes = fresh.object_bytes; break;
    case 3: g.exts = fresh.exts; break;
    case 4: g.cpus = fresh.cpus; break;
    case 5: g.slabs_per_cpu = fresh.slabs_per_cpu; break;
    case 6: g.nodes = fresh.nodes; break;
    case 7: g.cgroups = fresh.cgroups; break;
    case 8: g.dwcas = fresh.dwcas; break;
    case 9: g.stride = fresh.stride; break;
    default: g = fresh;
  }
}

}  // namespace

void DeleteRange(Program& p, size_t n, Rng& rng) {
  n = std::min(n, p.ops.size());
  const auto first = p.ops.begin() + static_cast<std::ptrdiff_t>(rng.Below(p.ops.size() - n + 1));
  p.ops.erase(first, first + static_cast<std::ptrdiff_t>(n));
}

void InsertStory(Program& p, Rng& rng) { Weave(p, TellStory(rng, p.geometry, FreeSlots(p)), rng); }

void Change(Program& p, Rng& rng, const GenerateOptions& options) {
  if (p.ops.empty()) return InsertStory(p, rng);
  switch (rng.Weighted(std::array<unsigned, 11>{18, 12, 10, 8, 4, 10, 5, 6, 12, 8, 9})) {
    case 0: return InsertStory(p, rng);
    case 1: return InsertOp(p, rng);
    case 2: return DeleteOp(p, rng);
    case 3: return DeleteHold(p, rng);
    case 4: return DeleteRange(p, rng.Between(2, 6), rng);
    case 5: return MoveOp(p, rng);
    case 6: return SwapOps(p, rng);
    case 7: return DuplicateRange(p, rng);
    case 8: return ChangeOperand(p, rng);
    case 9: return ChangeCpu(p, rng);
    default: return ChangeGeometry(p, options, rng);
  }
}

}  // namespace ordeal
