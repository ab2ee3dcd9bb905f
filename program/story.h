// What do users of an allocator do that it may get wrong? Short stories about a few objects: the building blocks of Generate and
// Mutate, each disciplined by itself.
#pragma once
#include <vector>

#include "base/random.h"
#include "program/program.h"

namespace ordeal {

// An op whose registers are still to be found: `object` says which object of the story it is about, `second` the one of its second
// register. An object that several CPUs hold at a time goes by several numbers.
struct Step {
  Op op;
  int object = 0;
  int second = 0;
};
using Story = std::vector<Step>;

// A random story for the CPUs and extension records of `geometry`. Hand-overs use the slots whose bit is set in `free_slots`,
// each once; without a free slot an object stays where it is. At least 2 steps; every prefix is disciplined.
Story TellStory(Rng& rng, const Geometry& geometry, unsigned free_slots);

// The slots that no op uses, as a bit set.
unsigned FreeSlots(const Program& program);

// Inserts the steps in their order at random places, each object in a register that nobody else needs meanwhile, as long as there
// are enough. Their ids are 0: renumber afterwards. Requires cpus and registers within their limits.
void Weave(Program& program, const Story& story, Rng& rng);

// Random operands in the proportions of the stories; disciplined.
Publish RandomPublish(Rng& rng);
Consume RandomConsume(Rng& rng);
Put RandomPut(Rng& rng);
bool RandomlyLocked(Rng& rng);  // a hand-over, on both sides
// A kind that this machine may have something to do for: drain, stats, flush...; never a destroy.
Op RandomHousekeeping(Rng& rng, const Geometry& geometry);
u8 RandomCharge(Rng& rng, const Geometry& geometry);

}  // namespace ordeal
