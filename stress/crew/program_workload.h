// How does a program of the corpus run on real threads? The same interpreter, allocator and shadow as on the modelled memory.
#pragma once
#include <memory>

#include "absl/status/statusor.h"
#include "program/reproducer.h"
#include "stress/crew/cell_memory.h"
#include "stress/crew/log.h"
#include "stress/crew/workload.h"

namespace ordeal::stress {

struct ProgramOptions {
  Watch watch = Watch::kFull;
  u64 memory_bytes = 4 << 20;  // of the cells of one crew, about; at least kLeastCells are made
  bool delays = true;          // in half of the rounds a thread waits in front of one of its accesses (memory/native/delay.h)
  u64 seed = 1;                // of delays and of what is evicted
  PlaceRegion place;           // where the cells' memory goes; null: the kernel's choice
};

// The program's bugs must be planted (finding/bugs.h) before, and stay so while it is used: an omitted barrier is one of the whole process.
// InvalidArgument: no such allocator, or the program needs what threads have not (why it does: NotForThreads).
absl::StatusOr<std::unique_ptr<Workload>> MakeProgramWorkload(const Reproducer& reproducer, const ProgramOptions& options);

// Why the program cannot show on threads what it is for; empty: it can.
std::string NotForThreads(const Program& program);

}  // namespace ordeal::stress
