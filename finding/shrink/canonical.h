// Which of the programs that differ in names alone is the one that is written down?
#pragma once
#include "program/program.h"

namespace ordeal {

// The same program with CPUs, registers, slots, fields and ops numbered in the order in which they are met, ops listed as they can run: the
// lowest CPU as far as it comes, a consume after the publish that it needs. Of all orders of the CPUs the one whose text is least. Idempotent, and
// equal for programs that differ in such names only. CPUs without ops are left out. Requires Validate(program).ok().
Program Canonicalised(const Program& program);

}  // namespace ordeal
