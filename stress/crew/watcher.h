// Who turns what interpreter and allocator say into the events of a thread's log? The real memory's counterpart of run/observer.h.
//
// One for all cells and threads: what belongs to a thread is in its Watching.
#pragma once
#include "allocator/hooks.h"
#include "program/program.h"
#include "stress/crew/log.h"
#include "stress/crew/timebase.h"

namespace ordeal::stress {

// What the calling thread is busy with.
struct Watching {
  Log* log = nullptr;
  std::vector<HookEvent>* aside = nullptr;  // where hooks go instead: while an image is made, and at rest
  Watch watch = Watch::kFull;
  u64 base = 0;  // of the cell's region
  u64 tick = 0;
  u16 op = 0;
  ObjectId object = 0;  // in the allocator's hands
  bool allocating = false;
  u32 objects = 0;  // allocated in this round
};
extern thread_local Watching g_watching;

class Watcher {
 public:
  // The interpreter's (run/interpreter.h). Threads have no interrupts: those of an op come at its end.
  using Handler = void (*)(void* self, int cpu);
  // Each op has one tick: to read the timebase takes as long as a store stays in a store buffer. Results alone have none.
  void BeginOp(const Op& op) {
    Watching& w = g_watching;
    w.op = op.id;
    if (w.watch == Watch::kFull) w.tick = Ticks();
  }
  void InterruptAt(u16, Handler, void*) {}
  void RunInterrupt() {}
  void BeginInterrupt(const Op& op) { g_watching.op = op.id; }
  void EndInterrupt(const Op&) {}
  void Emit(const ShadowEvent& e) {
    Watching& w = g_watching;
    if (e.kind == EventKind::kAlloc) w.allocating = false;
    if (w.watch != Watch::kNothing) w.log->Add({w.tick, e, false});
  }
  void InAllocator(bool inside, ObjectId object) { g_watching.object = inside ? object : 0; }
  void UserAccess(ObjectId) {}
  void Allocated(u64, ObjectId) {}
  void Freeing(u64, ObjectId) {}
  ObjectId NewObject(int cpu) {
    Watching& w = g_watching;
    w.allocating = true;
    return static_cast<u32>(cpu + 1) << kOwnShift | ++w.objects;
  }
  ObjectId ObjectOf(MessageId m) const { return kByMessage | m; }
  void Publish(MessageId, ObjectId) {}
  static u64 Offset(u64 address) { return address - Origin(); }

  static u64 Origin() { return g_watching.base - kOffsetOfRegion; }
  static Hooks hooks() { return {&Watcher::Tell, nullptr}; }

 private:
  static void Tell(void*, const HookEvent& h);
};

}  // namespace ordeal::stress
