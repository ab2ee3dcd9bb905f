// The life of one execution: fibers, switching, ending.
#include <cstring>

#include <sys/mman.h>

#include "base/check.h"
#include "memory/model/exact_entry.h"
#include "memory/model/promise.h"
#include "memory/model/state.h"

namespace ordeal::model {

Engine g;
Deref* g_deref;

namespace {

template <class T>
T* Reserve(size_t n) {
  void* const m = mmap(nullptr, n * sizeof(T), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  ORDEAL_CHECK(m != MAP_FAILED, "no memory for the engine");
  return static_cast<T*>(m);
}

void SetUpOnce() {
  static bool done = false;
  if (done) return;
  done = true;
  MapArena();
  g.slots = Reserve<Slot>(kArenaSize / 8);
  g.histories = Reserve<History>(kMaxHistories);
  g.messages = Reserve<Knowledge>(kMaxMessages);
  g.deps = Reserve<DepNode>(kMaxDeps);
}

u32 Runnable() {
  u32 mask = 0;
  for (int c = 0; c < g.cpus; ++c)
    if (!g.cpu[c].done && g.cpu[c].blocked_on == 0) mask |= 1u << c;
  return mask;
}
u32 Others() { return Runnable() & ~(1u << g.cur); }

void Reset(int cpus, Body body, void* self, const RunOptions& options) {
  g.options = options;
  g.result = RunResult();
  if (++g.generation == 0) {  // wrapped: stamps of the last era would look fresh
    std::memset(g.slots, 0, kArenaSize / 8 * sizeof(Slot));
    g.generation = 1;
  }
  g.n_histories = 0;
  g.n_messages = 0;
  g.n_deps = 1;
  g.steps = 0;
  g.cpus = g.live = cpus;
  g.body = body;
  g.self = self;
  g.global = Knowledge();
  g_interrupts_pending = 0;
  g.last_site = 0;
  g.n_promises = 0;
  g.stopping = false;
  g.schedule.Start(options.seed, options.replay, options.leads, options.record, IsWeak(options.rung) ? options.stale_bias : 0,
                   options.rung == Rung::kSequential);
  g.until_switch = g.schedule.Gap();
  if (options.record) {
    g.trace.events.clear();
    g.trace.locations.clear();
    g.trace.cpus = cpus;
  }
}

void CpuMain(Fiber* self) {
  const int cpu = static_cast<int>(self - g.fiber);
  g.body(g.self, cpu);
  g.me->done = true;
  --g.live;
  if (g.exact != nullptr) ExactCpuDone();
  ++g.me->k;
  const int next = NextLive();
  if (next < 0) Abandon(g.live == 0 ? Ending::kFinished : Ending::kDeadlock);
  // A CPU without ops has no place of its own to key a decision by: the default goes on.
  SwitchTo(g.me->op == kInitOp ? next : g.schedule.Yield({g.me->op, g.me->k}, g.cur, Others(), next));
  Abandon(Ending::kStopped);  // not reached: nobody switches to a CPU that is done
}

}  // namespace

void SwitchTo(int cpu) {
  Fiber& from = g.cur < 0 ? g.home : g.fiber[g.cur];
  Fiber& to = cpu < 0 ? g.home : g.fiber[cpu];
  if (g.me != nullptr) g.me->deref = g_deref;
  ++g.result.switches;
  g.cur = cpu;
  g.me = cpu < 0 ? nullptr : &g.cpu[cpu];
  g_deref = g.me != nullptr ? g.me->deref : nullptr;
  Switch(from, to);
}

void Abandon(Ending ending) {
  g.result.ending = ending;
  SwitchTo(-1);
  __builtin_unreachable();
}

int NextLive() {
  const u32 others = Others();
  for (int i = 1; i < g.cpus; ++i) {
    const int c = (g.cur + i) % g.cpus;
    if (others >> c & 1) return c;
  }
  return -1;
}

void Reschedule() {
  if (g.stopping && g.n_promises == 0) Abandon(Ending::kStopped);
  g.until_switch = g.schedule.Gap();
  const int to = g.schedule.Preempt({g.me->op, g.me->k}, g.cur, Others());
  if (to < 0) return;
  if (g.options.features != nullptr) ++g.options.features[(g.last_site * 61u + g.me->op * 7u + static_cast<u32>(to)) & (kFeatures / 4 - 1)];
  SwitchTo(to);
}

void YieldTo(int preferred) {
  const int to = g.schedule.Yield({g.me->op, g.me->k}, g.cur, Others(), preferred);
  if (to != g.cur) SwitchTo(to);
}

RunResult Run(int cpus, Body body, void* self, const RunOptions& options) {
  SetUpOnce();
  ORDEAL_CHECK(!g.running, "one execution at a time");
  ORDEAL_CHECK(cpus >= 1 && cpus <= kMaxCpus, "1..kMaxCpus CPUs");
  ORDEAL_CHECK(options.max_steps <= kMaxSteps, "max_steps above kMaxSteps");
  Reset(cpus, body, self, options);
  for (int c = 0; c < cpus; ++c) {
    std::vector<u32> controls = std::move(g.cpu[c].controls);  // keep its room
    controls.clear();
    g.cpu[c] = Cpu{};
    g.cpu[c].controls = std::move(controls);
    g.cpu[c].op = kInitOp;
    g.cpu[c].now.SetAll(c, kAllOwn);
    g.fiber[c].Prepare(CpuMain);
  }
  g.running = true;
  g.cur = -1;
  g.me = nullptr;
  SwitchTo(0);
  g.running = false;
  g_deref = nullptr;
  g.result.accesses = g.steps;
  if (g.exact == nullptr) g.result.ending = EndingWithPromises(g.result.ending);
  if (options.replay != nullptr) g.result.unmet = static_cast<u32>(options.replay->size()) - g.schedule.used();
  return g.result;
}

int CurrentCpu() { return g.cur; }
bool InRun() { return g.running; }
void Stop() { Abandon(Ending::kStopped); }

void BeginOp(u16 op) {
  g.me->op = op;
  g.me->k = 0;
  g.me->spins = 0;
  if (g.exact != nullptr) return ExactBeginOp();
  const bool first = g.steps == 0 && g.result.switches == 1;
  if (first) {  // who goes first is a decision like any other
    const int to = g.schedule.Yield({op, 0}, g.cur, Runnable(), g.cur);
    if (to != g.cur) SwitchTo(to);
  } else if (g.options.rung == Rung::kSequential || g.schedule.replaying()) {
    const int to = g.schedule.Preempt({op, 0}, g.cur, Others());
    if (to >= 0) SwitchTo(to);
  }
}

void SetUser(bool user, u32 object) {
  g.me->user = user;
  g.me->object = object;
}

void Spin(bool gives_up) {
  ++g.me->k;  // in both modes: keys are the same
  if (g.exact != nullptr) return ExactSpin(gives_up);
  ++g.me->spins;
  if (++g.steps > g.options.max_steps) Abandon(Ending::kLivelock);
  if (g.options.rung == Rung::kSequential) return;  // an op runs to its end
  const int next = NextLive();
  if (next >= 0) YieldTo(next);
}

}  // namespace ordeal::model
