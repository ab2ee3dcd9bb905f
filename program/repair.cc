// Repair and Renumber of mutate.h.
#include <algorithm>
#include <bitset>
#include <iterator>

#include "program/cache_end.h"
#include "program/discipline.h"
#include "program/interrupts.h"
#include "program/mutate.h"
#include "program/names.h"
#include "program/ops.h"
#include "program/validate.h"

namespace ordeal {
namespace {

void RepairGeometry(Geometry& g) {
  if (std::count(std::begin(kPageSizes), std::end(kPageSizes), g.page_bytes) == 0) g.page_bytes = kPageSizes[g.page_bytes % 3];
  g.page_order = g.page_order > 2 ? g.page_order % 3 : g.page_order;
  g.object_bytes = std::clamp(g.object_bytes & ~7u, 32u, g.slab_bytes());
  g.exts = static_cast<Exts>(static_cast<unsigned>(g.exts) % kExtsKinds);
  g.cpus = std::clamp<u8>(g.cpus, 1, kMaxCpus);
  g.slabs_per_cpu = std::clamp<u8>(g.slabs_per_cpu, 1, 2);
  g.nodes %= 3;
  g.cgroups %= kMaxCgroups + 1;
  g.stride = static_cast<StrideAt>(static_cast<unsigned>(g.stride) % 2);
}

void RepairOperands(Op& op, const Geometry& geometry) {
  op.cpu %= geometry.cpus;
  op.kind = static_cast<OpKind>(static_cast<unsigned>(op.kind) % kOpKinds);
  op.reg %= kRegisters;
  op.slot %= kSlots;
  op.slot2 %= kSlots;
  op.field %= kFields;
  op.charge = std::min(op.charge, MostCgroups(geometry));
  op.reg2 %= kRegisters;
  op.put = static_cast<Put>(static_cast<unsigned>(op.put) % kPuts);
  op.cgroup = std::clamp<u8>(op.cgroup, 1, MostCgroups(geometry));
  if (static_cast<int>(op.publish) >= kPublishes || !KeepsDiscipline(op.publish)) op.publish = Publish::kRelease;
  if (static_cast<int>(op.consume) >= kConsumes || !KeepsDiscipline(op.consume)) op.consume = Consume::kAcquire;
  op.to %= geometry.cpus;
  op.irq %= kMaxIrq + 1;
  op = Canonical(op);
}

// Who takes from a slot does it under its lock if and only if it is published so.
void RepairPairs(std::vector<Op>& ops) {
  for (Op& taker : ops) {
    if (!Consumes(taker.kind)) continue;
    const auto publish = std::ranges::find_if(ops, [&](const Op& op) { return Publishes(op.kind) && Target(op) == taker.slot; });
    if (publish == ops.end()) continue;
    const bool locked = publish->publish == Publish::kLocked;
    if (locked != (taker.consume == Consume::kLocked)) taker.consume = locked ? Consume::kLocked : Consume::kAcquire;
  }
}

// True: some op was dropped.
bool DropBroken(Program& program) {
  const size_t n = program.ops.size();
  std::vector<bool> broken(n);
  WalkDiscipline(program, [&](size_t index, const std::string&) { broken[index] = true; });
  size_t kept = 0;
  for (size_t i = 0; i < n; ++i) {
    if (!broken[i]) program.ops[kept++] = program.ops[i];
  }
  program.ops.resize(kept);
  return kept < n;
}

}  // namespace

void Repair(Program& program) {
  RepairGeometry(program.geometry);
  std::bitset<kInitOp + 1> seen;
  seen.set(kInitOp);
  std::erase_if(program.ops, [&](const Op& op) {
    const bool taken = seen.test(op.id);
    seen.set(op.id);
    return taken;
  });
  if (program.ops.size() > kMaxOps) program.ops.resize(kMaxOps);
  for (Op& op : program.ops) RepairOperands(op, program.geometry);
  RepairPairs(program.ops);
  MendEnd(program);
  do MendInterrupts(program);  // again: an interrupt comes into another op if the one that it came into is gone
  while (DropBroken(program));
}

void Renumber(Program& program) {
  u16 id = 0;
  for (Op& op : program.ops) op.id = id++;
}

}  // namespace ordeal
