#include "program/interrupts.h"

#include "program/ops.h"

namespace ordeal {

std::vector<size_t> InterruptedOps(const Program& program) {
  std::vector<size_t> into(program.ops.size());
  std::vector<size_t> waiting[kMaxCpus];
  for (size_t i = 0; i < program.ops.size(); ++i) {
    const Op& op = program.ops[i];
    into[i] = i;
    std::vector<size_t>& mine = waiting[op.cpu];
    if (op.irq != 0 && mine.size() < kMaxInterrupts) {
      mine.push_back(i);
      continue;
    }
    if (op.kind == OpKind::kDestroy) continue;  // by then all is over: what waits comes before it, by itself
    for (const size_t irq : mine) into[irq] = i;
    mine.clear();
  }
  return into;
}

bool MayInterrupt(const Op& op, const Op& into) { return !UsesRegister(op.kind) || !Touches(into, op.reg); }

void MendInterrupts(Program& program) {
  const std::vector<size_t> interrupted = InterruptedOps(program);
  bool changed = false;
  for (size_t i = 0; i < program.ops.size(); ++i) {
    Op& op = program.ops[i];
    if (interrupted[i] == i || MayInterrupt(op, program.ops[interrupted[i]])) continue;
    op.irq = 0;
    changed = true;
  }
  if (changed) MendInterrupts(program);  // it stands between others and what they came into
}

}  // namespace ordeal
