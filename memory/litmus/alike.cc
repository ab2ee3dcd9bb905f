#include "memory/litmus/alike.h"

#include <algorithm>
#include <utility>

namespace ordeal::litmus {
namespace {

using Op = Instr::Op;

bool SameExpression(const Test& test, int a, int b) {
  if (a == kNothing || b == kNothing) return a == b;
  const Expression &x = test.expressions[a], &y = test.expressions[b];
  return x.op == y.op && x.number == y.number && x.reg == y.reg && SameExpression(test, x.left, y.left) && SameExpression(test, x.right, y.right);
}

bool SameInstr(const Test& test, const Instr& a, const Instr& b) {
  return a.op == b.op && a.order == b.order && a.fence == b.fence && a.rmw == b.rmw && a.new_value == b.new_value && a.has_else == b.has_else &&
         a.dst == b.dst && SameExpression(test, a.address, b.address) && SameExpression(test, a.value, b.value) &&
         SameExpression(test, a.expected, b.expected) && a.target == b.target && a.loop == b.loop && a.first_turns == b.first_turns;
}

bool SameThread(const Test& test, const Thread& a, const Thread& b) {
  const auto same = [&](const Instr& x, const Instr& y) { return SameInstr(test, x, y); };
  return std::ranges::equal(a.registers, b.registers, {}, &Register::initial, &Register::initial) && std::ranges::equal(a.code, b.code, same);
}

// Is there surely a variable?
bool IsPlace(const Test& test, const Thread& thread, int address) {
  const Expression& e = test.expressions[address];
  if (e.op == Expression::Op::kNumber) return static_cast<bool>(PlaceAt(test, static_cast<u64>(e.number)));
  if (e.op != Expression::Op::kRegister || e.reg >= static_cast<int>(thread.registers.size())) return false;
  if (std::ranges::any_of(thread.code, [&](const Instr& i) { return i.dst == e.reg; })) return false;
  return static_cast<bool>(PlaceAt(test, static_cast<u64>(thread.registers[e.reg].initial)));
}

bool MayBeGivenUp(const Test& test) {
  if (std::ranges::any_of(test.expressions, [](const Expression& e) { return e.op == Expression::Op::kDiv || e.op == Expression::Op::kMod; }))
    return true;
  return std::ranges::any_of(test.threads, [&](const Thread& t) {
    return std::ranges::any_of(t.code,
                               [&](const Instr& i) { return i.op == Op::kLoopTurn || (i.address != kNothing && !IsPlace(test, t, i.address)); });
  });
}

}  // namespace

std::vector<int> AlikeThreads(const Test& test) {
  if (MayBeGivenUp(test)) return {};
  std::vector<int> alike(test.threads.size(), -1);
  bool any = false;
  for (size_t t = 0; t < alike.size(); ++t) {
    for (size_t u = 0; u < t && alike[t] < 0; ++u) {
      if (!SameThread(test, test.threads[t], test.threads[u])) continue;
      alike[t] = alike[u] = static_cast<int>(u);
      any = true;
    }
  }
  if (!any) alike.clear();
  return alike;
}

Exchanges::Exchanges(const Test& test, std::vector<int> alike) {
  std::vector<Item> looked = test.observed;
  for (const Condition& c : test.conditions) {
    if (c.op == Condition::Op::kEqual || c.op == Condition::Op::kEqualItems) looked.push_back(c.item);
    if (c.op == Condition::Op::kEqualItems) looked.push_back(c.other);
  }
  for (int lowest = 0; lowest < static_cast<int>(alike.size()); ++lowest) {
    Class c;
    for (int t = lowest; t < static_cast<int>(alike.size()); ++t)
      if (alike[t] == lowest) c.members.push_back(t);
    if (c.members.empty()) continue;
    for (const Item& item : looked)
      if (item.thread != kNothing && alike[item.thread] == lowest) c.registers.push_back(item.index);
    classes_.push_back(std::move(c));
  }
}

bool Exchanges::Less(const Class& c, std::span<const ThreadState> threads, int a, int b) const {
  for (const int r : c.registers) {
    const i64 left = threads[a].registers[r].number, right = threads[b].registers[r].number;
    if (left != right) return left < right;
  }
  return false;
}

void Exchanges::ForEach(std::span<const ThreadState> threads, u64 orbit, const std::function<void(std::span<const ThreadState>, u64)>& f) {
  if (orbit == 1) return f(threads, 1);
  // An orbit goes evenly over what its executions end with: n! for each class, over m! for each m that end with the same.
  u64 ends = 1;
  for (const Class& c : classes_) {
    for (size_t k = 0; k < c.members.size(); ++k) {
      u64 same = 1;
      for (size_t j = 0; j < k; ++j) same += !Less(c, threads, c.members[j], c.members[k]) && !Less(c, threads, c.members[k], c.members[j]);
      ends = ends * (k + 1) / same;
    }
  }
  arranged_.assign(threads.begin(), threads.end());
  Arrange(0, threads, orbit / ends, f);
}

void Exchanges::Arrange(size_t from, std::span<const ThreadState> threads, u64 times,
                        const std::function<void(std::span<const ThreadState>, u64)>& f) {
  if (from == classes_.size()) return f(arranged_, times);
  const Class& c = classes_[from];
  const auto less = [&](int a, int b) { return Less(c, threads, a, b); };
  std::vector<int> who = c.members;
  std::ranges::sort(who, less);
  do {
    for (size_t k = 0; k < who.size(); ++k) arranged_[c.members[k]] = threads[who[k]];
    Arrange(from + 1, threads, times, f);
  } while (std::ranges::next_permutation(who, less).found);
}

}  // namespace ordeal::litmus
