// Which op makes sense at some place of a program, given what its CPU holds there?
#pragma once
#include <optional>

#include "base/random.h"
#include "program/program.h"

namespace ordeal {

// A random one. Repair clears what its kind does not use, and makes pairs of those that are locked.
Op SensibleOp(const Program& p, size_t place, Rng& rng);

// A bit of `mask`, none if it is 0.
std::optional<u8> AnyBit(unsigned mask, Rng& rng);

}  // namespace ordeal
