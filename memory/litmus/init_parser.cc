#include "memory/litmus/init_parser.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

namespace ordeal::litmus {
namespace {

class InitParser {
 public:
  InitParser(Cursor& in, Draft& draft) : in_(in), draft_(draft) {}

  std::vector<InitialRegister> Run() && {
    while (!in_.AtEnd()) {
      if (in_.Eat(";")) continue;
      SkipType();
      Declarator();
      while (in_.Eat(",")) Declarator();
      if (!in_.AtEnd()) in_.Expect(";");
    }
    return std::move(registers_);
  }

 private:
  // The names before the last one, and stars: no value depends on them.
  void SkipType() {
    while (in_.At("*") || (in_.AtName() && (in_.Peek(1).kind == Token::Kind::kName || in_.Peek(1).text == "*" ||
                                            in_.Peek(1).kind == Token::Kind::kNumber || in_.Peek(1).text == "["))) {
      if (in_.Peek(1).text == "[" && in_.Peek(2).kind != Token::Kind::kName) return;  // a[2]; but int [x]
      in_.Next();
    }
  }

  void Declarator() {
    while (in_.Eat("*")) {
    }
    if (in_.Peek(1).text == ":") return InitialRegisterAt();
    const bool brackets = in_.Eat("[");
    const Token name = in_.Peek();
    const int variable = draft_.VariableNamed(in_, in_.ExpectName("a variable"));
    if (brackets) in_.Expect("]");
    if (in_.Eat("[")) return Array(name, variable);
    if (in_.Eat("=")) draft_.test.variables[variable].initial[0] = Value();
  }

  void InitialRegisterAt() {
    InitialRegister r;
    r.at = in_.Peek();
    const std::optional<int> thread = ThreadNumber(r.at);
    r.thread = thread ? *thread : static_cast<int>(std::min<i64>(NumberOf(r.at).value_or(kMaxThreads), kMaxThreads));
    in_.Next();
    in_.Expect(":");
    r.name = in_.ExpectName("a register");
    if (in_.Eat("=")) r.value = Value();
    registers_.push_back(r);
  }

  void Array(const Token& name, int variable) {
    const bool sized = !in_.At("]");
    const i64 size = sized ? in_.ExpectNumber("the number of elements") : 1;
    in_.Expect("]");
    if (size < 1 || size > kMaxElements) return in_.Fail(name, "an array of another size", absl::StrCat("1 to ", kMaxElements, " elements"));
    Variable& v = draft_.test.variables[variable];
    v.array = true;
    v.initial.assign(size, 0);
    if (!in_.Eat("=")) return;
    in_.Expect("{");
    std::vector<i64> values;
    do values.push_back(Value());
    while (in_.Eat(",") && !in_.At("}") && values.size() <= kMaxElements);
    in_.Expect("}");
    if (values.size() > kMaxElements || (sized && values.size() != static_cast<size_t>(size)))
      return in_.Fail(name, absl::StrCat(values.size(), " initial values"), "as many as elements");
    draft_.test.variables[variable].initial = std::move(values);
  }

  i64 Value() {
    if (!in_.Eat("ATOMIC_INIT")) return ParseConstant(in_, draft_);
    in_.Expect("(");
    const i64 value = ParseConstant(in_, draft_);
    in_.Expect(")");
    return value;
  }

  Cursor& in_;
  Draft& draft_;
  std::vector<InitialRegister> registers_;
};

}  // namespace

std::vector<InitialRegister> ParseInit(Cursor& in, Draft& draft) { return InitParser(in, draft).Run(); }

i64 ParseConstant(Cursor& in, Draft& draft) {
  const bool ampersand = in.Eat("&");
  if (in.AtName()) {
    const absl::string_view name = in.Next().text;
    if (name == "NULL") return 0;
    const bool element = in.Eat("[");
    const i64 index = element ? in.ExpectNumber("the number of an element") : 0;
    if (element) in.Expect("]");
    if (index < 0 || index >= kMaxElements) in.Fail(in.Peek(), absl::StrCat("element ", index), absl::StrCat("less than ", kMaxElements));
    return draft.AddressOfVariable(in, name, in.status().ok() ? static_cast<int>(index) : 0);
  }
  if (ampersand) in.Fail("a variable");
  const bool negative = in.Eat("-");
  const u64 number = static_cast<u64>(in.ExpectNumber("a value"));
  return static_cast<i64>(negative ? 0 - number : number);
}

}  // namespace ordeal::litmus
