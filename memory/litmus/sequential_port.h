// What did a thread do, if it ran alone? A Port over one flat memory that writes down each access and what it depends on.
//
// Reads are named a, b, c, ... in the order of their making: "a=Ronce[x]; Wonce[y]=1 data:a ctrl:a; mb;".
#pragma once
#include <map>
#include <string>
#include <vector>

#include "memory/litmus/state.h"
#include "memory/litmus/test.h"
#include "memory/litmus/thread.h"

namespace ordeal::litmus {

class SequentialPort {
 public:
  explicit SequentialPort(const Test& test) : test_(test) {
    for (int v = 0; v < static_cast<int>(test.variables.size()); v++)
      for (int e = 0; e < test.variables[v].size(); e++) memory_[AddressOf(v, e)] = static_cast<u64>(test.variables[v].initial[e]);
  }

  const std::string& log() const { return log_; }
  const std::vector<int>& lines() const { return lines_; }
  i64 ValueAt(int variable, int element) const { return static_cast<i64>(memory_.at(AddressOf(variable, element))); }
  int arms() const { return static_cast<int>(arms_.size()); }

  u64 Load(u64 addr, Order order, Dep addr_dep, Dep* result) {
    Log(Read(result) + "R" + OrderName(order), addr, "", {{"addr", addr_dep}});
    return memory_.at(addr);
  }
  void Store(u64 addr, u64 value, Order order, Dep addr_dep, Dep data_dep) {
    Log(std::string("W") + OrderName(order), addr, "=" + Name(value), {{"addr", addr_dep}, {"data", data_dep}});
    memory_.at(addr) = value;
  }
  u64 Rmw(u64 addr, RmwOp op, u64 operand, Order order, Dep addr_dep, Dep data_dep, Dep* result) {
    constexpr const char* kNames[] = {"xchg", "add", "sub", "and", "or", "xor", "andnot"};
    Log(Read(result) + kNames[static_cast<int>(op)] + "." + OrderName(order), addr, "," + Name(operand), {{"addr", addr_dep}, {"data", data_dep}});
    const u64 old = memory_.at(addr);
    memory_.at(addr) = Apply(op, old, operand);
    return old;
  }
  bool Cas(u64 addr, u64& old, u64 desired, Order order, Dep addr_dep, Dep data_dep, Dep* result) {
    Log(Read(result) + "cas." + OrderName(order), addr, "," + Name(old) + "," + Name(desired), {{"addr", addr_dep}, {"data", data_dep}});
    u64& now = memory_.at(addr);
    const bool swapped = now == old;
    old = now;
    if (swapped) now = desired;
    return swapped;
  }
  bool AddUnless(u64 addr, u64 add, u64 unless, Order order, Dep addr_dep, Dep data_dep, Dep* result) {
    Log(Read(result) + "add_unless." + OrderName(order), addr, "," + Name(add) + "," + Name(unless), {{"addr", addr_dep}, {"data", data_dep}});
    u64& now = memory_.at(addr);
    if (now == unless) return false;
    now += add;
    return true;
  }
  void Fence(model::FenceKind kind) {
    constexpr const char* kNames[model::kFenceKinds] = {"barrier",          "rmb", "wmb", "mb", "before_atomic", "after_atomic", "after_spinlock",
                                                        "after_unlock_lock"};
    log_ += std::string(kNames[static_cast<int>(kind)]) + "; ";
  }
  void Lock(u64 addr, Dep addr_dep) { Log("lock", addr, "", {{"addr", addr_dep}}), memory_.at(addr) = 1; }
  void Unlock(u64 addr, Dep addr_dep) { Log("unlock", addr, "", {{"addr", addr_dep}}), memory_.at(addr) = 0; }
  bool TryLock(u64 addr, Dep addr_dep, Dep* result) {
    Log(Read(result) + "trylock", addr, "", {{"addr", addr_dep}});
    const bool locked = memory_.at(addr) == 0;
    memory_.at(addr) = 1;
    return locked;
  }
  bool IsLocked(u64 addr, Dep addr_dep, Dep* result) {
    Log(Read(result) + "is_locked", addr, "", {{"addr", addr_dep}});
    return memory_.at(addr) != 0;
  }
  Dep Join(Dep a, Dep b) { return a | b; }
  void Decide(Dep) {}
  void EnterArm(Dep condition) { arms_.push_back((arms_.empty() ? 0 : arms_.back()) | condition); }
  void LeaveArm() { arms_.pop_back(); }
  void At(int line) { lines_.push_back(line); }

 private:
  // A dependency is a set of reads, by bit.
  std::string Read(Dep* result) {
    *result = Dep{1} << reads_;
    return std::string(1, static_cast<char>('a' + reads_++)) + "=";
  }

  std::string Name(u64 value) const { return ValueName(test_, static_cast<i64>(value)); }

  void Log(const std::string& what, u64 addr, const std::string& operands, std::vector<std::pair<const char*, Dep>> deps) {
    log_ += what + "[" + Name(addr) + "]" + operands;
    if (!arms_.empty()) deps.push_back({"ctrl", arms_.back()});
    for (const auto& [kind, dep] : deps) {
      if (dep != 0) log_ += std::string(" ") + kind + ":";
      for (int read = 0; read < reads_; read++)
        if (dep >> read & 1) log_ += static_cast<char>('a' + read);
    }
    log_ += "; ";
  }

  const Test& test_;
  std::map<u64, u64> memory_;
  std::string log_;
  std::vector<int> lines_;
  std::vector<Dep> arms_;  // each with those around it
  int reads_ = 0;
};

}  // namespace ordeal::litmus
