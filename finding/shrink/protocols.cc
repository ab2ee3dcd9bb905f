#include "finding/shrink/protocols.h"

#include <bit>

#include "program/cache_end.h"
#include "program/ops.h"
#include "program/validate.h"

namespace ordeal {
namespace {

// What the CPU of ops[at] does with its object from there on, up to where it gives it away.
std::vector<size_t> RestOfHold(const std::vector<Op>& ops, size_t at) {
  std::vector<size_t> rest;
  for (size_t i = at + 1; i < ops.size(); ++i) {
    if (ops[i].cpu != ops[at].cpu || !Touches(ops[i], ops[at].reg)) continue;
    if (Fills(ops[i], ops[at].reg)) break;
    rest.push_back(i);
    if (Empties(ops[i], ops[at].reg)) break;
  }
  return rest;
}

// Both sides of a hand-over without its lock.
bool WithoutLocks(Reproducer& r, const Accept& accept) {
  bool changed = false;
  for (u8 slot = 0; slot < kSlots; ++slot) {
    Reproducer less = r;
    for (Op& op : less.program.ops) {
      if (Publishes(op.kind) && Target(op) == slot && op.publish == Publish::kLocked) op.publish = Publish::kRelease;
      if (Consumes(op.kind) && op.slot == slot && op.consume == Consume::kLocked) op.consume = Consume::kAcquire;
    }
    changed |= Take(r, less, accept);
  }
  return changed;
}

unsigned UsedSlots(const Program& p) {
  unsigned used = 0;
  for (const Op& op : p.ops) used |= (Publishes(op.kind) ? 1u << Target(op) : 0) | (Consumes(op.kind) ? 1u << op.slot : 0);
  return used;
}

// What is linked and taken is handed over one by one, the first link to the first who takes: by slots, as far as there are some.
bool WithoutLists(Reproducer& r, const Accept& accept) {
  Reproducer less = r;
  unsigned used = UsedSlots(r.program);
  std::vector<u8> slots;
  size_t taken = 0;
  for (Op& op : less.program.ops) {
    if (op.kind == OpKind::kLend) op.kind = OpKind::kPublish;
    if (op.kind != OpKind::kLink) continue;
    const u8 slot = static_cast<u8>(std::countr_one(used));
    if (slot >= kSlots) return false;
    used |= 1u << slot;
    slots.push_back(slot);
    op = {.id = op.id, .cpu = op.cpu, .kind = OpKind::kPublish, .reg = op.reg2, .slot = slot};
  }
  for (Op& op : less.program.ops) {
    if (op.kind != OpKind::kTakeNext) continue;
    if (taken == slots.size()) return false;
    op = {.id = op.id, .cpu = op.cpu, .kind = OpKind::kConsume, .reg = op.reg2, .slot = slots[taken++]};
  }
  return Take(r, less, accept);
}

// Objects that one has at a time need no count.
bool WithoutCounts(Reproducer& r, const Accept& accept) {
  Reproducer less = r;
  for (Op& op : less.program.ops) {
    op.counted = false;
    if (op.kind == OpKind::kPut) op = Canonical({.id = op.id, .cpu = op.cpu, .kind = OpKind::kFree, .reg = op.reg});
    if (op.kind == OpKind::kShare) op.kind = OpKind::kPublish;
  }
  return Take(r, less, accept);
}

// A cache that stays.
bool WithoutEnd(Reproducer& r, const Accept& accept) {
  Reproducer less = r;
  KeepCache(less.program);
  return Take(r, less, accept);
}

}  // namespace

bool Take(Reproducer& r, Reproducer candidate, const Accept& accept) {
  if (candidate == r || !Validate(candidate.program).ok() || !accept(candidate)) return false;
  r = std::move(candidate);
  return true;
}

size_t TakerOf(const std::vector<Op>& ops, size_t publish) {
  size_t i = publish + 1;
  while (i < ops.size() && (ops[i].kind != OpKind::kConsume || ops[i].slot != ops[publish].slot)) ++i;
  return i;
}

bool WithoutReference(Reproducer& r, size_t share, const Accept& accept) {
  const std::vector<Op>& ops = r.program.ops;
  if (ops[share].kind != OpKind::kShare) return false;
  const auto without = [&](const std::vector<size_t>& gone, bool moved) {
    Reproducer less = r;
    if (moved) less.program.ops[share].kind = OpKind::kPublish;
    for (size_t i = gone.size(); i-- > 0;) less.program.ops.erase(less.program.ops.begin() + static_cast<std::ptrdiff_t>(gone[i]));
    return Take(r, less, accept);
  };
  if (const size_t taker = TakerOf(ops, share); taker < ops.size()) {
    std::vector<size_t> gone = RestOfHold(ops, taker);
    gone.insert(gone.begin(), {share, taker});
    if (without(gone, false)) return true;
  }
  return without(RestOfHold(ops, share), true);
}

bool PlainerProtocols(Reproducer& r, const Accept& accept) {
  const bool counts = WithoutCounts(r, accept), lists = WithoutLists(r, accept), end = WithoutEnd(r, accept);
  return WithoutLocks(r, accept) || counts || lists || end;
}

}  // namespace ordeal
