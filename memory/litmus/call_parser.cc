#include <optional>

#include "absl/strings/str_cat.h"
#include "memory/litmus/thread_parser.h"

namespace ordeal::litmus {

int ThreadParser::Call(bool value_wanted) {
  const Token name = in_.Next();
  if (IsRcu(name.text)) {
    in_.Fail(name, absl::StrCat(name.text, ": RCU is not modelled"), "a test without RCU");
    return kNothing;
  }
  const std::optional<Primitive> primitive = FindPrimitive(name.text);
  if (!primitive) {
    in_.Fail(name, absl::StrCat("'", name.text, "(...)'"), "a primitive of linux-kernel.def");
    return kNothing;
  }
  in_.Expect("(");
  const int value = Perform(name, *primitive);
  in_.Expect(")");
  if (value_wanted && value == kNothing) in_.Fail(name, absl::StrCat("'", name.text, "', which returns nothing"), "a value");
  return value;
}

int ThreadParser::Argument() {
  in_.Expect(",");
  return Value();
}

// The arguments, and the instruction; the expression of what it returns.
int ThreadParser::Perform(const Token& name, const Primitive& p) {
  using I = Instr::Op;
  Instr i = {.order = p.order, .fence = p.fence, .rmw = p.rmw};
  switch (p.form) {
    case Form::kNothing: return kNothing;
    case Form::kFence: i.op = I::kFence; break;
    case Form::kLoadPlace: return LoadFrom(AddressOfPlace(name.text), p.order);
    case Form::kLoad: return LoadFrom(Value(), p.order);
    case Form::kStorePlace:
    case Form::kStorePlaceMb: i.op = I::kStore, i.address = AddressOfPlace(name.text), i.value = Argument(); break;
    case Form::kStore: i.op = I::kStore, i.address = Value(), i.value = Argument(); break;
    case Form::kXchg: i.op = I::kRmw, i.address = Value(), i.value = Argument(); return EmitInto(i, Temporary());
    case Form::kCmpxchg: i.op = I::kCas, i.address = Value(), i.expected = Argument(), i.value = Argument(); return EmitInto(i, Temporary());
    case Form::kAtomic: i.op = I::kRmw, i.value = Value(), i.address = Argument(); break;
    case Form::kAtomicOne: i.op = I::kRmw, i.value = Number(1), i.address = Value(); break;
    case Form::kAddUnless: i.op = I::kAddUnless, i.address = Value(), i.value = Argument(), i.expected = Argument(); return EmitInto(i, Temporary());
    case Form::kIncNotZero: i.op = I::kAddUnless, i.address = Value(), i.value = Number(1), i.expected = Number(0); return EmitInto(i, Temporary());
    case Form::kLock: i.op = I::kLock, i.address = Value(); break;
    case Form::kUnlock: i.op = I::kUnlock, i.address = Value(); break;
    case Form::kTryLock: i.op = I::kTryLock, i.address = Value(); return EmitInto(i, Temporary());
    case Form::kIsLocked: i.op = I::kIsLocked, i.address = Value(); return EmitInto(i, Temporary());
  }
  if (p.returns == Returns::kNothing) {
    Emit(i);
    if (p.form == Form::kStorePlaceMb) Emit({.op = I::kFence, .fence = model::FenceKind::kMb});
    return kNothing;
  }
  i.new_value = p.returns != Returns::kOld;
  const int result = EmitInto(i, Temporary());
  if (p.returns == Returns::kNewIsZero) return Binary(Op::kEqual, result, Number(0));
  if (p.returns == Returns::kNewIsNegative) return Binary(Op::kLess, result, Number(0));
  return result;
}

}  // namespace ordeal::litmus
