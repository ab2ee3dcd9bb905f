// What is asked about the final state? `locations [x; 0:r1;] filter (...) exists (0:r1=1 /\ x=2)`.
//
// As in herd7, => binds tighter than /\, which binds tighter than \/; a name as a value is the address of the variable; without any
// condition the test asks `forall (true)`.
#pragma once
#include "memory/litmus/cursor.h"
#include "memory/litmus/draft.h"

namespace ordeal::litmus {

// Into the draft, whose threads are known.
void ParseFinals(Cursor& in, Draft& draft);

}  // namespace ordeal::litmus
