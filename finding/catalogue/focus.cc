#include "finding/catalogue/focus.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <utility>
#include <vector>

#include "memory/decision.h"
#include "program/cache_end.h"
#include "program/ops.h"

namespace ordeal::focus {

void HugeObjects(Program& p) {
  Geometry& g = p.geometry;
  if (g.page_bytes == 65536 && g.exts == Exts::kInObject && g.object_bytes >= 65536 && g.objects_per_slab() >= 2) return;
  g.page_bytes = 65536;
  g.page_order = p.ops.size() % 2 == 0 ? 1 : 2;
  g.object_bytes = g.page_order == 1 ? 65536 : 131072;
  g.exts = Exts::kInObject;
}

void LateRecords(Program& p) { p.geometry.exts = Exts::kLate; }

void SubWordStride(Program& p) {
  LateRecords(p);
  p.geometry.stride = StrideAt::kSubWord;
  p.geometry.dwcas = false;
}

void AnyRecords(Program& p) {
  if (p.geometry.exts == Exts::kNone) p.geometry.exts = Exts::kLate;
}

void OneCgroup(Program& p) {
  AnyRecords(p);
  Geometry& g = p.geometry;
  g.cgroups = 1;
  if (g.object_bytes > g.page_bytes / 2) g.object_bytes = g.page_bytes / 4;
  for (Op& op : p.ops) {
    op.charge = op.charge != 0 ? 1 : 0;
    op.cgroup = op.cgroup != 0 ? 1 : 0;
  }
  bool gone = false;
  std::erase_if(p.ops, [&](const Op& op) { return op.kind == OpKind::kOffline && std::exchange(gone, true); });
}

namespace {

// In the middle of the program, if there is none of that kind.
void Insert(Program& p, Op op) {
  int id = 0;
  for (const Op& o : p.ops) {
    if (o.kind == op.kind) return;
    id = std::max(id, o.id + 1);
  }
  const size_t middle = p.ops.size() / 2;
  if (p.ops.size() < 2 || p.ops.size() >= kMaxOps || id >= kInitOp) return;
  op.id = static_cast<u16>(id);
  op.cpu = p.ops[middle].cpu;
  p.ops.insert(p.ops.begin() + static_cast<std::ptrdiff_t>(middle), op);
}

}  // namespace

void Drained(Program& p) {
  OneCgroup(p);
  Insert(p, {.kind = OpKind::kDrain});
}

void GoneOffline(Program& p) {
  OneCgroup(p);
  Insert(p, {.kind = OpKind::kOffline, .cgroup = 1});
}

void Interrupted(Program& p) {
  std::erase_if(p.ops, [](const Op& op) { return op.kind == OpKind::kMigrate; });
  if (std::ranges::any_of(p.ops, [](const Op& op) { return op.irq != 0; })) return;
  const auto alloc = std::ranges::find(p.ops, OpKind::kAlloc, &Op::kind);
  if (alloc == p.ops.end() || p.ops.size() + 3 > kMaxOps) return;
  unsigned used = 0;
  int id = 0;
  for (const Op& op : p.ops) {
    id = std::max(id, op.id + 1);
    for (u8 reg = 0; reg < kRegisters; ++reg) used |= op.cpu == alloc->cpu && Touches(op, reg) ? 1u << reg : 0;
  }
  const u8 first = static_cast<u8>(std::countr_one(used)), second = static_cast<u8>(std::countr_one(used | 1u << first));
  if (second >= kRegisters || id + 3 > kInitOp) return;
  const u8 access = static_cast<u8>(3 + p.ops.size() % 3);
  const u8 cpu = alloc->cpu;
  const auto op = [&](int more, OpKind kind, u8 reg) {
    return Op{.id = static_cast<u16>(id + more), .cpu = cpu, .kind = kind, .reg = reg, .irq = access};
  };
  const Op ops[] = {op(0, OpKind::kAlloc, first), op(1, OpKind::kAlloc, second), op(2, OpKind::kFree, first)};
  p.ops.insert(alloc, std::begin(ops), std::end(ops));
}

void Destroyed(Program& p) {
  const auto later = [](const Op& op) { return op.later; };
  const auto free = std::ranges::find(p.ops, OpKind::kFree, &Op::kind);
  if (std::ranges::none_of(p.ops, later) && free != p.ops.end()) free->later = true;
  if (CacheUsers(p) == 0) EndCache(p);
}

void EarlyStride(Program& p) {
  LateRecords(p);
  p.geometry.stride = StrideAt::kSubWord;  // which is never set late
}

void ConsumeOnce(Program& p) {
  for (Op& op : p.ops)
    if (Consumes(op.kind) && op.consume != Consume::kLocked) op.consume = Consume::kOnce;
}

void OnlyCharges(Program& p) {
  p.geometry.exts = Exts::kInObject;
  std::erase_if(p.ops, [](const Op& op) { return UsesField(op.kind); });
  for (Op& op : p.ops)
    if (op.kind == OpKind::kAlloc && op.charge == 0) op.charge = 1;
}

void PublishMbConsumeRmb(Program& p) {
  for (Op& op : p.ops) {
    if (Publishes(op.kind) && op.publish != Publish::kLocked) op.publish = Publish::kMb;
    if (Consumes(op.kind) && op.consume != Consume::kLocked) op.consume = Consume::kRmb;
  }
}

void Forwarded(Program& p) {
  for (Op& op : p.ops) {
    if (Publishes(op.kind) && op.publish != Publish::kLocked) op.publish = Publish::kRelease;
    if (Consumes(op.kind) && op.consume != Consume::kLocked) op.consume = Consume::kOnce;
  }
}

void PutByShortcut(Program& p) {
  for (Op& op : p.ops)
    if (op.kind == OpKind::kPut) op.put = Put::kShortcut;
}

void PutFull(Program& p) {
  for (Op& op : p.ops)
    if (op.kind == OpKind::kPut) op.put = Put::kFull;
}

void Locked(Program& p) {
  for (Op& op : p.ops) {
    if (Publishes(op.kind)) op.publish = Publish::kLocked;
    if (Consumes(op.kind)) op.consume = Consume::kLocked;
  }
}

void Watched(Program& p) {
  OneCgroup(p);
  Insert(p, {.kind = OpKind::kStats});
}

void ForwardRelease(Program& p) {
  for (Op& op : p.ops) {
    if (op.kind != OpKind::kForward) continue;
    if (op.consume != Consume::kLocked) op.consume = Consume::kOnce;
    if (op.publish != Publish::kLocked) op.publish = Publish::kRelease;
  }
}

}  // namespace ordeal::focus
