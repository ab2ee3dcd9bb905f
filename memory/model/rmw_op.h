// What does a read-modify-write make of what it read?
#pragma once
#include "memory/order.h"

namespace ordeal::model {

enum class RmwOp : u8 { kXchg, kAdd, kSub, kAnd, kOr, kXor, kAndNot };

// Wraps at 64 bits; a narrower RMW keeps its own bits of the result.
constexpr u64 Apply(RmwOp op, u64 old, u64 operand) {
  switch (op) {
    case RmwOp::kXchg: return operand;
    case RmwOp::kAdd: return old + operand;
    case RmwOp::kSub: return old - operand;
    case RmwOp::kAnd: return old & operand;
    case RmwOp::kOr: return old | operand;
    case RmwOp::kXor: return old ^ operand;
    case RmwOp::kAndNot: return old & ~operand;
  }
  return old;
}

}  // namespace ordeal::model
