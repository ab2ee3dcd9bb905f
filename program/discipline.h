// In which order could the ops of a program run, and where is one that correct users would not do? The walk that
// BrokenDiscipline (validate.h) and Repair (mutate.h) share.
#pragma once
#include <functional>
#include <string>

#include "program/program.h"

namespace ordeal {

// Walks the ops in an order in which every consume finds its slot filled and every take_next its link, as far as there is one: always
// the first op of the list that can go. An op that breaks the discipline is reported with the reason, has no effect, and the walk goes on without it.
// The ops that remain keep the discipline, and which order was taken makes no difference for them: slots are filled and taken
// once, and objects linked once, so no op can lose anything by waiting. Requires Validate(program).ok().
void WalkDiscipline(const Program& program, const std::function<void(size_t index, std::string reason)>& broken);

}  // namespace ordeal
