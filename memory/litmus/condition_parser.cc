#include "memory/litmus/condition_parser.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "memory/litmus/init_parser.h"

namespace ordeal::litmus {
namespace {

class ConditionParser {
 public:
  ConditionParser(Cursor& in, Draft& draft) : in_(in), draft_(draft) {}

  void Run() && {
    if (in_.Eat("locations")) Locations();
    if (in_.Eat("filter")) {
      const size_t shown = observed_.size();
      draft_.test.filter = Or();
      observed_.resize(shown);  // a state shows nothing of the filter
    }
    QuantifierAndCondition();
    in_.Eat(";");
    if (!in_.AtEnd()) in_.Fail("the end of the test");
    if (in_.status().ok()) SortObserved();
  }

 private:
  using Op = Condition::Op;

  // Each perhaps with a type behind it.
  void Locations() {
    in_.Expect("[");
    while (!in_.Eat("]") && !in_.AtEnd()) {
      if (in_.Eat(";")) continue;
      observed_.push_back(ParseItem());
      while (in_.AtName() || in_.At("*")) in_.Next();
      if (!in_.At("]")) in_.Expect(";");
    }
  }

  void QuantifierAndCondition() {
    Test& test = draft_.test;
    test.condition_text = "forall (true)";
    if (in_.AtEnd()) return;
    const bool negated = (in_.At("~") || in_.At("not")) && in_.Peek(1).text == "exists";
    if (negated) in_.Next();
    if (in_.Eat("forall")) {
      test.quantifier = Quantifier::kForall;
    } else if (in_.Eat("exists") || in_.Eat("final") || in_.At("(")) {
      test.quantifier = negated ? Quantifier::kNotExists : Quantifier::kExists;
    } else {
      return in_.Fail("exists, ~exists or forall");
    }
    const size_t first = in_.position();
    test.condition = Or();
    constexpr absl::string_view kNames[] = {"exists", "~exists", "forall"};
    test.condition_text = absl::StrCat(kNames[static_cast<int>(test.quantifier)], " ", TextFrom(first));
  }

  // As written, less the layout.
  std::string TextFrom(size_t first) const {
    std::string text;
    for (size_t k = first; k < in_.position(); k++) {
      const absl::string_view word = in_.TokenAt(k).text;
      const bool spaced = word == "/\\" || word == "\\/" || word == "=>";
      absl::StrAppend(&text, spaced ? " " : "", word, spaced || word == "not" ? " " : "");
    }
    return text;
  }

  int Add(const Condition& c) {
    draft_.test.conditions.push_back(c);
    return static_cast<int>(draft_.test.conditions.size()) - 1;
  }

  int Or() {
    int left = And();
    while (in_.Eat("\\/")) left = AddDeeper({.op = Op::kOr, .left = left, .right = And()});
    return left;
  }

  int And() {
    int left = Implies();
    while (in_.Eat("/\\")) left = AddDeeper({.op = Op::kAnd, .left = left, .right = Implies()});
    return left;
  }

  int Implies() {
    const Nested nested(in_, depth_, kMaxDepth, "conditions");
    const int left = Not();
    if (!in_.Eat("=>")) return left;
    return Add({.op = Op::kImplies, .left = left, .right = Implies()});
  }

  int Not() {
    const Nested nested(in_, depth_, kMaxDepth, "conditions");
    if (in_.Eat("~") || in_.Eat("not")) return Add({.op = Op::kNot, .left = Not()});
    if (in_.Eat("true")) return Add({.op = Op::kTrue});
    if (in_.Eat("false")) return Add({.op = Op::kFalse});
    if (!in_.Eat("(")) return Atom();
    const int inside = Or();
    in_.Expect(")");
    return inside;
  }

  // A chain of operators nests to the left, one deeper with each.
  int AddDeeper(const Condition& c) {
    if (++chain_ > kMaxChain) in_.Fail(in_.Peek(), absl::StrCat("more than ", kMaxChain, " operators"), "a shorter condition");
    return Add(c);
  }

  int Atom() {
    Condition c = {.op = Op::kEqual, .item = ObservedItem()};
    const bool different = in_.At("!=") || in_.At("<>");
    if (!different && !in_.At("=") && !in_.At("==")) {
      in_.Fail("= or !=");
      return kNothing;
    }
    in_.Next();
    const bool register_follows = in_.Peek(1).text == ":";
    if (register_follows || in_.At("[") || in_.At("*")) {
      c.op = Op::kEqualItems;
      c.other = ObservedItem();
    } else {
      c.value = ParseConstant(in_, draft_);
    }
    const int atom = Add(c);
    return different ? Add({.op = Op::kNot, .left = atom}) : atom;
  }

  Item ObservedItem() {
    const Token at = in_.Peek();
    const Item item = ParseItem();
    if (item.element == kNothing) in_.Fail(at, absl::StrCat("the array '", at.text, "'"), "an element of it");
    observed_.push_back(item);
    return item;
  }

  // `x`, `x[1]`, `*x`, `[x]`, `0:r1`.
  Item ParseItem() {
    while (in_.Eat("*")) {
    }
    const bool brackets = in_.Eat("[");
    if (!brackets && in_.Peek(1).text == ":") return ParseRegister();
    const Token name = in_.Peek();
    const int variable = draft_.VariableNamed(in_, in_.ExpectName("a variable or a register"));
    if (brackets) in_.Expect("]");
    const Variable& v = draft_.test.variables[variable];
    if (brackets || !in_.Eat("[")) return {.index = variable, .element = v.array ? kNothing : 0};
    const i64 element = in_.ExpectNumber("the number of an element");
    in_.Expect("]");
    if (element < 0 || element >= v.size()) {
      in_.Fail(name, absl::StrCat("element ", element, " of '", name.text, "'"), absl::StrCat("less than ", v.size()));
      return {};
    }
    return {.index = variable, .element = static_cast<int>(element)};
  }

  Item ParseRegister() {
    const Token at = in_.Next();
    const i64 thread = ThreadNumber(at).value_or(NumberOf(at).value_or(kNothing));
    in_.Expect(":");
    const absl::string_view name = in_.ExpectName("a register");
    const i64 threads = static_cast<i64>(draft_.test.threads.size());
    if (thread < 0 || thread >= threads) {
      in_.Fail(at, absl::StrCat("a register of thread '", at.text, "'"), absl::StrCat("one of ", threads, " threads"));
      return {};
    }
    return {.thread = static_cast<int>(thread), .index = draft_.RegisterNamed(in_, static_cast<int>(thread), name)};
  }

  // Registers by thread and name, then variables by name.
  void SortObserved() {
    const Test& test = draft_.test;
    const auto key = [&test](const Item& i) {
      const bool variable = i.thread == kNothing;
      return std::tuple(variable, i.thread, variable ? test.variables[i.index].name : test.threads[i.thread].registers[i.index].name, i.element);
    };
    std::ranges::sort(observed_, {}, key);
    observed_.erase(std::ranges::unique(observed_).begin(), observed_.end());
    draft_.test.observed = observed_;
  }

  static constexpr int kMaxChain = 1000;

  Cursor& in_;
  Draft& draft_;
  std::vector<Item> observed_;
  int depth_ = 0, chain_ = 0;
};

}  // namespace

void ParseFinals(Cursor& in, Draft& draft) { ConditionParser(in, draft).Run(); }

}  // namespace ordeal::litmus
