#include "memory/litmus/thread.h"

namespace ordeal::litmus {
namespace {

constexpr i64 kElement = static_cast<i64>(kElementBytes);

i64 Wrap(u64 number) { return static_cast<i64>(number); }

i64 Add(i64 left, i64 right) {
  if (IsAddress(left) && !IsAddress(right)) right = Wrap(static_cast<u64>(right) * kElementBytes);
  else if (IsAddress(right) && !IsAddress(left)) left = Wrap(static_cast<u64>(left) * kElementBytes);
  return Wrap(static_cast<u64>(left) + static_cast<u64>(right));
}

i64 Subtract(i64 left, i64 right) {
  if (IsAddress(left) && IsAddress(right)) return (left - right) / kElement;
  if (IsAddress(left)) right = Wrap(static_cast<u64>(right) * kElementBytes);
  return Wrap(static_cast<u64>(left) - static_cast<u64>(right));
}

i64 Divide(Expression::Op op, i64 left, i64 right, bool* undefined) {
  const bool modulo = op == Expression::Op::kMod;
  if (right == 0) *undefined = true;
  if (right == 0) return 0;
  if (right == -1) return modulo ? 0 : Wrap(0 - static_cast<u64>(left));  // also of the least number
  return modulo ? left % right : left / right;
}

}  // namespace

i64 Compute(Expression::Op op, i64 left, i64 right, bool* undefined) {
  using Op = Expression::Op;
  switch (op) {
    case Op::kNumber:
    case Op::kRegister: return left;
    case Op::kNot: return left == 0;
    case Op::kComplement: return ~left;
    case Op::kAdd: return Add(left, right);
    case Op::kSub: return Subtract(left, right);
    case Op::kMul: return Wrap(static_cast<u64>(left) * static_cast<u64>(right));
    case Op::kDiv:
    case Op::kMod: return Divide(op, left, right, undefined);
    case Op::kShiftLeft: return Wrap(static_cast<u64>(left) << (right & 63));
    case Op::kShiftRight: return left >> (right & 63);
    case Op::kBitAnd: return left & right;
    case Op::kBitOr: return left | right;
    case Op::kBitXor: return left ^ right;
    case Op::kEqual: return left == right;
    case Op::kNotEqual: return left != right;
    case Op::kLess: return left < right;
    case Op::kLessEqual: return left <= right;
    case Op::kGreater: return left > right;
    case Op::kGreaterEqual: return left >= right;
    case Op::kAnd: return left != 0 && right != 0;
    case Op::kOr: return left != 0 || right != 0;
  }
  return 0;
}

}  // namespace ordeal::litmus
