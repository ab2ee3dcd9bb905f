// What does one thread of a litmus test do? It is interpreted, and asks its Port for everything that is shared.
//
// Values are i64; the Port sees them as u64. Beside each value is a Dep, a handle of the Port's for the reads that the value was
// computed from; 0: none. The frames of the interpreter own nothing: a Port may switch to another fiber and never come back.
//
// A Port has
//
//   u64 Load(u64 addr, Order, Dep addr_dep, Dep* result);                // kPlain, kOnce, kAcquire
//   void Store(u64 addr, u64 value, Order, Dep addr_dep, Dep data_dep);  // kPlain, kOnce, kRelease
//   u64 Rmw(u64 addr, RmwOp, u64 operand, Order, Dep addr_dep, Dep data_dep, Dep* result);  // the old value; kOnce, kAcquire,
//                                                                                           // kRelease, kFull, kNoReturn
//   bool Cas(u64 addr, u64& old, u64 desired, Order, Dep addr_dep, Dep data_dep, Dep* result);  // old: expected, then what was read
//   bool AddUnless(u64 addr, u64 add, u64 unless, Order, Dep addr_dep, Dep data_dep, Dep* result);
//   void Fence(model::FenceKind);
//   void Lock(u64 addr, Dep addr_dep);
//   bool TryLock(u64 addr, Dep addr_dep, Dep* result);
//   void Unlock(u64 addr, Dep addr_dep);
//   bool IsLocked(u64 addr, Dep addr_dep, Dep* result);
//   Dep Join(Dep a, Dep b);         // of two that differ, neither of them 0
//   void Decide(Dep condition);     // a branch went one way or the other: to a machine, all that follows depends on it by control
//   void EnterArm(Dep condition);   // what follows depends on it by control, until the matching LeaveArm. Arms nest; each turn of
//   void LeaveArm();                // a loop is an arm inside the one before. A thread that does not end as kDone leaves none.
//   void At(int line);              // the source line of the access or fence that follows
#pragma once
#include <concepts>

#include "memory/litmus/test.h"

namespace ordeal::litmus {

using Dep = u32;

struct Value {
  i64 number = 0;
  Dep dep = 0;
};

struct ThreadState {
  Value registers[kMaxRegisters + kMaxTemporaries];
  int turns[kMaxLoops] = {};  // of each loop, so far
};

// kTruncated: a loop wanted more turns than it was given. kWild: an access where no variable is, or a division by 0.
enum class ThreadEnd : u8 { kDone, kTruncated, kWild };

inline constexpr int kDefaultTurns = 2;

template <class P>
concept Port = requires(P port, u64 number, Dep dep, int line, Order order, RmwOp op, model::FenceKind fence) {
  { port.Load(number, order, dep, &dep) } -> std::same_as<u64>;
  { port.Store(number, number, order, dep, dep) };
  { port.Rmw(number, op, number, order, dep, dep, &dep) } -> std::same_as<u64>;
  { port.Cas(number, number, number, order, dep, dep, &dep) } -> std::same_as<bool>;
  { port.AddUnless(number, number, number, order, dep, dep, &dep) } -> std::same_as<bool>;
  { port.Fence(fence) };
  { port.Lock(number, dep) };
  { port.TryLock(number, dep, &dep) } -> std::same_as<bool>;
  { port.Unlock(number, dep) };
  { port.IsLocked(number, dep, &dep) } -> std::same_as<bool>;
  { port.Join(dep, dep) } -> std::same_as<Dep>;
  { port.Decide(dep) };
  { port.EnterArm(dep) };
  { port.LeaveArm() };
  { port.At(line) };
};

// The value of a binary operation; *undefined is set by a division by 0, else left alone.
i64 Compute(Expression::Op op, i64 left, i64 right, bool* undefined);
using model::Apply;

template <Port P>
class Interpreter {
 public:
  Interpreter(const Test& test, int thread, ThreadState& state, P& port) : test_(test), thread_(test.threads[thread]), state_(state), port_(port) {}

  ThreadEnd Run(int max_turns) {
    state_ = {};
    for (size_t k = 0; k < thread_.registers.size(); k++) state_.registers[k].number = thread_.registers[k].initial;
    max_turns_ = max_turns;
    end_ = ThreadEnd::kDone;
    const int code_end = static_cast<int>(thread_.code.size());
    for (int at = 0; at < code_end && end_ == ThreadEnd::kDone;) at = Step(thread_.code[at], at);
    return end_;
  }

 private:
  using Op = Instr::Op;

  // The instruction that is next.
  int Step(const Instr& i, int at) {
    switch (i.op) {
      case Op::kSet: state_.registers[i.dst] = Evaluate(i.value); break;
      case Op::kIf: return If(i, at);
      case Op::kLeaveArm: port_.LeaveArm(); break;
      case Op::kJump: return i.target;
      case Op::kLoopStart: state_.turns[i.loop] = i.first_turns; break;
      case Op::kLoopTurn: return LoopTurn(i, at);
      default: Share(i);
    }
    return at + 1;
  }

  int If(const Instr& i, int at) {
    const Value condition = Evaluate(i.value);
    if (end_ != ThreadEnd::kDone) return at;
    port_.Decide(condition.dep);
    if (condition.number != 0 || i.has_else) port_.EnterArm(condition.dep);
    return condition.number != 0 ? at + 1 : i.target;
  }

  int LoopTurn(const Instr& i, int at) {
    const Value condition = Evaluate(i.value);
    port_.Decide(condition.dep);
    if (condition.number != 0) {
      if (state_.turns[i.loop]++ >= max_turns_) end_ = ThreadEnd::kTruncated;
      if (end_ != ThreadEnd::kDone) return at;
      port_.EnterArm(condition.dep);
      return at + 1;
    }
    for (int turn = i.first_turns; turn < state_.turns[i.loop]; turn++) port_.LeaveArm();
    return i.target;
  }

  // An access or a fence. Everything is evaluated before the Port is asked.
  void Share(const Instr& i) {
    const Value address = i.address == kNothing ? Value{} : Evaluate(i.address);
    const Value value = i.value == kNothing ? Value{} : Evaluate(i.value);
    const Value expected = i.expected == kNothing ? Value{} : Evaluate(i.expected);
    if (i.address != kNothing && !PlaceAt(test_, static_cast<u64>(address.number))) end_ = ThreadEnd::kWild;
    if (end_ != ThreadEnd::kDone) return;
    port_.At(i.line);
    const u64 addr = static_cast<u64>(address.number), operand = static_cast<u64>(value.number);
    u64 old = static_cast<u64>(expected.number);
    Dep dep = 0;
    switch (i.op) {
      case Op::kFence: port_.Fence(i.fence); break;
      case Op::kLoad: old = port_.Load(addr, i.order, address.dep, &dep); break;
      case Op::kStore: port_.Store(addr, operand, i.order, address.dep, value.dep); break;
      case Op::kLock: port_.Lock(addr, address.dep); break;
      case Op::kUnlock: port_.Unlock(addr, address.dep); break;
      case Op::kTryLock: old = port_.TryLock(addr, address.dep, &dep); break;
      case Op::kIsLocked: old = port_.IsLocked(addr, address.dep, &dep); break;
      case Op::kCas: port_.Cas(addr, old, operand, i.order, address.dep, value.dep, &dep); break;
      case Op::kAddUnless: old = port_.AddUnless(addr, operand, old, i.order, address.dep, value.dep, &dep); break;
      case Op::kRmw:
        old = port_.Rmw(addr, i.rmw, operand, i.order, address.dep, value.dep, &dep);
        if (i.new_value) old = Apply(i.rmw, old, operand), dep = Both(dep, value.dep);
        break;
      default: break;
    }
    if (i.dst != kNothing) state_.registers[i.dst] = {static_cast<i64>(old), dep};
  }

  Value Evaluate(int expression) {
    const Expression& e = test_.expressions[expression];
    if (e.op == Expression::Op::kNumber) return {e.number, 0};
    if (e.op == Expression::Op::kRegister) return state_.registers[e.reg];
    const Value left = Evaluate(e.left);
    const Value right = e.right == kNothing ? Value{} : Evaluate(e.right);
    bool undefined = false;
    const i64 number = Compute(e.op, left.number, right.number, &undefined);
    if (undefined) end_ = ThreadEnd::kWild;
    return {number, Both(left.dep, right.dep)};
  }

  Dep Both(Dep a, Dep b) {
    if (a == 0 || a == b) return b;
    return b == 0 ? a : port_.Join(a, b);
  }

  const Test& test_;
  const Thread& thread_;
  ThreadState& state_;
  P& port_;
  int max_turns_ = kDefaultTurns;
  ThreadEnd end_ = ThreadEnd::kDone;
};

// The final values of the thread's registers are then in state.registers, in the order of Thread::registers.
template <Port P>
ThreadEnd RunThread(const Test& test, int thread, ThreadState& state, P& port, int max_turns = kDefaultTurns) {
  return Interpreter<P>(test, thread, state, port).Run(max_turns);
}

}  // namespace ordeal::litmus
