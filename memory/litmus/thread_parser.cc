#include "memory/litmus/thread_parser.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "absl/strings/match.h"

namespace ordeal::litmus {
namespace {

constexpr std::array<absl::string_view, 22> kTypeWords = {"int",   "long",   "short", "char",     "unsigned", "signed",   "void", "bool",
                                                          "_Bool", "struct", "union", "volatile", "const",    "register", "u8",   "u16",
                                                          "u32",   "u64",    "s8",    "s16",      "s32",      "s64"};
constexpr std::array<absl::string_view, 9> kRefusedStatements = {"goto", "break", "continue", "return", "switch", "case", "default", "asm", "else"};

bool IsOneOf(absl::string_view word, const auto& words) { return std::ranges::find(words, word) != words.end(); }

// r1 += 2: the operation; anything else: nothing.
std::optional<Expression::Op> CompoundOperation(absl::string_view symbol) {
  using Op = Expression::Op;
  constexpr std::pair<absl::string_view, Op> kOperations[] = {
      {"+=", Op::kAdd},    {"-=", Op::kSub},   {"*=", Op::kMul},    {"/=", Op::kDiv},        {"%=", Op::kMod},
      {"&=", Op::kBitAnd}, {"|=", Op::kBitOr}, {"^=", Op::kBitXor}, {"<<=", Op::kShiftLeft}, {">>=", Op::kShiftRight}};
  for (const auto& [text, op] : kOperations)
    if (text == symbol) return op;
  return std::nullopt;
}

}  // namespace

ThreadParser::ThreadParser(Cursor& in, Draft& draft) : in_(in), draft_(draft), id_(static_cast<int>(draft.test.threads.size()) - 1) {}

void ThreadParser::Run() {
  Parameters();
  in_.Expect("{");
  while (!in_.Eat("}") && !in_.AtEnd()) Statement();
}

void ThreadParser::Parameters() {
  in_.Expect("(");
  while (!in_.Eat(")") && !in_.AtEnd()) {
    Parameter();
    if (!in_.At(")")) in_.Expect(",");
  }
}

// `int *x`, `int volatile **p`, `int x[]`: the name is the last word. `void` has none.
void ThreadParser::Parameter() {
  const Token start = in_.Peek();
  absl::string_view name;
  while (in_.AtName()) name = in_.Next().text;
  if (in_.At("*")) {
    SkipStars();
    name = in_.ExpectName("a parameter with a name");
  }
  if (name == "void") return;
  if (name.empty() || IsOneOf(name, kTypeWords)) return in_.Fail(start, "a parameter with a name");
  if (in_.Eat("[")) {
    if (!in_.At("]")) in_.Next();
    in_.Expect("]");
  }
  const int reg = draft_.RegisterNamed(in_, id_, name);
  const i64 address = draft_.AddressOfVariable(in_, name);
  if (in_.status().ok()) thread().registers[reg].initial = address;
}

bool ThreadParser::AtType() const {
  if (!in_.AtName()) return false;
  const absl::string_view word = in_.Peek().text;
  if (IsOneOf(word, kTypeWords)) return true;
  return absl::EndsWith(word, "_t") && (in_.Peek(1).kind == Token::Kind::kName || in_.Peek(1).text == "*" || in_.Peek(1).text == ")") &&
         !draft_.HasRegister(id_, word);
}

void ThreadParser::SkipStars() {
  while (in_.Eat("*") || in_.Eat("volatile") || in_.Eat("const")) {
  }
}

// The stars stay: they belong to each declarator.
void ThreadParser::SkipType() {
  while (AtType())
    if (const absl::string_view word = in_.Next().text; word == "struct" || word == "union") in_.ExpectName("the name of a type");
}

void ThreadParser::Statement() {
  const Nested nested(in_, depth_, kMaxDepth, "statements");
  temporaries_ = 0;
  if (in_.Eat(";")) return;
  if (in_.Eat("{")) {
    while (!in_.Eat("}") && !in_.AtEnd()) Statement();
    return;
  }
  if (in_.Eat("if")) return If();
  if (in_.Eat("while")) return While();
  if (in_.Eat("do")) return DoWhile();
  if (in_.Eat("for")) return For();
  const bool label = in_.AtName() && in_.Peek(1).text == ":";
  if (label || IsOneOf(in_.Peek().text, kRefusedStatements)) return in_.Fail("a statement that herd7 reads");
  if (AtType()) {
    Declaration();
  } else {
    SimpleStatement();
  }
  in_.Expect(";");
}

void ThreadParser::Declaration() {
  SkipType();
  do {
    SkipStars();
    Lvalue local;
    local.reg = draft_.RegisterNamed(in_, id_, in_.ExpectName("the name of a local"));
    if (in_.At("[")) return in_.Fail("no array among the locals");
    if (in_.Eat("=")) Store(local, Value());
  } while (in_.Eat(","));
}

// An assignment or a call; without the semicolon.
void ThreadParser::SimpleStatement() {
  if (in_.AtName() && in_.Peek(1).text == "(") {
    Call(false);
    return;
  }
  if (in_.At("(") && (in_.Peek(1).text == "void")) {  // (void)READ_ONCE(*x)
    Value();
    return;
  }
  if (!in_.AtName() && !in_.At("*") && !in_.At("(")) return in_.Fail("a statement");
  Assign(Place());
}

void ThreadParser::Assign(const Lvalue& to) {
  const bool plus = in_.At("++"), minus = in_.At("--");
  if (plus || minus) {
    in_.Next();
    return Store(to, Binary(plus ? Op::kAdd : Op::kSub, Rvalue(to), Number(1)));
  }
  if (const std::optional<Op> op = CompoundOperation(in_.Peek().text)) {
    in_.Next();
    const int before = Rvalue(to);
    return Store(to, Binary(*op, before, Value()));
  }
  if (in_.At(";")) {  // reads it, and that is all
    Rvalue(to);
    return;
  }
  in_.Expect("=");
  Store(to, Value());
}

void ThreadParser::Store(const Lvalue& to, int value) {
  if (!in_.status().ok()) return;
  if (to.memory) {
    Emit({.op = Instr::Op::kStore, .order = Order::kPlain, .address = to.address, .value = value});
    return;
  }
  // The access that computed the value may as well write the register.
  const Expression& e = draft_.test.expressions[value];
  const bool fresh = e.op == Op::kRegister && e.reg >= kMaxRegisters && here() > 0 && thread().code.back().dst == e.reg;
  if (fresh && thread().code.back().op != Instr::Op::kSet) {
    thread().code.back().dst = to.reg;
  } else {
    Emit({.op = Instr::Op::kSet, .dst = to.reg, .value = value});
  }
}

}  // namespace ordeal::litmus
