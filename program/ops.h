// What does each kind of op do to registers and slots? The one place that knows.
#pragma once
#include "program/program.h"

namespace ordeal {

constexpr bool IsHousekeeping(OpKind k) { return k >= OpKind::kDrain; }  // no object, register or slot
constexpr bool CanInterrupt(OpKind k) {
  return k == OpKind::kAlloc || k == OpKind::kFree || k == OpKind::kDrain || k == OpKind::kFlush || k == OpKind::kMigrate;
}
constexpr bool NamesCpu(OpKind k) { return k == OpKind::kFlush || k == OpKind::kMigrate; }  // beside its own: op.to
constexpr bool UsesRegister(OpKind k) { return k != OpKind::kForward && !IsHousekeeping(k); }
constexpr bool UsesSecondRegister(OpKind k) { return k == OpKind::kLink || k == OpKind::kTakeNext; }
constexpr bool UsesField(OpKind k) { return k == OpKind::kWrite || k == OpKind::kRead; }
constexpr bool Fills(OpKind k) { return k == OpKind::kAlloc || k == OpKind::kConsume; }  // its (first) register
constexpr bool FillsSecond(OpKind k) { return k == OpKind::kTakeNext; }
constexpr bool Empties(OpKind k) {  // its (first) register
  return k == OpKind::kFree || k == OpKind::kPublish || k == OpKind::kPut || k == OpKind::kLink;
}
constexpr bool Publishes(OpKind k) { return k == OpKind::kPublish || k == OpKind::kForward || k == OpKind::kShare || k == OpKind::kLend; }
constexpr bool Consumes(OpKind k) { return k == OpKind::kConsume || k == OpKind::kForward; }

// The slot that it publishes to; it consumes from op.slot. Requires Publishes(op.kind).
constexpr u8 Target(const Op& op) { return op.kind == OpKind::kForward ? op.slot2 : op.slot; }

// Of one register of its CPU.
constexpr bool Touches(const Op& op, u8 reg) { return (UsesRegister(op.kind) && op.reg == reg) || (UsesSecondRegister(op.kind) && op.reg2 == reg); }
constexpr bool Fills(const Op& op, u8 reg) { return (Fills(op.kind) && op.reg == reg) || (FillsSecond(op.kind) && op.reg2 == reg); }
constexpr bool Empties(const Op& op, u8 reg) { return Empties(op.kind) && op.reg == reg; }

// Calls rename(u8& reg) for each register that it names.
template <class Rename>
constexpr void ForEachRegister(Op& op, Rename rename) {
  if (UsesRegister(op.kind)) rename(op.reg);
  if (UsesSecondRegister(op.kind)) rename(op.reg2);
}

}  // namespace ordeal
