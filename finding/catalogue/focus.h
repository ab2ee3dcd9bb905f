// How is a program bent so that a bug can show? Each keeps it valid and disciplined, and leaves hand-overs under a lock as they are. An op whose field no longer exists in a smaller object
// is a no-op when it runs, so geometry may change freely.
#pragma once
#include "program/program.h"

namespace ordeal::focus {

void HugeObjects(Program& p);    // 64K pages, records inside objects of 64K or more, two of them or more in a slab
void LateRecords(Program& p);    // a vector made by the first charge
void SubWordStride(Program& p);  // late records, the stride in the packed counters, which change under the slab's lock
void AnyRecords(Program& p);     // of some kind
void OneCgroup(Program& p);      // all charges go to one cgroup, of objects small against a page: stocks have something to hold
void Drained(Program& p);        // the same, and some CPU drains
void GoneOffline(Program& p);    // the same, and the cgroup goes away
void Interrupted(Program& p);    // an interrupt allocates, allocates and frees in the middle of an alloc, and no task moves: one CPU is enough
void Destroyed(Program& p);      // some object is freed later, and the cache destroyed
void EarlyStride(Program& p);    // late records, but a stride that is there before
void ConsumeOnce(Program& p);    // every consume is READ_ONCE
void OnlyCharges(Program& p);    // every object is charged, and its contents are nobody's business
void PublishMbConsumeRmb(Program& p);
void ForwardRelease(Program& p);
void Forwarded(Program& p);  // as they are, but handed over by release and READ_ONCE
void PutByShortcut(Program& p);
void PutFull(Program& p);
void Locked(Program& p);   // every hand-over is under the slot's lock
void Watched(Program& p);  // one cgroup, and somebody reads the statistic

}  // namespace ordeal::focus
