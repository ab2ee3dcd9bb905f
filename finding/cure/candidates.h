// Which single changes could repair a failing program? Everything that the execution has touched, made stronger; weakest first.
#pragma once
#include <vector>

#include "finding/verdict.h"

namespace ordeal {

// Orders of Sites and of the users' hand-overs, barriers beside accesses, planted Changes taken back. `ordering`: else barriers are left
// out, since none can help, and pairs of ops that overlap are offered a lock.
std::vector<Repair> Candidates(const Finding& f, bool ordering);

// The reverse: stated orders and barriers that the execution uses, each as weak as it can be.
std::vector<Repair> Weakenings(const Finding& f);

}  // namespace ordeal
