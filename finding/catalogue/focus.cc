#include "finding/catalogue/focus.h"

#include <vector>

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
