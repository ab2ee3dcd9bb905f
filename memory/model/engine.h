// How does one execution run on the modelled memory? Every CPU is a fiber on one OS thread; every shared access is a call into here.
//
// A view machine generates executions: loads may read old stores, stores may take an older place in modification order, as far as the
// views allow. Views alone cannot be exact (a stale read creates order back in time), so a failing execution is recorded and judged by
// the axioms (judge.h) before it is a finding. A load that returns what is stored later (load buffering) is a decision, never drawn: buffering.h finds
// such decisions in a recorded execution.
//
// Deterministic: the outcome is a function of (image, bodies, RunOptions). One execution at a time per process; not thread-safe.
// Code in fibers owns no heap and no locks in its frames: a failing execution abandons its stacks.
#pragma once
#include <source_location>

#include "memory/decision.h"
#include "memory/model/arena.h"
#include "memory/model/history.h"
#include "memory/model/rmw_op.h"
#include "memory/model/rung.h"
#include "memory/model/schedule.h"
#include "memory/model/trace.h"

namespace ordeal::model {

inline constexpr u32 kMaxSteps = 20000;  // accesses and retries of one execution, all CPUs together: below the range of Seq

struct RunOptions {
  // kSequential: each op to its end, one at a time. kSc: the newest store is always read. All others: what the LKMM's views allow; which
  // of these executions the rung allows is for its axioms to say (ladder.h), and RC11 has some that these views do not give.
  Rung rung = Rung::kLkmm;
  u64 seed = 1;                       // draws the schedule, the search strategy and the stale reads
  const Decisions* replay = nullptr;  // instead of drawing: exactly these deviations
  const Leads* leads = nullptr;       // or along this execution, as far as the views can follow it
  bool record = false;                // keep Trace and Decisions
  u32 max_steps = 2000;
  u8* features = nullptr;  // kFeatures counters, bumped for reads-from and switch features
  double stale_bias = 1;   // multiplies the chance of stale reads; 0 for none
};
inline constexpr u32 kFeatures = 4096;

enum class Ending : u8 {
  kFinished,  // every body returned
  kStopped,   // Stop() was called
  kDeadlock,  // every live CPU waits for a lock
  kLivelock,  // max_steps reached
  kWild,      // an access outside the arena, at RunResult::wild_address
  kUnkept,    // a load was promised what nobody stored: no execution at all
};

struct RunResult {
  Ending ending = Ending::kFinished;
  u64 hash = 0;  // rolling hash of every access with its value and source: equal runs have equal hashes
  u32 accesses = 0, switches = 0, choices = 0, stale = 0, inserted = 0;
  u32 race_suspects = 0;  // accesses that the race clocks could not order: the judge decides
  u32 unmet = 0;          // replay: decisions that did not apply
  u32 promised = 0;       // loads that returned what was to be stored later
  u64 wild_address = 0;   // and who went there
  u8 wild_cpu = 0;
  u16 wild_op = 0;
};

using Body = void (*)(void* self, int cpu);
// Runs body(self, cpu) on each of `cpus` fibers (1..kMaxCpus). A body tells where its ops begin by BeginOp.
RunResult Run(int cpus, Body body, void* self, const RunOptions& options);

// Of the last recorded run.
const Trace& RecordedTrace();
const Decisions& RecordedDecisions();

// The newest value after a run (1..8 bytes).
u64 PeekNewest(Addr a, u8 bytes);

// ---- From inside a body.
int CurrentCpu();
void BeginOp(u16 op);  // keys of later accesses are (op, 1), (op, 2)...
// Marks the accesses that follow as made by the program's user rather than inside the allocator; object: their lifetime, or 0.
void SetUser(bool user, u32 object);
// When recording: the user got this object here (kAlloc) or gives it back (kFree). `dep`: what its address depends on.
void MarkLifetime(EventType which, u64 address, Dep dep, u32 object, std::source_location where = std::source_location::current());
void Spin(bool gives_up = false);  // a retry that cannot succeed before another CPU has run; gives_up: of a few, and then the code goes on without
[[noreturn]] void Stop();          // abandons the execution
// The same, but not before every load that was promised a store has got it: until then returns, and what follows is not looked at. Else nobody would know
// whether what went wrong was an execution.
void StopWhenKept();
// Which loads so far were promised what is not stored yet? What hangs on them comes before its time: who watches in the order of the run has not seen
// yet what led to the store.
struct OpenPromises {
  bool last = false;    // the running CPU's last access
  bool others = false;  // any other
};
OpenPromises PromisesOpen();
bool InRun();

// ---- Interrupts: another op of the same CPU in the middle of one. To the memory they are one thread, and the accesses of the other op stand in
// program order where it came.
using Handler = void (*)(void* self, int cpu);
// handler(self, cpu) runs before the access `k` of this CPU's op (1: the first), or before the first one after that where interrupts are on;
// RunInterrupt() runs it at once if it has not run. One at a time; it may ask for the next one. In a handler there are no interrupts.
void InterruptAt(u16 k, Handler handler, void* self);
void RunInterrupt();
void BeginInterruptOp(u16 op);  // in a handler: as BeginOp, but nobody else gets a turn for it
void IrqsOff();
void IrqsOn();
extern u32 g_interrupts_pending;  // on all CPUs
[[gnu::noinline]] void Interrupt();
inline void Interruptible() {
  if (g_interrupts_pending != 0) [[unlikely]]
    Interrupt();
}

// ---- One access each (the Memory policy of model.h calls these). addr_dep: what the address was computed from; data_dep: the value.
struct At {
  u16 site;
  std::source_location where;
};

u64 Load(u64 addr, u8 bytes, Order, At, Dep addr_dep, Dep* result);
void Store(u64 addr, u8 bytes, u64 value, Order, At, Dep addr_dep, Dep data_dep);
u64 Rmw(u64 addr, u8 bytes, RmwOp, u64 operand, Order, At, Dep addr_dep, Dep data_dep, Dep* result);  // the old value
bool Cas(u64 addr, u8 bytes, u64& old, u64 desired, Order, At, Dep addr_dep, Dep data_dep, Dep* result);
bool Cas2(u64 addr, u64 old[2], const u64 desired[2], Order, At, Dep addr_dep, Dep data_dep, Dep* result);  // 16 bytes, aligned
// Adds unless the old value is `unless`, in which case it is a read and orders nothing. `old`: what was read. True: added.
bool AddUnless(u64 addr, u8 bytes, u64& old, u64 add, u64 unless, Order, At, Dep addr_dep, Dep data_dep, Dep* result);
void Fence(Order, At);
void Lock(u64 addr, At, Dep addr_dep);                  // a 32-bit lock word: 0 free. Waits without stepping
bool TryLock(u64 addr, At, Dep* result, Dep addr_dep);  // failed: a read without order
void Unlock(u64 addr, At, Dep addr_dep);

// ---- Dependencies.
Dep Union(Dep a, Dep b);  // both nonzero and different
// A control dependency starts here. For C++ code it lasts to the end of the CPU's execution, since nobody can see where the arms
// of an `if` end (stronger than C's arms: misses, no false alarms); who can see it goes back to what was before.
void Branch(Dep d);
struct Controls {
  Knowledge know;
  u32 loads;
};
Controls ControlsHere();
void GoBackTo(const Controls&);
inline Dep JoinDeps(Dep a, Dep b) { return a == b || !b ? a : !a ? b : Union(a, b); }

// One address expression in flight (`p->`). It lives as long as the full expression, so that no state can be left behind.
struct Deref {
  u64 base;
  u64 size;
  Dep dep;
  Deref* outer;
  bool used;
};
extern Deref* g_deref;  // innermost first; swapped with the fiber
inline Dep AddressDep(u64 addr) {
  for (Deref* d = g_deref; d != nullptr; d = d->outer) {
    if (addr - d->base < d->size) {
      d->used = true;
      return d->dep;
    }
  }
  return 0;
}

}  // namespace ordeal::model
