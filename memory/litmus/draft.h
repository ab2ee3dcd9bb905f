// What is known so far of a test that is being read? Its names, and the vectors that indices go into.
#pragma once
#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "memory/litmus/cursor.h"
#include "memory/litmus/test.h"

namespace ordeal::litmus {

class Draft {
 public:
  Test test;

  bool HasVariable(absl::string_view name) const { return variables_.contains(name); }

  // A name that was not declared is a variable of value 0, as in herd7.
  int VariableNamed(Cursor& in, absl::string_view name) {
    const auto found = variables_.find(name);
    if (found != variables_.end()) return found->second;
    const int variable = static_cast<int>(test.variables.size());
    if (variable == kMaxVariables) in.Fail(in.Peek(), "more variables", absl::StrCat("at most ", kMaxVariables));
    if (variable == kMaxVariables) return 0;
    variables_.emplace(name, variable);
    test.variables.emplace_back().name = std::string(name);
    return variable;
  }

  i64 AddressOfVariable(Cursor& in, absl::string_view name, int element = 0) { return static_cast<i64>(AddressOf(VariableNamed(in, name), element)); }

  bool HasRegister(int thread, absl::string_view name) const { return FindRegister(thread, name) != kNothing; }

  int RegisterNamed(Cursor& in, int thread, absl::string_view name) {
    const int found = FindRegister(thread, name);
    if (found != kNothing) return found;
    std::vector<Register>& registers = test.threads[thread].registers;
    if (registers.size() == kMaxRegisters) in.Fail(in.Peek(), "more registers in a thread", absl::StrCat("at most ", kMaxRegisters));
    if (registers.size() == kMaxRegisters) return 0;
    registers.push_back({std::string(name)});
    return static_cast<int>(registers.size()) - 1;
  }

  int Add(Cursor& in, const Expression& e) {
    const int depth = 1 + std::max(DepthOf(e.left), DepthOf(e.right));
    if (depth > kMaxDepth) in.Fail(in.Peek(), absl::StrCat("an expression nested more than ", kMaxDepth, " deep"), "fewer operations");
    depths_.push_back(depth);
    test.expressions.push_back(e);
    return static_cast<int>(test.expressions.size()) - 1;
  }

 private:
  int FindRegister(int thread, absl::string_view name) const {
    const std::vector<Register>& registers = test.threads[thread].registers;
    for (size_t k = 0; k < registers.size(); k++)
      if (registers[k].name == name) return static_cast<int>(k);
    return kNothing;
  }

  int DepthOf(int expression) const { return expression == kNothing ? 0 : depths_[expression]; }

  std::map<std::string, int, std::less<>> variables_;
  std::vector<int> depths_;  // by expression
};

}  // namespace ordeal::litmus
