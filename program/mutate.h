// How does one good program become another? Changes of one, crossings of two, and the repair that both end with.
//
// Deterministic in (programs, Rng state, options). Thread-safe, one Rng per thread.
#pragma once
#include "base/random.h"
#include "program/generate.h"
#include "program/program.h"

namespace ordeal {

// One to four random changes: insert a story or an op; delete, move, duplicate or swap ops; change an operand, an order, a CPU, the
// geometry. Accepts any program, even a malformed one; the result has 2..max_ops ops with ids 0..n-1, and Validate and
// KeepsDiscipline hold. Now and then it equals the input.
void Mutate(Program& program, Rng& rng, const GenerateOptions& options = {});

// Some ops of both, in the order that they had, on the geometry of one. The result as above.
Program CrossOver(const Program& a, const Program& b, Rng& rng, const GenerateOptions& options = {});

// Makes any program valid and disciplined by fixing operands and dropping ops; leaves a disciplined one as it is, so it is
// idempotent. Ids stay (a second op with the same id is dropped); the result may be empty.
void Repair(Program& program);

// Ids 0..n-1 in order. Only for new programs: the decisions of a loaded one are keyed by its ids.
void Renumber(Program& program);

}  // namespace ordeal
