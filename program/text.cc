#include "program/text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "program/names.h"

namespace ordeal {
namespace {

std::string Register(int reg) { return reg < kRegisters ? std::string(1, static_cast<char>('a' + reg)) : "?"; }

std::string Store(const AccessKey& key) {
  if (key == kInitialValue) return "init";
  return absl::StrFormat("%d.%d", key.op, key.k);
}

std::string Charge(int cgroup) { return cgroup == 0 ? "" : cgroup == 1 ? " charged" : absl::StrFormat(" charged=%d", cgroup); }

std::string Operands(const Op& op) {
  switch (op.kind) {
    case OpKind::kAlloc: return Register(op.reg) + Charge(op.charge) + (op.counted ? " counted" : "");
    case OpKind::kFree: return Register(op.reg) + (op.later ? " later" : "");
    case OpKind::kWrite:
    case OpKind::kRead: return absl::StrFormat("%s.%d", Register(op.reg), op.field);
    case OpKind::kPublish:
    case OpKind::kShare:
    case OpKind::kLend: return absl::StrFormat("%s s%d %s", Register(op.reg), op.slot, PublishName(op.publish));
    case OpKind::kConsume: return absl::StrFormat("%s s%d %s", Register(op.reg), op.slot, ConsumeName(op.consume));
    case OpKind::kForward: return absl::StrFormat("s%d s%d %s %s", op.slot, op.slot2, ConsumeName(op.consume), PublishName(op.publish));
    case OpKind::kPut: return absl::StrFormat("%s %s", Register(op.reg), PutName(op.put));
    case OpKind::kLink:
    case OpKind::kTakeNext: return absl::StrFormat("%s %s", Register(op.reg), Register(op.reg2));
    case OpKind::kOffline: return absl::StrFormat("%d", op.cgroup);
    case OpKind::kDrain:
    case OpKind::kStats:
    case OpKind::kShrink:
    case OpKind::kDestroy: return "";
    case OpKind::kFlush:
    case OpKind::kMigrate: return absl::StrFormat("%d", op.to);
  }
  return "?";
}

void AppendLine(std::string& out, std::string_view keyword, std::string_view value) {
  if (!value.empty()) absl::StrAppendFormat(&out, "%s %s\n", keyword, value);
}

}  // namespace

std::string FormatGeometry(const Geometry& g) {
  const std::string page = g.page_bytes % 1024 == 0 ? absl::StrFormat("%uK", g.page_bytes / 1024) : absl::StrFormat("%u", g.page_bytes);
  std::string out = absl::StrFormat("geometry page=%s order=%d object=%u exts=%s cpus=%d slabs=%d", page, g.page_order, g.object_bytes,
                                    ExtsName(g.exts), g.cpus, g.slabs_per_cpu);
  const Geometry plain;  // of these keys, what is not said is as here
  if (g.nodes != plain.nodes) absl::StrAppendFormat(&out, " nodes=%d", g.nodes);
  if (g.cgroups != plain.cgroups) absl::StrAppendFormat(&out, " cgroups=%d", g.cgroups);
  if (g.dwcas != plain.dwcas) absl::StrAppend(&out, " dwcas=no");
  if (g.stride != plain.stride) absl::StrAppendFormat(&out, " stride=%s", NameIn(kStrideNames, g.stride));
  return out;
}

std::string FormatOp(const Op& op) {
  std::string operands = Operands(op);
  if (op.irq != 0) absl::StrAppendFormat(&operands, "%sirq %d", operands.empty() ? "" : " ", op.irq);
  return absl::StrFormat("op %d cpu %d %s%s%s", op.id, op.cpu, OpKindName(op.kind), operands.empty() ? "" : " ", operands);
}

std::string FormatDecision(const Decision& d) {
  std::string deviation = d.kind == DecisionKind::kSwitch ? absl::StrFormat("cpu %d", d.cpu) : Store(d.store);
  if (d.kind == DecisionKind::kPromise) absl::StrAppendFormat(&deviation, " value 0x%x", d.value);
  return absl::StrFormat("decision %d.%d %s %s", d.at.op, d.at.k, DecisionKindName(d.kind), deviation);
}

std::string Format(const Reproducer& r) {
  std::string out = "ordeal 1\n";
  AppendLine(out, "allocator", r.allocator);
  AppendLine(out, "model", r.model);
  for (const std::string& bug : r.bugs) AppendLine(out, "bug", bug);
  out += FormatGeometry(r.program.geometry) + "\n";
  for (const Op& op : r.program.ops) out += FormatOp(op) + "\n";
  for (const Decision& d : r.decisions) out += FormatDecision(d) + "\n";
  AppendLine(out, "expect violation", r.expect.violation);
  AppendLine(out, "expect headline", r.expect.headline);
  AppendLine(out, "expect owner", r.expect.owner);
  return out;
}

}  // namespace ordeal
