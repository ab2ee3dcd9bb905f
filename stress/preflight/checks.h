// The checks one by one; preflight.cc calls them in order.
#pragma once
#include "stress/preflight/preflight.h"

namespace ordeal::stress {

// processor_checks.cc: how many processors, and are they ours?
Check CheckCpus(const Machine& m);
Check CheckAffinity(const Machine& m);
Check CheckQuota(const Machine& m);
Check CheckPinning(const Machine& m);
Check CheckLoad(const Machine& m);
Check CheckPressure(const Machine& m);
Check CheckGovernor(const Machine& m);
Check CheckSmt(const Machine& m);
Check CheckTimebase(const Machine& m);

// system_checks.cc: memory, and what is left behind when something dies.
Check CheckMemory(const Machine& m);
Check CheckHugePages(const Machine& m);
Check CheckCorePattern(const Machine& m);
Check CheckCoreLimit(const Machine& m);

}  // namespace ordeal::stress
