#include "program/custody.h"

#include "absl/strings/str_format.h"
#include "program/names.h"
#include "program/ops.h"
#include "program/validate.h"

namespace ordeal {
namespace {

constexpr unsigned Bit(Holding h) { return 1u << static_cast<int>(h); }
constexpr unsigned kOne = Bit(Holding::kPlain), kReference = Bit(Holding::kCounted) | Bit(Holding::kShared), kList = Bit(Holding::kHead);

constexpr std::array<std::string_view, kHoldings> kWhat = {"is empty",
                                                           "holds an object without a count",
                                                           "holds a counted object",
                                                           "holds a shared object",
                                                           "holds the tail of a list",
                                                           "holds the head of a list"};

std::string Unfit(int reg, Holding what) { return absl::StrFormat("register %c %s", 'a' + reg, NameIn(kWhat, what)); }

}  // namespace

unsigned FitFor(OpKind kind) {
  switch (kind) {
    case OpKind::kFree:
    case OpKind::kLend: return kOne;
    case OpKind::kWrite: return kOne | Bit(Holding::kCounted) | kList;
    case OpKind::kRead: return kOne | kReference | kList;
    case OpKind::kPublish: return kOne | kReference;
    case OpKind::kShare:
    case OpKind::kPut: return kReference;
    case OpKind::kLink: return Bit(Holding::kTail);
    case OpKind::kTakeNext: return kList;
    default: return 0;
  }
}

bool Custody::Waits(const Op& op) const {
  if (Consumes(op.kind)) return !slots_[op.slot].published && RuleOfSlots(op).empty();
  return op.kind == OpKind::kTakeNext && RuleOfRegisters(op).empty() && next_[Register(op).object] == kNone;
}

std::string Custody::RuleOfSlots(const Op& op) const {
  if (Consumes(op.kind)) {
    const Slot& from = slots_[op.slot];
    if (from.taken) return absl::StrFormat("slot s%d is taken twice", op.slot);
    if (!KeepsDiscipline(op.consume)) return absl::StrFormat("consume %s is too weak", ConsumeName(op.consume));
    if (from.published && from.locked != (op.consume == Consume::kLocked)) {
      return absl::StrFormat("slot s%d is published %s its lock", op.slot, from.locked ? "under" : "without");
    }
  }
  if (Publishes(op.kind)) {
    if (slots_[Target(op)].published) return absl::StrFormat("slot s%d is published twice", Target(op));
    if (!KeepsDiscipline(op.publish)) return absl::StrFormat("publish %s is too weak", PublishName(op.publish));
  }
  return "";
}

std::string Custody::RuleOfRegisters(const Op& op) const {
  if (!UsesRegister(op.kind) || Fills(op.kind)) return "";
  if (const Holding what = Register(op).what; (FitFor(op.kind) & Bit(what)) == 0) return Unfit(op.reg, what);
  if (op.kind != OpKind::kLink) return "";
  const Holding what = InRegister(op.cpu, op.reg2);
  return what == Holding::kPlain ? "" : Unfit(op.reg2, what);
}

std::string Custody::Breach(const Op& op) const {
  if (std::string reason = RuleOfSlots(op); !reason.empty()) return reason;
  if (Consumes(op.kind) && !slots_[op.slot].published) return absl::StrFormat("slot s%d cannot have been published", op.slot);
  if (std::string reason = RuleOfRegisters(op); !reason.empty()) return reason;
  if (op.kind == OpKind::kTakeNext && next_[Register(op).object] == kNone)
    return absl::StrFormat("nothing can have been linked to register %c", 'a' + op.reg);
  if (op.kind == OpKind::kOffline && (offline_ >> op.cgroup & 1) != 0) return absl::StrFormat("cgroup %d goes offline twice", op.cgroup);
  return "";
}

void Custody::Do(const Op& op) {
  Held taken;
  if (Consumes(op.kind)) {
    slots_[op.slot].taken = true;
    taken = slots_[op.slot].content;
  }
  if (op.kind == OpKind::kShare) Register(op).what = Holding::kShared;
  if (Publishes(op.kind)) {
    Held given = op.kind == OpKind::kForward ? taken : Register(op);
    if (op.kind == OpKind::kLend) given.what = Holding::kHead;
    slots_[Target(op)] = {given, true, slots_[Target(op)].taken, op.publish == Publish::kLocked};
  }
  switch (op.kind) {
    case OpKind::kAlloc:
      Register(op) = {op.counted ? Holding::kCounted : Holding::kPlain, next_.size()};
      next_.push_back(kNone);
      break;
    case OpKind::kConsume: Register(op) = taken; break;
    case OpKind::kLend: Register(op).what = Holding::kTail; break;
    case OpKind::kLink:
      next_[Register(op).object] = registers_[op.cpu][op.reg2].object;
      registers_[op.cpu][op.reg2].what = Holding::kTail;
      break;
    case OpKind::kTakeNext: {
      const Held next = {Holding::kHead, next_[Register(op).object]};
      Register(op).what = Holding::kPlain;
      registers_[op.cpu][op.reg2] = next;
      break;
    }
    case OpKind::kOffline: offline_ |= 1u << op.cgroup; break;
    default: break;
  }
  if (Empties(op.kind)) Register(op) = Held();
}

}  // namespace ordeal
