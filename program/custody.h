// Who holds what while a program runs, as far as its ops tell? Registers and slots as correct users see them, and which op would not
// do there. The walk of discipline.h and the mutator ask; ops are told in an order in which they could run.
#pragma once
#include <array>
#include <string>
#include <vector>

#include "program/program.h"

namespace ordeal {

enum class Holding : u8 {
  kNothing,
  kPlain,    // an object that is the holder's alone
  kCounted,  // one that counts its references, and this is the only one
  kShared,   // others have or had references, too: not written any more
  kTail,     // the end of a list that another CPU may have: it can be linked, and no more
  kHead,     // the beginning of a list that another CPU may make longer: not the holder's to free before the next is taken
};
inline constexpr int kHoldings = 6;

// The holdings with which an op of this kind may find its (first) register, a bit each. Requires UsesRegister(kind) and not Fills(kind).
unsigned FitFor(OpKind kind);

class Custody {
 public:
  // It has to wait for somebody's publish or link. One that breaks a rule anyway need not wait.
  bool Waits(const Op& op) const;
  // Empty, or why correct users would not do this now. An op that waits has nothing to wait for.
  std::string Breach(const Op& op) const;
  // Requires Breach(op).empty().
  void Do(const Op& op);

  Holding InRegister(int cpu, int reg) const { return registers_[cpu][reg].what; }

 private:
  // Objects have numbers so that a list's links can be followed.
  struct Held {
    Holding what = Holding::kNothing;
    size_t object = 0;
  };
  struct Slot {
    Held content;
    bool published = false, taken = false, locked = false;
  };
  static constexpr size_t kNone = 0;

  std::string RuleOfSlots(const Op& op) const;
  std::string RuleOfRegisters(const Op& op) const;
  Held& Register(const Op& op) { return registers_[op.cpu][op.reg]; }
  const Held& Register(const Op& op) const { return registers_[op.cpu][op.reg]; }

  std::array<std::array<Held, kRegisters>, kMaxCpus> registers_ = {};
  std::array<Slot, kSlots> slots_ = {};
  std::vector<size_t> next_ = {kNone};  // by object
  unsigned offline_ = 0;                // a bit for each cgroup
};

}  // namespace ordeal
