#include <algorithm>

#include "absl/strings/str_cat.h"
#include "memory/litmus/thread_parser.h"

namespace ordeal::litmus {

void ThreadParser::If() {
  in_.Expect("(");
  const int condition = Value();
  in_.Expect(")");
  const int branch = Emit({.op = Instr::Op::kIf, .value = condition});
  Statement();
  Emit({.op = Instr::Op::kLeaveArm});
  if (!in_.Eat("else")) {
    At(branch).target = here();
    return;
  }
  const int jump = Emit({.op = Instr::Op::kJump});
  At(branch).has_else = true;
  At(branch).target = here();
  Statement();
  Emit({.op = Instr::Op::kLeaveArm});
  At(jump).target = here();
}

int ThreadParser::LoopStart(int first_turns) {
  if (loops_ == kMaxLoops) in_.Fail(in_.Peek(), "more loops in a thread", absl::StrCat("at most ", kMaxLoops));
  const int loop = std::min(loops_++, kMaxLoops - 1);
  Emit({.op = Instr::Op::kLoopStart, .loop = loop, .first_turns = first_turns});
  return loop;
}

void ThreadParser::While() {
  const Nested nested(in_, loop_depth_, kMaxLoopDepth, "loops");
  const int loop = LoopStart(0), again = here();
  in_.Expect("(");
  const int condition = Value();
  in_.Expect(")");
  const int turn = Emit({.op = Instr::Op::kLoopTurn, .value = condition, .loop = loop});
  Statement();
  Emit({.op = Instr::Op::kJump, .target = again});
  At(turn).target = here();
}

void ThreadParser::DoWhile() {
  const Nested nested(in_, loop_depth_, kMaxLoopDepth, "loops");
  const int loop = LoopStart(1), again = here();
  Statement();
  in_.Expect("while");
  in_.Expect("(");
  temporaries_ = 0;
  const int condition = Value();
  in_.Expect(")");
  in_.Expect(";");
  const int turn = Emit({.op = Instr::Op::kLoopTurn, .value = condition, .loop = loop, .first_turns = 1});
  Emit({.op = Instr::Op::kJump, .target = again});
  At(turn).target = here();
}

// The step is written before the body and done after it.
void ThreadParser::For() {
  const Nested nested(in_, loop_depth_, kMaxLoopDepth, "loops");
  in_.Expect("(");
  if (AtType()) {
    Declaration();
  } else if (!in_.At(";")) {
    SimpleStatement();
  }
  in_.Expect(";");
  temporaries_ = 0;
  const int loop = LoopStart(0), again = here();
  const int condition = in_.At(";") ? Number(1) : Value();
  in_.Expect(";");
  const int turn = Emit({.op = Instr::Op::kLoopTurn, .value = condition, .loop = loop});
  const int to_body = Emit({.op = Instr::Op::kJump});
  const int step = here();
  temporaries_ = 0;
  if (!in_.At(")")) SimpleStatement();
  Emit({.op = Instr::Op::kJump, .target = again});
  in_.Expect(")");
  At(to_body).target = here();
  Statement();
  Emit({.op = Instr::Op::kJump, .target = step});
  At(turn).target = here();
}

}  // namespace ordeal::litmus
