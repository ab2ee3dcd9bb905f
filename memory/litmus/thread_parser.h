// What does a thread do? From its parameters and statements to instructions.
//
// Each access becomes an instruction of its own, in the order of the text, with a temporary register for what it returns; the
// expressions that are left have registers and numbers only. Both sides of && and || are evaluated, as in herd7.
#pragma once

#include "absl/strings/string_view.h"
#include "memory/litmus/cursor.h"
#include "memory/litmus/draft.h"
#include "memory/litmus/primitives.h"

namespace ordeal::litmus {

class ThreadParser {
 public:
  // The thread is the last one of the draft.
  ThreadParser(Cursor& in, Draft& draft);

  // From the parameters to the closing brace.
  void Run();

 private:
  using Op = Expression::Op;

  // What can stand on the left of an assignment.
  struct Lvalue {
    bool memory = false;
    int address = kNothing;  // memory: an expression
    int reg = kNothing;      // else
  };

  // thread_parser.cc: statements
  void Parameters();
  void Parameter();
  void Statement();
  bool AtType() const;
  void SkipType();
  void SkipStars();
  void Declaration();
  void SimpleStatement();
  void Assign(const Lvalue& to);
  void Store(const Lvalue& to, int value);

  // control_parser.cc
  void If();
  void While();
  void DoWhile();
  void For();
  int LoopStart(int first_turns);

  // expression_parser.cc
  int Value();
  int Binary(int level);
  int Unary();
  int Primary();
  void CheckNamesRegister(const Token& name);
  int Elements(int base);
  Lvalue Place();
  int AddressOfPlace(absl::string_view of);
  int Rvalue(const Lvalue& from);
  int Choice(int condition);

  // call_parser.cc
  int Call(bool value_wanted);
  int Perform(const Token& name, const Primitive& p);
  int Argument();

  // expression_parser.cc: parts of the result
  int Number(i64 number) { return draft_.Add(in_, {.number = number}); }
  int Reg(int reg) { return draft_.Add(in_, {.op = Op::kRegister, .reg = reg}); }
  int Binary(Op op, int left, int right) { return draft_.Add(in_, {.op = op, .left = left, .right = right}); }
  int Temporary();
  int Emit(Instr i);
  int EmitInto(Instr i, int reg);  // the expression of the register
  int LoadFrom(int address, Order order);
  int here() const { return static_cast<int>(thread().code.size()); }
  Thread& thread() { return draft_.test.threads[id_]; }
  const Thread& thread() const { return draft_.test.threads[id_]; }
  Instr& At(int instruction) { return thread().code[instruction]; }

  Cursor& in_;
  Draft& draft_;
  const int id_;
  int temporaries_ = 0;  // of this statement
  int loops_ = 0;
  int depth_ = 0, loop_depth_ = 0;
};

}  // namespace ordeal::litmus
