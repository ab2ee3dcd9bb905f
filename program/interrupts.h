// Which interrupts come into which op? (Op::irq)
#pragma once
#include <cstddef>
#include <vector>

#include "program/program.h"

namespace ordeal {

// By index: the index of the op that op i interrupts; i itself for an op that runs on its own, an interrupt without an op to come into among them.
std::vector<size_t> InterruptedOps(const Program& program);

// May interrupt `op` come into `into`? Where in there it comes must make no difference to what either finds in its registers.
bool MayInterrupt(const Op& op, const Op& into);

// Those that may not become ops like the others. A part of Repair (mutate.h), for who has moved or dropped ops.
void MendInterrupts(Program& program);

}  // namespace ordeal
