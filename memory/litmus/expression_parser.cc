#include <algorithm>
#include <iterator>
#include <vector>

#include "absl/strings/str_cat.h"
#include "memory/litmus/thread_parser.h"

namespace ordeal::litmus {
namespace {

using Op = Expression::Op;

struct Operation {
  absl::string_view text;
  Op op;
};

// By precedence, loosest first.
const std::vector<Operation> kOperations[] = {
    {{"||", Op::kOr}},
    {{"&&", Op::kAnd}},
    {{"|", Op::kBitOr}},
    {{"^", Op::kBitXor}},
    {{"&", Op::kBitAnd}},
    {{"==", Op::kEqual}, {"!=", Op::kNotEqual}},
    {{"<", Op::kLess}, {"<=", Op::kLessEqual}, {">", Op::kGreater}, {">=", Op::kGreaterEqual}},
    {{"<<", Op::kShiftLeft}, {">>", Op::kShiftRight}},
    {{"+", Op::kAdd}, {"-", Op::kSub}},
    {{"*", Op::kMul}, {"/", Op::kDiv}, {"%", Op::kMod}},
};
constexpr int kLevels = static_cast<int>(std::size(kOperations));

const Operation* FindOperation(int level, const Cursor& in) {
  for (const Operation& o : kOperations[level])
    if (in.At(o.text)) return &o;
  return nullptr;
}

}  // namespace

int ThreadParser::Value() {
  const Nested nested(in_, depth_, kMaxDepth, "expressions");
  const int value = Binary(0);
  return in_.Eat("?") ? Choice(value) : value;
}

int ThreadParser::Binary(int level) {
  if (level == kLevels) return Unary();
  int left = Binary(level + 1);
  while (const Operation* o = FindOperation(level, in_)) {
    in_.Next();
    left = Binary(o->op, left, Binary(level + 1));
  }
  return left;
}

// Only the chosen side is evaluated: an if by another name.
int ThreadParser::Choice(int condition) {
  const int result = Temporary();
  const int branch = Emit({.op = Instr::Op::kIf, .has_else = true, .value = condition});
  Emit({.op = Instr::Op::kSet, .dst = result, .value = Value()});
  Emit({.op = Instr::Op::kLeaveArm});
  const int jump = Emit({.op = Instr::Op::kJump});
  in_.Expect(":");
  At(branch).target = here();
  Emit({.op = Instr::Op::kSet, .dst = result, .value = Value()});
  Emit({.op = Instr::Op::kLeaveArm});
  At(jump).target = here();
  return Reg(result);
}

int ThreadParser::Unary() {
  const Nested nested(in_, depth_, kMaxDepth, "expressions");
  if (in_.Eat("!")) return draft_.Add(in_, {.op = Op::kNot, .left = Unary()});
  if (in_.Eat("~")) return draft_.Add(in_, {.op = Op::kComplement, .left = Unary()});
  if (in_.Eat("-")) return Binary(Op::kSub, Number(0), Unary());
  if (in_.Eat("+")) return Unary();
  if (in_.Eat("*")) return LoadFrom(Unary(), Order::kPlain);
  if (in_.Eat("&")) return AddressOfPlace("&");
  if (in_.At("(") && in_.Peek(1).kind == Token::Kind::kName) {
    const Token bracket = in_.Next();
    if (AtType()) {  // a cast: values have no types
      SkipType();
      SkipStars();
      in_.Expect(")");
      return Unary();
    }
    const int value = Value();
    if (!in_.At(")") && in_.status().ok()) in_.Fail(in_.Peek(), absl::StrCat("')' for the '(' of line ", bracket.line));
    in_.Eat(")");
    return Elements(value);
  }
  return Primary();
}

int ThreadParser::Primary() {
  if (in_.Eat("(")) {
    const int value = Value();
    in_.Expect(")");
    return Elements(value);
  }
  if (in_.Peek().kind == Token::Kind::kNumber) return Number(in_.ExpectNumber("a number of 64 bits"));
  if (!in_.AtName()) {
    in_.Fail("a value");
    return kNothing;
  }
  if (in_.Peek(1).text == "(") return Elements(Call(true));
  const Token name = in_.Peek();
  if (name.text == "NULL") return in_.Next(), Number(0);
  CheckNamesRegister(name);
  in_.Next();
  return Elements(Reg(draft_.RegisterNamed(in_, id_, name.text)));
}

// herd7 takes any word that is no parameter for a register, of value 0 if nobody writes it. Who reads a variable's name means the
// variable.
void ThreadParser::CheckNamesRegister(const Token& name) {
  if (draft_.HasRegister(id_, name.text) || !draft_.HasVariable(name.text)) return;
  in_.Fail(name, absl::StrCat("the variable '", name.text, "'"), "a parameter or a local of the thread");
}

// base, base[i], base[i][j], ...
int ThreadParser::Elements(int base) {
  while (in_.Eat("[")) {
    const int index = Value();
    in_.Expect("]");
    base = LoadFrom(Binary(Op::kAdd, base, index), Order::kPlain);
  }
  return base;
}

ThreadParser::Lvalue ThreadParser::Place() {
  const Nested nested(in_, depth_, kMaxDepth, "expressions");
  Lvalue place;
  if (in_.Eat("*")) return {.memory = true, .address = Unary()};
  if (in_.Eat("(")) {
    place = Place();
    in_.Expect(")");
  } else {
    const Token name = in_.Peek();
    in_.ExpectName("*pointer or a name");
    if (in_.At("[")) CheckNamesRegister(name);
    place.reg = draft_.RegisterNamed(in_, id_, name.text);
  }
  while (in_.Eat("[")) {
    const int base = Rvalue(place), index = Value();
    in_.Expect("]");
    place = {.memory = true, .address = Binary(Op::kAdd, base, index)};
  }
  return place;
}

int ThreadParser::AddressOfPlace(absl::string_view of) {
  const Token at = in_.Peek();
  const Lvalue place = Place();
  if (!place.memory) in_.Fail(at, absl::StrCat(of, " of '", at.text, "'"), "*pointer or array[index]");
  return place.address;
}

int ThreadParser::Rvalue(const Lvalue& from) { return from.memory ? LoadFrom(from.address, Order::kPlain) : Reg(from.reg); }

int ThreadParser::Temporary() {
  if (temporaries_ == kMaxTemporaries) in_.Fail(in_.Peek(), "more accesses in a statement", absl::StrCat("at most ", kMaxTemporaries));
  return kMaxRegisters + std::min(temporaries_++, kMaxTemporaries - 1);
}

int ThreadParser::Emit(Instr i) {
  i.line = in_.line();
  thread().code.push_back(i);
  return here() - 1;
}

int ThreadParser::EmitInto(Instr i, int reg) {
  i.dst = reg;
  Emit(i);
  return Reg(reg);
}

int ThreadParser::LoadFrom(int address, Order order) { return EmitInto({.op = Instr::Op::kLoad, .order = order, .address = address}, Temporary()); }

}  // namespace ordeal::litmus
