#include "program/change.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "program/cache_end.h"
#include "program/ops.h"
#include "program/sensible_op.h"
#include "program/story.h"

namespace ordeal {
namespace {

using Ops = std::vector<Op>;

size_t AnyIndex(const Ops& ops, Rng& rng) { return rng.Below(ops.size()); }

// What an object goes through in one register: the ops of one CPU on it around `index`, from its fill to its release. Of an op with two
// registers, its first.
std::vector<size_t> HoldAround(const Ops& ops, size_t index) {
  std::vector<size_t> hold;
  const Op& middle = ops[index];
  if (!UsesRegister(middle.kind)) return {index};
  for (size_t i = 0; i < ops.size(); ++i) {
    if (ops[i].cpu != middle.cpu || !Touches(ops[i], middle.reg)) continue;
    if (Fills(ops[i], middle.reg) && i < index) hold.clear();
    if (Fills(ops[i], middle.reg) && i > index) break;
    if (Fills(ops[i].kind) && i == index) hold.clear();
    hold.push_back(i);
    if (Empties(ops[i], middle.reg) && i >= index) break;
    if (Empties(ops[i], middle.reg)) hold.clear();
  }
  return hold;
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

// Its references are counted, or no longer: then it is freed where it was put, and the other way round.
void ChangeCounted(Program& p, size_t alloc) {
  p.ops[alloc].counted = !p.ops[alloc].counted;
  for (size_t i : HoldAround(p.ops, alloc)) {
    Op& op = p.ops[i];
    if (op.kind == OpKind::kFree || op.kind == OpKind::kPut) op.kind = p.ops[alloc].counted ? OpKind::kPut : OpKind::kFree;
  }
}

void ChangeOperand(Program& p, Rng& rng) {
  const size_t index = AnyIndex(p.ops, rng);
  Op& op = p.ops[index];
  const auto publish_otherwise = [&] { op.publish = RandomlyLocked(rng) ? Publish::kLocked : RandomPublish(rng); };
  if (CanInterrupt(op.kind) && rng.Percent(op.irq != 0 ? 60 : 8)) {
    op.irq = rng.Percent(30) ? 0 : static_cast<u8>(rng.Between(1, 12));
    return;
  }
  switch (op.kind) {
    case OpKind::kAlloc:
      if (rng.Percent(15)) return ChangeCounted(p, index);
      op.charge = op.charge != 0 && rng.Percent(50) ? 0 : RandomCharge(rng, p.geometry);
      break;
    case OpKind::kFree:
      if (rng.Percent(50)) op.later = !op.later;
      else op.kind = OpKind::kRead;  // a free less: the object lives on
      break;
    case OpKind::kWrite:
    case OpKind::kRead:
      if (rng.Percent(50)) op.field = static_cast<u8>(rng.Below(kFields));
      else op.kind = op.kind == OpKind::kRead ? OpKind::kWrite : OpKind::kRead;
      break;
    case OpKind::kPublish:
    case OpKind::kShare:
    case OpKind::kLend: publish_otherwise(); break;
    case OpKind::kConsume: op.consume = RandomConsume(rng); break;
    case OpKind::kForward:
      if (rng.Percent(50)) publish_otherwise();
      else op.consume = RandomConsume(rng);
      break;
    case OpKind::kPut:
      if (rng.Percent(80)) op.put = RandomPut(rng);
      else op.kind = OpKind::kRead;  // a put less
      break;
    case OpKind::kLink: op.kind = OpKind::kFree, op.reg = op.reg2; break;  // the list ends here
    case OpKind::kTakeNext: op.kind = OpKind::kRead; break;
    case OpKind::kDrain:
    case OpKind::kOffline:
    case OpKind::kStats:
    case OpKind::kShrink:
    case OpKind::kFlush: {
      const Op other = RandomHousekeeping(rng, p.geometry);
      op.kind = other.kind, op.cgroup = other.cgroup, op.to = other.to;
      break;
    }
    case OpKind::kDestroy: KeepCache(p); break;
    case OpKind::kMigrate: op.to = static_cast<u8>(rng.Below(p.geometry.cpus)); break;
  }
}

// Everything that happens to an object in one register happens on another CPU.
void ChangeCpu(Program& p, Rng& rng) {
  const size_t index = AnyIndex(p.ops, rng);
  const std::vector<size_t> hold = HoldAround(p.ops, index);
  const u8 was = p.ops[index].reg;
  const u8 cpu = static_cast<u8>(rng.Below(p.geometry.cpus));
  unsigned used = 0;
  for (Op& op : p.ops)
    if (op.cpu == cpu) ForEachRegister(op, [&](u8 reg) { used |= 1u << reg; });
  const std::optional<u8> unused = AnyBit(~used & 0xff, rng);
  for (size_t i : hold) {
    p.ops[i].cpu = cpu;
    ForEachRegister(p.ops[i], [&](u8& reg) { reg = reg == was ? unused.value_or(was) : reg; });
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
  switch (rng.Weighted(std::array<unsigned, 12>{18, 12, 10, 8, 4, 10, 5, 6, 12, 8, 9, 4})) {
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
    case 10: return ChangeGeometry(p, options, rng);
    default: return CacheUsers(p) > 0 ? KeepCache(p) : EndCache(p);
  }
}

}  // namespace ordeal
