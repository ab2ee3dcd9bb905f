// What does one thread of a litmus test do, when registers and variables are sets of values? For storable.h.
#pragma once
#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "memory/litmus/storable.h"
#include "memory/litmus/thread.h"

namespace ordeal::litmus {

using At = std::pair<int, int>;  // a variable and an element

// Values, each once. False: there is no room for one more.
class Values {
 public:
  Values() = default;
  explicit Values(i64 value) : values_{value} {}
  auto begin() const { return values_.begin(); }
  auto end() const { return values_.end(); }
  bool Add(i64 value) {
    if (std::ranges::find(values_, value) != end()) return true;
    if (values_.size() == kMostValues) return false;
    values_.push_back(value);
    return true;
  }
  size_t size() const { return values_.size(); }

 private:
  std::vector<i64> values_;
};

// What the variables are known to hold, and what each thread stores.
struct Shared {
  std::map<At, Values> held;
  std::vector<std::map<At, Values>> stored;  // by thread
  std::set<At> locks;
  std::set<std::tuple<const Instr*, bool>> ways;  // that branches have, and that values lead to
  bool both_ways = false;                         // ... or not
  bool all = true;

  void Add(Values* to, i64 value) { all &= to->Add(value); }
};

inline constexpr int kMostPasses = 256;  // a thread with more turns in it is not followed to its end

// One thread, its registers before each instruction as sets.
class Follower {
  using Op = Instr::Op;

 public:
  Follower(const Test& test, size_t thread, Shared& shared)
      : test_(test), thread_(test.threads[thread]), stored_(shared.stored[thread]), shared_(shared), before_(thread_.code.size() + 1) {}

  // In the order of the text: a loop's next turn comes with the next pass.
  void Follow(int most) {
    int passes = most;
    for (const Register& r : thread_.registers) before_[0].emplace_back(r.initial);
    before_[0].resize(thread_.registers.size() + kMaxTemporaries);
    for (bool more = true; more && passes > 0; --passes) {
      grew_ = false;
      for (size_t at = 0; at < thread_.code.size(); ++at)
        if (!before_[at].empty()) Step(thread_.code[at], at);
      more = grew_;
      if (more && passes == 1 && most == kMostPasses) shared_.all = false;
    }
  }

 private:
  Values& In(std::vector<Values>& registers, int number) const {
    const size_t named = thread_.registers.size(), n = static_cast<size_t>(number);
    return registers[n < named ? n : named + n - kMaxRegisters];
  }

  void Step(const Instr& i, size_t at) {
    now_ = before_[at];
    if (i.op == Op::kSet) In(now_, i.dst) = Evaluate(i.value);
    if (i.address != kNothing) Access(i);
    if (i.op == Op::kIf || i.op == Op::kLoopTurn) {
      const Values condition = Evaluate(i.value);
      if (Goes(i, true, std::ranges::any_of(condition, [](i64 value) { return value != 0; }))) GoTo(at + 1);
      if (Goes(i, false, std::ranges::any_of(condition, [](i64 value) { return value == 0; }))) GoTo(static_cast<size_t>(i.target));
    } else {
      GoTo(i.op == Op::kJump ? static_cast<size_t>(i.target) : at + 1);
    }
  }

  // Does it go this way?
  bool Goes(const Instr& i, bool way, bool leads) {
    if (leads) shared_.ways.insert({&i, way});
    return leads || shared_.both_ways;
  }

  void GoTo(size_t at) {
    std::vector<Values>& there = before_[at];
    grew_ |= there.empty();
    there.resize(now_.size());
    for (size_t r = 0; r < now_.size(); ++r) {
      const size_t before = there[r].size();
      for (const i64 value : now_[r]) shared_.Add(&there[r], value);
      grew_ |= there[r].size() > before;
    }
  }

  void Access(const Instr& i) {
    Values result;
    const Values operands = i.value == kNothing ? Values(0) : Evaluate(i.value);
    const Values expected = i.expected == kNothing ? Values(0) : Evaluate(i.expected);
    for (const i64 address : Evaluate(i.address)) {
      const Place place = PlaceAt(test_, static_cast<u64>(address));
      if (!place) continue;
      const At at{place.variable, place.element};
      if (i.op == Op::kLock || i.op == Op::kUnlock || i.op == Op::kTryLock || i.op == Op::kIsLocked) shared_.locks.insert(at);
      for (const i64 old : shared_.held.at(at)) {
        const bool same = std::ranges::find(expected, old) != expected.end(), other = !same || expected.size() > 1;
        for (const i64 operand : operands) AccessOne(i, at, old, operand, {same, other}, &result);
      }
    }
    if (i.dst != kNothing) In(now_, i.dst) = std::move(result);
  }

  // What it stores if it stores, and what it may return. What was there: is it what is expected, can it be another?
  struct Match {
    bool same, other;
  };
  void AccessOne(const Instr& i, At at, i64 old, i64 operand, Match match, Values* result) {
    const auto store = [&](i64 value) { shared_.Add(&stored_[at], value); };
    const auto give = [&](i64 value) { shared_.Add(result, value); };
    const auto changed = [&](RmwOp op) { return static_cast<i64>(Apply(op, static_cast<u64>(old), static_cast<u64>(operand))); };
    switch (i.op) {
      case Op::kLoad: return give(old);
      case Op::kStore: return store(operand);
      case Op::kRmw: return store(changed(i.rmw)), give(i.new_value ? changed(i.rmw) : old);
      case Op::kLock: return store(1);
      case Op::kUnlock: return store(0);
      case Op::kIsLocked: return give(old != 0);
      case Op::kCas:
        give(old);
        if (Goes(i, true, match.same)) store(operand);
        return;
      case Op::kAddUnless:
        if (Goes(i, true, match.other)) store(changed(RmwOp::kAdd)), give(1);
        if (Goes(i, false, match.same)) give(0);
        return;
      case Op::kTryLock:
        if (Goes(i, true, old == 0)) store(1), give(1);
        if (Goes(i, false, old != 0)) give(0);
        return;
      default: return;
    }
  }

  Values Evaluate(int expression) {
    const Expression& e = test_.expressions[static_cast<size_t>(expression)];
    if (e.op == Expression::Op::kNumber) return Values(e.number);
    if (e.op == Expression::Op::kRegister) return In(now_, e.reg);
    Values all;
    const Values left = Evaluate(e.left), right = e.right == kNothing ? Values(0) : Evaluate(e.right);
    for (const i64 l : left) {
      for (const i64 r : right) {
        bool undefined = false;
        const i64 value = Compute(e.op, l, r, &undefined);
        if (!undefined) shared_.Add(&all, value);
      }
    }
    return all;
  }

  const Test& test_;
  const Thread& thread_;
  std::map<At, Values>& stored_;
  Shared& shared_;
  bool grew_ = false;
  std::vector<std::vector<Values>> before_;  // by instruction; empty: it is not come to
  std::vector<Values> now_;
};

}  // namespace ordeal::litmus
