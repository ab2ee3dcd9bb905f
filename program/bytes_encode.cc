#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/hash.h"
#include "program/bytes.h"
#include "program/bytes_form.h"
#include "program/ops.h"
#include "program/validate.h"

namespace ordeal {
namespace {

class Writer {
 public:
  void Byte(unsigned value) { out_.push_back(static_cast<char>(value)); }
  void Varint(u32 value) {
    for (; value >= 0x80; value >>= 7) Byte((value & 0x7f) | 0x80);
    Byte(value);
  }
  void Word(u64 value) {
    for (int shift = 0; shift < 64; shift += 8) Byte(value >> shift & 0xff);
  }
  void Text(const std::string& text) {
    Byte(static_cast<unsigned>(text.size()));
    out_ += text;
  }
  std::string Release() { return std::move(out_); }

 private:
  std::string out_{kMagic, sizeof kMagic};
};

void Write(Writer& out, const Geometry& g) {
  unsigned page = 0;
  while (kPageSizes[page] != g.page_bytes) ++page;
  const unsigned more = g.nodes | g.cgroups << 2u | (g.dwcas ? 0u : 1u) << 4 | static_cast<unsigned>(g.stride) << 5;
  out.Byte(page | g.page_order << 2 | static_cast<unsigned>(g.exts) << 4 | (g.slabs_per_cpu - 1u) << 6 | (more != 0 ? kMoreGeometry : 0));
  out.Byte(g.cpus);
  out.Varint(g.object_bytes / 8);
  if (more != 0) out.Byte(more);
}

unsigned OperandsOf(const Op& op) {
  switch (op.kind) {
    case OpKind::kAlloc: return op.reg | (op.charge != 0 ? op.charge - 1u : 0) << 4 | (op.counted ? kCounted : 0u);
    case OpKind::kForward: return op.slot | op.slot2 << 4u;
    case OpKind::kPut: return op.reg | static_cast<unsigned>(op.put) << 4;
    case OpKind::kFree: return op.reg | (op.later ? kLater : 0u);
    case OpKind::kOffline: return op.cgroup;
    case OpKind::kFlush:
    case OpKind::kMigrate: return op.to;
    default: break;
  }
  if (!UsesRegister(op.kind)) return 0;
  return op.reg | (UsesSecondRegister(op.kind) ? op.reg2 : UsesField(op.kind) ? op.field : op.slot) << 4u;
}

void Write(Writer& out, const Op& op, u32 expected_id) {
  const bool has_id = op.id != expected_id;
  const unsigned kind = static_cast<unsigned>(op.kind);
  const bool more = kind >= kMoreKinds || op.irq != 0;
  out.Byte((more ? kMoreKinds : kind) | op.cpu << 3u | (op.charge != 0 ? kCharged : 0) | (has_id ? kHasId : 0));
  if (more) out.Byte(op.irq != 0 ? kInterrupt | kind : kind - kMoreKinds);
  if (op.irq != 0) out.Byte(op.irq);
  if (has_id) out.Varint(op.id);
  out.Byte(OperandsOf(op));
  if (Publishes(op.kind) || Consumes(op.kind)) {
    const unsigned publish = Publishes(op.kind) ? static_cast<unsigned>(op.publish) : 0;
    const unsigned consume = Consumes(op.kind) ? static_cast<unsigned>(op.consume) : 0;
    out.Byte(publish | consume << 4);
  }
}

void Write(Writer& out, const Program& program) {
  Write(out, program.geometry);
  out.Varint(static_cast<u32>(program.ops.size()));
  u32 next_id = 0;
  for (const Op& op : program.ops) {
    Write(out, op, next_id);
    next_id = op.id + 1u;
  }
}

void Write(Writer& out, const Decision& d) {
  const bool has_store = d.kind != DecisionKind::kSwitch && d.store != kInitialValue;
  const bool init = d.kind != DecisionKind::kSwitch && !has_store;
  out.Varint(d.at.op);
  out.Varint(d.at.k);
  out.Byte(static_cast<unsigned>(d.kind) | d.cpu << 2u | (init ? kInit : 0));
  if (has_store) out.Varint(d.store.op), out.Varint(d.store.k);
  if (d.kind == DecisionKind::kPromise) out.Word(d.value);
}

}  // namespace

uint64_t ProgramHash(const Program& program) {
  const absl::Status valid = Validate(program);
  ORDEAL_CHECK(valid.ok(), std::string(valid.message()));
  Writer out;
  Write(out, program);
  return HashBytes(out.Release());
}

std::string Encode(const Reproducer& r) {
  const absl::Status valid = Validate(r);
  ORDEAL_CHECK(valid.ok(), std::string(valid.message()));
  Writer out;
  Write(out, r.program);
  out.Varint(static_cast<u32>(r.decisions.size()));
  for (const Decision& d : r.decisions) Write(out, d);
  out.Text(r.allocator);
  out.Text(r.model);
  out.Varint(static_cast<u32>(r.bugs.size()));
  for (const std::string& bug : r.bugs) out.Text(bug);
  for (const std::string* s : {&r.expect.violation, &r.expect.headline, &r.expect.owner}) out.Text(*s);
  return out.Release();
}

}  // namespace ordeal
