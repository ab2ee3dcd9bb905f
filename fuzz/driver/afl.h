// Is afl-fuzz driving this process, and how does it see interleavings? Through AFL++'s shared map, into which the extra counters are copied.
//
// AFL++'s runtime (afl-compiler-rt.o, linked by --config=afl) brings the fork server and the persistent loop. The code under test is not
// instrumented: as with libFuzzer, the features are all that counts. Source: AFL++ 4.04c, instrumentation/README.persistent_mode.md.
#pragma once
#include "fuzz/driver/target.h"

namespace ordeal::driver {

// Whether this binary is linked with AFL++'s runtime and was started by afl-fuzz, afl-showmap, afl-cmin or afl-tmin.
bool UnderAfl();

// Runs what afl-fuzz sends until it has enough. Returns the exit code. Only if UnderAfl().
int RunUnderAfl(const Target& target);

}  // namespace ordeal::driver
