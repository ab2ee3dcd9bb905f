// The engine's own state: one execution at a time. Internal to memory/model/.
#pragma once
#include "memory/model/engine.h"
#include "memory/model/fiber.h"
#include "memory/model/schedule.h"

namespace ordeal::model {

// What one CPU knows, and what its next stores will pass on.
struct alignas(64) Cpu {
  Knowledge now;         // everything ordered before its next access; its own lane is kAllOwn, see Before()
  Knowledge acquired;    // what marked loads carried: ordered by the next acquiring barrier, passed on by the next release (cumulativity)
  Knowledge read_side;   // what smp_rmb orders before later loads, and loads only
  Knowledge released;    // what every later marked store passes on: own stores before the last smp_wmb, everything before the last smp_mb
  Knowledge own;         // own stores and what they passed on: smp_wmb moves it to `released`
  Knowledge controlled;  // what branches depended on: bounds later stores
  Knowledge unlocked;    // everything before the last spin_unlock (po-unlock-lock-po)
  bool has_read_side, has_released, has_unlocked;
  bool done, user;
  Seq seq;  // its accesses so far
  u16 op, k;
  u32 spins;  // retries in this op: too many, and loads read the newest (fairness)
  u32 object;
  u16 irq_at;    // an interrupt is pending for the access of this number, 0: none
  u16 irqs_off;  // how often turned off
  bool in_irq;
  void (*handler)(void* self, int cpu);
  void* handler_self;
  u64 blocked_on;  // address + 1 of the lock waited for, 0: none
  Deref* deref;
  std::vector<u32> controls;  // when recording: the load events branched on so far
};

struct DepNode {
  Knowledge know;
  Dep left, right;  // of a union
  u32 load_event;   // of a leaf, when recording
};

struct Slot {
  u32 generation, index;
};

// A load that returned a value before it was stored (promise.h).
struct Promise {
  AccessKey store;
  u32 granule;
  u8 mask, cpu;
  u64 value;  // in place
  Seq seq;    // of the load
  u32 event;  // of the load, when recording
};
inline constexpr u32 kMaxPromises = 64;  // open at once; a load beyond reads what is there, and its decision did not apply

inline constexpr u32 kMaxHistories = 1 << 14, kMaxMessages = 1 << 15, kMaxDeps = 1 << 16;

class ExactMachine;

struct Engine {
  ExactMachine* exact;  // an exploration by the axioms is going on (exact.h): accesses go there
  RunOptions options;
  RunResult result;
  u32 steps, until_switch;
  int cpus, live, cur;
  Cpu* me;
  Knowledge global;  // joined by every strong fence, in the order in which they ran (views only)
  Schedule schedule;

  Slot* slots;  // one a granule of the arena, reset by generation and not by clearing
  u32 generation;
  History* histories;
  u32 n_histories;
  Knowledge* messages;
  u32 n_messages;
  DepNode* deps;
  u32 n_deps;

  Cpu cpu[kMaxCpus];
  Fiber fiber[kMaxCpus], home;
  Body body;
  void* self;
  Promise promises[kMaxPromises];  // open ones
  u32 n_promises;
  bool stopping;  // when they are kept
  u16 last_site;
  bool running;
  Trace trace;
};
extern Engine g;

// ---- the accesses and barrier.cc use these.
[[gnu::noinline]] History* NewHistory(u32 granule);
inline History* Find(Addr a) {
  const Slot s = g.slots[a >> 3];
  return s.generation == g.generation ? &g.histories[s.index] : NewHistory(a >> 3);
}
[[noreturn]] void Abandon(Ending ending);
[[noreturn]] void Wild(u64 address);  // an access outside the arena
[[gnu::noinline]] void Reschedule();  // the switch budget is used up: draw again, perhaps switch
void SwitchTo(int cpu);               // -1: back to Run()
int NextLive();                       // the default successor: the next CPU that can run, cyclically; -1: none
void YieldTo(int preferred);          // this CPU cannot go on: switch to `preferred` or as decided

// Before every access: counts it and gives others a chance.
inline void Step() {
  ++g.me->k;
  if (++g.steps > g.options.max_steps) [[unlikely]]
    Abandon(Ending::kLivelock);
  if (--g.until_switch == 0) [[unlikely]]
    Reschedule();  // or stop
}
inline Seq Tick() { return ++g.me->seq; }
// What the running CPU can pass on: all that is ordered before its next access, its own accesses so far included.
inline Knowledge Before() {
  Knowledge k = g.me->now;
  k.SetAll(g.cur, g.me->seq);
  return k;
}
inline void Mix(u64 a, u64 b) { g.result.hash = (g.result.hash ^ a) * 0x9E3779B97F4A7C15ull + (b ^ (g.result.hash >> 29)); }

MessageId NewMessage(const Knowledge& k);
// The dependency that a marked load of `message` heads; its own address's dependency comes along (two hops).
Dep NewLeaf(MessageId message, u32 event, Dep addr_dep);
void StrongFence();

// ---- record.cc
u32 Record(EventType type, Order order, Addr addr, u8 bytes, At at, Dep addr_dep, Dep data_dep);  // kNoEvent when not recording
void RecordStorePlace(History* h, int position, u32 event);                                       // call before the store is put there

}  // namespace ordeal::model
