// What does a litmus test say? The variables, the code of its threads, and the question about the final state, as plain data.
//
// Read by parser.h, run by thread.h, asked by state.h. Registers, expressions, conditions are indices into the vectors of their
// owner; kNothing stands for none. A parameter of a thread is a register that holds the address of the variable of that name.
#pragma once
#include <string>
#include <vector>

#include "memory/model/graph.h"
#include "memory/model/rmw_op.h"
#include "memory/order.h"

namespace ordeal::litmus {

inline constexpr int kNothing = -1;

// Values are i64. An address is a value, too: elements are 8 bytes apart, variables so far apart that an address beyond the end of
// one is in no other.
inline constexpr u64 kFirstAddress = 0x40000000;
inline constexpr u64 kElementBytes = 8;
inline constexpr u64 kVariableBytes = 0x1000;
inline constexpr int kMaxElements = 256;
inline constexpr int kMaxVariables = 4096;

constexpr u64 AddressOf(int variable, int element) {
  return kFirstAddress + static_cast<u64>(variable) * kVariableBytes + static_cast<u64>(element) * kElementBytes;
}

// Is the value meant as an address? Then C's arithmetic on it counts in elements.
constexpr bool IsAddress(i64 value) { return static_cast<u64>(value) >= kFirstAddress && static_cast<u64>(value) < AddressOf(kMaxVariables, 0); }

inline constexpr int kMaxThreads = 64;
inline constexpr int kMaxRegisters = 64;    // of one thread, by name
inline constexpr int kMaxTemporaries = 32;  // of one statement; they are the registers from kMaxRegisters on
inline constexpr int kMaxLoops = 16;        // of one thread
inline constexpr int kMaxLoopDepth = 4;
inline constexpr int kMaxDepth = 64;  // of expressions, statements and conditions

struct Expression {
  enum class Op : u8 {
    kNumber,
    kRegister,
    kNot,         // !
    kComplement,  // ~
    kAdd,
    kSub,
    kMul,
    kDiv,
    kMod,
    kShiftLeft,
    kShiftRight,
    kBitAnd,
    kBitOr,
    kBitXor,
    kEqual,
    kNotEqual,
    kLess,
    kLessEqual,
    kGreater,
    kGreaterEqual,
    kAnd,  // both sides are evaluated
    kOr,
  };
  Op op = Op::kNumber;
  i64 number = 0;                         // kNumber
  int reg = kNothing;                     // kRegister
  int left = kNothing, right = kNothing;  // the operands; of a unary operation: left
};

using model::RmwOp;

struct Instr {
  enum class Op : u8 {
    kSet,        // dst = value
    kLoad,       // dst = *address
    kStore,      // *address = value
    kRmw,        // rmw, by value; dst gets the old or the new value
    kCas,        // expected, value; dst gets the old value
    kAddUnless,  // value, expected; dst gets whether it added
    kFence,
    kLock,
    kUnlock,
    kTryLock,   // dst gets whether it locked
    kIsLocked,  // dst gets whether it is
    kIf,        // value is 0: go to target, which is another arm if has_else
    kLeaveArm,
    kJump,       // to target
    kLoopStart,  // the loop has made first_turns turns
    kLoopTurn,   // value is 0: leave the loop to target; else another turn
  };
  Op op = Op::kSet;
  int line = 0;  // of the source
  Order order = Order::kPlain;
  model::FenceKind fence = model::FenceKind::kBarrier;
  RmwOp rmw = RmwOp::kXchg;
  bool new_value = false;                                         // kRmw
  bool has_else = false;                                          // kIf
  int dst = kNothing;                                             // a register
  int address = kNothing, value = kNothing, expected = kNothing;  // expressions
  int target = kNothing;                                          // an instruction
  int loop = kNothing, first_turns = 0;                           // kLoopStart, kLoopTurn
};

struct Register {
  std::string name;
  i64 initial = 0;
};

struct Thread {
  std::vector<Register> registers;
  std::vector<Instr> code;
};

struct Variable {
  std::string name;
  bool array = false;
  std::vector<i64> initial = {0};  // by element

  int size() const { return static_cast<int>(initial.size()); }
};

// What a condition talks about and a state prints: a register, a variable, an element of an array, a whole array.
struct Item {
  int thread = kNothing;  // kNothing: a variable
  int index = 0;          // of the register or the variable
  int element = 0;        // kNothing: the whole array
  bool operator==(const Item&) const = default;
};

struct Condition {
  enum class Op : u8 { kTrue, kFalse, kEqual, kEqualItems, kNot, kAnd, kOr, kImplies };
  Op op = Op::kTrue;
  Item item = {}, other = {};  // kEqual: item is value; kEqualItems: item is other
  i64 value = 0;
  int left = kNothing, right = kNothing;  // conditions; of kNot: left
};

enum class Quantifier : u8 { kExists, kNotExists, kForall };

struct Test {
  std::string name;
  std::vector<Variable> variables;
  std::vector<Thread> threads;
  std::vector<Expression> expressions;
  std::vector<Condition> conditions;

  Quantifier quantifier = Quantifier::kForall;
  int condition = kNothing;    // kNothing: true
  int filter = kNothing;       // kNothing: true
  std::string condition_text;  // as written, with its quantifier
  std::vector<Item> observed;  // those of the condition and of `locations`, in the order of a printed state
};

struct Place {
  int variable = kNothing, element = 0;
  explicit operator bool() const { return variable != kNothing; }
};

// What lies at the address? Nothing, if it is not the start of an element.
inline Place PlaceAt(const Test& test, u64 address) {
  if (!IsAddress(static_cast<i64>(address)) || address % kElementBytes != 0) return {};
  const int variable = static_cast<int>((address - kFirstAddress) / kVariableBytes);
  const int element = static_cast<int>((address - kFirstAddress) % kVariableBytes / kElementBytes);
  if (variable >= static_cast<int>(test.variables.size()) || element >= test.variables[variable].size()) return {};
  return {variable, element};
}

}  // namespace ordeal::litmus
