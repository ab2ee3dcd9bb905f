// What does each kind of op do to registers and slots? The one place that knows.
#pragma once
#include "program/program.h"

namespace ordeal {

constexpr bool UsesRegister(OpKind k) { return k != OpKind::kForward; }
constexpr bool UsesField(OpKind k) { return k == OpKind::kWrite || k == OpKind::kRead; }
constexpr bool Fills(OpKind k) { return k == OpKind::kAlloc || k == OpKind::kConsume; }    // its register
constexpr bool Empties(OpKind k) { return k == OpKind::kFree || k == OpKind::kPublish; }  // its register
constexpr bool Publishes(OpKind k) { return k == OpKind::kPublish || k == OpKind::kForward; }
constexpr bool Consumes(OpKind k) { return k == OpKind::kConsume || k == OpKind::kForward; }

// The slot that it publishes to; it consumes from op.slot. Requires Publishes(op.kind).
constexpr u8 Target(const Op& op) { return op.kind == OpKind::kForward ? op.slot2 : op.slot; }

}  // namespace ordeal
