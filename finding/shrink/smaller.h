// Which programs are a little smaller or plainer than this one? The candidates of the second step of shrink.h, best first.
#pragma once
#include <functional>

#include "program/reproducer.h"

namespace ordeal {

// Takes a candidate for good: true if it was accepted.
using Accept = std::function<bool(const Reproducer& candidate)>;

// Each of these offers candidates made from `r` and goes on from what was accepted. True: something was.
bool FewerCpus(Reproducer& r, const Accept& accept);  // without a CPU; two CPUs as one
bool FewerOps(Reproducer& r, const Accept& accept);   // without one op, or two; without a hand-over in between
bool FewerBugs(Reproducer& r, const Accept& accept);
bool PlainerGeometry(Reproducer& r, const Accept& accept);  // the smallest slab and object, the simplest records
bool PlainerMachine(Reproducer& r, const Accept& accept);  // no cgroups, no nodes, double-word cmpxchg, the stride a field: a part of PlainerGeometry
bool PlainerOps(Reproducer& r, const Accept& accept);      // plainer protocols; uncharged, released, acquired, field 1

}  // namespace ordeal
