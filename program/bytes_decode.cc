#include <utility>

#include "absl/strings/str_format.h"
#include "program/bytes.h"
#include "program/bytes_form.h"
#include "program/ops.h"
#include "program/validate.h"

namespace ordeal {
namespace {

// Takes from the left; the first error sticks and everything read after it is 0.
class Reader {
 public:
  explicit Reader(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  bool ok() const { return error_.ok(); }
  const absl::Status& error() const { return error_; }
  bool AtEnd() const { return at_ == bytes_.size(); }

  void Fail(std::string_view got, std::string_view expected) {
    if (ok()) error_ = absl::InvalidArgumentError(absl::StrFormat("byte %u: got %s, expected %s", at_, got, expected));
  }
  void Require(bool condition, unsigned got, std::string_view expected) {
    if (!condition) Fail(absl::StrFormat("%u", got), expected);
  }

  unsigned Byte() {
    if (ok() && AtEnd()) Fail("end of input", "more");
    return ok() ? bytes_[at_++] : 0;
  }
  // At most `max`, which is below 2^28; only the shortest encoding.
  u32 Varint(u32 max, std::string_view what) {
    u32 value = 0;
    for (unsigned shift = 0; shift < 28; shift += 7) {
      const unsigned byte = Byte();
      value |= (byte & 0x7f) << shift;
      if (byte & 0x80) continue;
      Require(value <= max, value, absl::StrFormat("%s 0..%u", what, max));
      Require(byte != 0 || shift == 0, byte, "the shortest form of a number");
      return ok() ? value : 0;
    }
    Fail("a longer number", absl::StrFormat("%s 0..%u", what, max));
    return 0;
  }
  u64 Word() {
    u64 value = 0;
    for (int shift = 0; shift < 64; shift += 8) value |= u64{Byte()} << shift;
    return value;
  }
  std::string Text() {
    const size_t n = Byte();
    if (n > kMaxNameBytes || n > bytes_.size() - at_) Fail(absl::StrFormat("a text of %u bytes", n), "a shorter one");
    if (!ok()) return "";
    const auto* begin = reinterpret_cast<const char*>(bytes_.data()) + at_;
    at_ += n;
    return std::string(begin, n);
  }

 private:
  std::span<const uint8_t> bytes_;
  size_t at_ = 0;
  absl::Status error_;
};

Geometry ReadGeometry(Reader& in) {
  Geometry g;
  const unsigned packed = in.Byte();
  in.Require((packed & 3) < 3, packed, "a geometry");
  g.page_bytes = kPageSizes[in.ok() ? packed & 3 : 0];
  g.page_order = packed >> 2 & 3;
  g.exts = static_cast<Exts>(packed >> 4 & 3);
  g.slabs_per_cpu = static_cast<u8>((packed >> 6 & 1) + 1);
  g.cpus = static_cast<u8>(in.Byte());
  g.object_bytes = in.Varint(1 << 17, "a size in words") * 8;
  if (!(packed & kMoreGeometry)) return g;
  const unsigned more = in.Byte();
  in.Require(more != 0 && more < 0x40, more, "more of a geometry, not 0");
  g.nodes = more & 3;
  g.cgroups = more >> 2 & 3;
  g.dwcas = !(more >> 4 & 1);
  g.stride = static_cast<StrideAt>(more >> 5 & 1);
  return g;
}

void ReadOperands(Reader& in, bool charged, Op& op) {
  const unsigned operands = in.Byte();
  const u8 low = operands & 15, high = static_cast<u8>(operands >> 4);
  if (UsesRegister(op.kind)) op.reg = low;
  switch (op.kind) {
    case OpKind::kAlloc: {
      const unsigned cgroup = high & 7;
      in.Require(charged || cgroup == 0, operands, "no cgroup without a charge");
      op.charge = charged ? static_cast<u8>(cgroup + 1) : 0;
      op.counted = (operands & kCounted) != 0;
      return;
    }
    case OpKind::kFree: op.later = (operands & kLater) != 0; return in.Require((high & 7) == 0, operands, "a register, and later or not");
    case OpKind::kForward:
      op.slot = low;
      op.slot2 = high;
      return;
    case OpKind::kPut: op.put = static_cast<Put>(high); return;
    case OpKind::kOffline: op.cgroup = static_cast<u8>(operands); return;
    case OpKind::kFlush:
    case OpKind::kMigrate: op.to = static_cast<u8>(operands); return;
    default: break;
  }
  if (!UsesRegister(op.kind)) return in.Require(operands == 0, operands, "no operands");
  (UsesSecondRegister(op.kind) ? op.reg2 : UsesField(op.kind) ? op.field : op.slot) = high;
}

Op ReadOp(Reader& in, u32 expected_id) {
  Op op;
  const unsigned head = in.Byte();
  unsigned kind = head & 7;
  if (kind == kMoreKinds) {
    const unsigned more = in.Byte();
    const bool interrupt = (more & kInterrupt) != 0;
    if (interrupt) {
      kind = more & ~kInterrupt;
      in.Require(kind < kOpKinds, kind, absl::StrFormat("a kind of op 0..%u", kOpKinds - 1));
      op.irq = static_cast<u8>(in.Byte());
      in.Require(op.irq != 0, op.irq, "an access from 1");
    } else {
      in.Require(more < kOpKinds - kMoreKinds, more, absl::StrFormat("a kind of op 0..%u", kOpKinds - kMoreKinds - 1));
      kind += more;
    }
  }
  op.kind = static_cast<OpKind>(in.ok() ? kind : 0);
  op.cpu = head >> 3 & 7;
  const bool charged = (head & kCharged) != 0;
  const u32 id = head & kHasId ? in.Varint(kInitOp - 1, "an op id") : expected_id;
  in.Require(!(head & kHasId) || id != expected_id, id, "no id where it is the next one");
  in.Require(id < kInitOp, id, "an op id below 65535");
  op.id = static_cast<u16>(id);
  in.Require(!charged || op.kind == OpKind::kAlloc, head, "a charge with an alloc alone");
  ReadOperands(in, charged, op);
  if (Publishes(op.kind) || Consumes(op.kind)) {
    const unsigned orders = in.Byte();
    in.Require(Publishes(op.kind) || (orders & 15) == 0, orders, "no publish");
    in.Require(Consumes(op.kind) || orders >> 4 == 0, orders, "no consume");
    if (Publishes(op.kind)) op.publish = static_cast<Publish>(orders & 15);
    if (Consumes(op.kind)) op.consume = static_cast<Consume>(orders >> 4);
  }
  return op;
}

Decision ReadDecision(Reader& in) {
  Decision d;
  d.at.op = static_cast<u16>(in.Varint(kInitOp, "an op id"));
  d.at.k = static_cast<u16>(in.Varint(0xffff, "an access"));
  const unsigned packed = in.Byte();
  d.kind = static_cast<DecisionKind>(packed & 3);
  d.cpu = packed >> 2 & 31;
  const bool init = (packed & kInit) != 0;
  in.Require(!init || d.kind != DecisionKind::kSwitch, packed, "no initial value with switch");
  if (d.kind != DecisionKind::kSwitch && !init) {
    d.store.op = static_cast<u16>(in.Varint(kInitOp - 1, "an op id"));
    d.store.k = static_cast<u16>(in.Varint(0xffff, "an access"));
  }
  if (d.kind == DecisionKind::kPromise) d.value = in.Word();
  return d;
}

Reproducer Read(Reader& in) {
  Reproducer r;
  for (char c : kMagic) {
    const unsigned byte = in.Byte();
    in.Require(byte == static_cast<u8>(c), byte, "the magic \"ORD\" and version 1");
  }
  r.program.geometry = ReadGeometry(in);
  u32 next_id = 0;
  for (u32 n = in.Varint(kMaxOps, "a number of ops"); n > 0 && in.ok(); --n) {
    r.program.ops.push_back(ReadOp(in, next_id));
    next_id = r.program.ops.back().id + 1u;
  }
  for (u32 n = in.Varint(kMaxDecisions, "a number of decisions"); n > 0 && in.ok(); --n) r.decisions.push_back(ReadDecision(in));
  r.allocator = in.Text();
  r.model = in.Text();
  for (u32 n = in.Varint(kMaxBugs, "a number of bugs"); n > 0 && in.ok(); --n) r.bugs.push_back(in.Text());
  for (std::string* s : {&r.expect.violation, &r.expect.headline, &r.expect.owner}) *s = in.Text();
  if (in.ok() && !in.AtEnd()) in.Fail("more", "end of input");
  return r;
}

}  // namespace

absl::StatusOr<Reproducer> Decode(std::span<const uint8_t> bytes) {
  Reader in(bytes);
  Reproducer r = Read(in);
  if (!in.ok()) return in.error();
  if (absl::Status s = Validate(r); !s.ok()) return s;
  return r;
}

}  // namespace ordeal
