// Has another process run, or did it wait for a processor?
#pragma once
#include <sys/types.h>

namespace ordeal::stress {

// In seconds, of all of its threads that are there now: running, and ready to run but waiting. Zeros where the kernel does not say.
struct ProcessorTime {
  double ran = 0, waited = 0;
};
ProcessorTime ProcessorTimeOf(pid_t process);

}  // namespace ordeal::stress
