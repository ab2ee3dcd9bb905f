#include "finding/catalogue/focus.h"

#include <algorithm>
#include <vector>

#include "memory/decision.h"
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

void ForwardRelease(Program& p) {
  for (Op& op : p.ops) {
    if (op.kind != OpKind::kForward) continue;
    if (op.consume != Consume::kLocked) op.consume = Consume::kOnce;
    if (op.publish != Publish::kLocked) op.publish = Publish::kRelease;
  }
}

}  // namespace ordeal::focus
