// What is the least that users must do to keep the contract?
#include "finding/trials.h"
#include "program/ops.h"

namespace ordeal {

namespace {

// The slots that are not used under their lock by all who use them, a bit each.
unsigned WithoutLock(const Program& program) {
  unsigned slots = 0;
  for (const Op& op : program.ops) {
    if (Publishes(op.kind) && op.publish != Publish::kLocked) slots |= 1u << Target(op);
    if (Consumes(op.kind) && op.consume != Consume::kLocked) slots |= 1u << op.slot;
  }
  return slots;
}

}  // namespace

Program EnforceContract(Program program) {
  const unsigned unlocked = WithoutLock(program);
  for (Op& op : program.ops) {
    if (Publishes(op.kind)) {
      const bool too_weak = op.publish == Publish::kPlain || op.publish == Publish::kOnce || op.publish == Publish::kWmb;
      if (too_weak || (op.publish == Publish::kLocked && (unlocked >> Target(op) & 1) != 0)) op.publish = Publish::kRelease;
    }
    if (Consumes(op.kind)) {
      switch (op.consume) {
        case Consume::kPlain:
        case Consume::kOnce:
        case Consume::kRmb: op.consume = Consume::kAcquire; break;
        case Consume::kXchgRelaxed: op.consume = Consume::kXchgAcquire; break;
        case Consume::kLocked:
          if ((unlocked >> op.slot & 1) != 0) op.consume = Consume::kAcquire;
          break;
        default: break;
      }
    }
  }
  return program;
}

}  // namespace ordeal
