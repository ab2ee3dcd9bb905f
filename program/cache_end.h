// Who uses the cache to the end? A program's CPUs all give it up, each as its last op, and the last of them destroys it; or none does.
//
// As in the kernel, where kmem_cache_destroy() wants every alloc and free to be over: so a CPU that goes on is no program.
#pragma once
#include <string>

#include "program/program.h"

namespace ordeal {

// How many CPUs give the cache up; 0: nobody destroys it.
int CacheUsers(const Program& program);

// Empty, or what Validate says: "op 5: got destroy before op 7 of its CPU, expected nothing after it".
std::string BrokenEnd(const Program& program);

// Every CPU that has ops gives the cache up, if there is room for that.
void EndCache(Program& program);
void KeepCache(Program& program);  // nobody does

// A part of Repair (mutate.h), for who has moved or dropped ops: an op of that kind comes last on its CPU, once; if one is missing, all go.
void MendEnd(Program& program);

}  // namespace ordeal
