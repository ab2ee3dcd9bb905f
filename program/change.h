// What can be changed about a program in one step? The repertoire of Mutate; what comes out wants Repair.
#pragma once
#include <cstddef>

#include "base/random.h"
#include "program/generate.h"
#include "program/program.h"

namespace ordeal {

// One random change. Requires Validate(program).ok(); the result may have ids twice, operands that their ops do not use, breaches of
// the discipline and more ops than are allowed, but every value is within its range.
void Change(Program& program, Rng& rng, const GenerateOptions& options);

// Two of its steps, for whoever needs more ops or less.
void InsertStory(Program& program, Rng& rng);
void DeleteRange(Program& program, size_t n, Rng& rng);

}  // namespace ordeal
