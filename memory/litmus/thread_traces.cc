#include "memory/litmus/thread_traces.h"

#include <algorithm>
#include <utility>

#include "memory/litmus/storable.h"

namespace ordeal::litmus {
namespace {

using model::GraphEvent;
using model::LockKind;

// One value after another for each read; the last read with another value to come takes it in the next run.
struct Choice {
  size_t taken, options;
};

// Writes down a run of a thread whose reads return what is chosen for them.
class TracePort {
 public:
  TracePort(int thread, Domains& domains, std::vector<Choice>& choices, ThreadTrace& trace)
      : thread_(thread), domains_(domains), choices_(choices), trace_(trace) {}

  bool possible() const { return possible_; }

  u64 Load(u64 addr, Order order, Dep addr_dep, Dep* result) { return Read(Access(addr, order, addr_dep), Choose(addr), result); }
  void Store(u64 addr, u64 value, Order order, Dep addr_dep, Dep data_dep) { Write(Access(addr, order, addr_dep), value, data_dep); }

  u64 Rmw(u64 addr, RmwOp op, u64 operand, Order order, Dep addr_dep, Dep data_dep, Dep* result) {
    const u64 old = ReadOfRmw(addr, order, addr_dep, result);
    WriteOfRmw(Apply(op, old, operand), op == RmwOp::kXchg ? data_dep : JoinAny(data_dep, *result));
    return old;
  }
  bool Cas(u64 addr, u64& old, u64 desired, Order order, Dep addr_dep, Dep data_dep, Dep* result) {
    const u64 expected = std::exchange(old, ReadOfRmw(addr, order, addr_dep, result));
    if (old == expected) WriteOfRmw(desired, data_dep);
    return old == expected;
  }
  bool AddUnless(u64 addr, u64 add, u64 unless, Order order, Dep addr_dep, Dep data_dep, Dep* result) {
    const u64 old = ReadOfRmw(addr, order, addr_dep, result);
    if (old != unless) WriteOfRmw(old + add, JoinAny(data_dep, *result));
    return old != unless;
  }

  void Fence(model::FenceKind kind) {
    GraphEvent e;
    e.thread = thread_;
    e.kind = GraphEvent::Kind::kFence;
    e.fence = kind;
    Add(std::move(e), 0);
  }

  // Waits for the lock to be free: there is no other way on.
  void Lock(u64 addr, Dep addr_dep) {
    const std::span<const u64> values = domains_.values(domains_.LocationAt(addr));
    possible_ &= std::ranges::find(values, u64{0}) != values.end();
    Dep none = 0;
    TakeLock(addr, addr_dep, &none);
  }
  bool TryLock(u64 addr, Dep addr_dep, Dep* result) {
    const u64 old = Choose(addr);
    if (old == 0) TakeLock(addr, addr_dep, result);
    if (old != 0) Read(Access(addr, Order::kOnce, addr_dep), old, result);
    return old == 0;
  }
  void Unlock(u64 addr, Dep addr_dep) {
    GraphEvent e = Access(addr, Order::kRelease, addr_dep);
    e.lock = LockKind::kUnlock;
    Write(std::move(e), 0, 0);
  }
  bool IsLocked(u64 addr, Dep addr_dep, Dep* result) { return Load(addr, Order::kOnce, addr_dep, result) != 0; }

  Dep Join(Dep a, Dep b) {
    std::vector<int> both;
    std::ranges::set_union(reads_of_[a], reads_of_[b], std::back_inserter(both));
    reads_of_.push_back(std::move(both));
    return static_cast<Dep>(reads_of_.size() - 1);
  }
  void Decide(Dep condition) { branches_ = JoinAny(branches_, condition); }
  void EnterArm(Dep condition) { arms_.push_back(JoinAny(arms_.back(), condition)); }
  void LeaveArm() { arms_.pop_back(); }
  void At(int) { ++instruction_; }

 private:
  Dep JoinAny(Dep a, Dep b) { return a == 0 ? b : b == 0 ? a : Join(a, b); }

  u64 Choose(u64 addr) {
    const std::span<const u64> values = domains_.values(domains_.LocationAt(addr));
    if (next_ == choices_.size()) choices_.push_back({0, values.size()});
    return values[choices_[next_++].taken];
  }

  GraphEvent Access(u64 addr, Order order, Dep addr_dep) {
    GraphEvent e;
    e.thread = thread_;
    e.order = order;
    e.location = domains_.LocationAt(addr);
    e.addr = reads_of_[addr_dep];
    e.ctrl = reads_of_[arms_.back()];
    return e;
  }
  int Add(GraphEvent e, u64 value) {
    e.instruction = instruction_;
    trace_.events.push_back(std::move(e));
    trace_.values.push_back(value);
    trace_.branches.push_back(reads_of_[branches_]);
    return static_cast<int>(trace_.events.size()) - 1;
  }
  u64 Read(GraphEvent e, u64 value, Dep* result) {
    e.kind = GraphEvent::Kind::kRead;
    reads_of_.push_back({Add(std::move(e), value)});
    *result = static_cast<Dep>(reads_of_.size() - 1);
    return value;
  }
  void Write(GraphEvent e, u64 value, Dep data_dep) {
    e.kind = GraphEvent::Kind::kWrite;
    e.data = reads_of_[data_dep];
    domains_.Add(e.location, value);
    Add(std::move(e), value);
  }

  u64 ReadOfRmw(u64 addr, Order order, Dep addr_dep, Dep* result) {
    GraphEvent e = Access(addr, order, addr_dep);
    e.rmw = true;
    return Read(std::move(e), Choose(addr), result);
  }
  // The other half of the read that was last.
  void WriteOfRmw(u64 value, Dep data_dep, LockKind lock = LockKind::kNone) {
    const int read = static_cast<int>(trace_.events.size()) - 1;
    GraphEvent e = trace_.events[read];
    e.lock = lock;
    e.partner = read;
    trace_.events[read].partner = read + 1;
    Write(std::move(e), value, data_dep);
  }
  void TakeLock(u64 addr, Dep addr_dep, Dep* result) {
    GraphEvent e = Access(addr, Order::kAcquire, addr_dep);
    e.lock = LockKind::kLockRead;
    Read(std::move(e), 0, result);
    WriteOfRmw(1, 0, LockKind::kLockWrite);
  }

  const int thread_;
  Domains& domains_;
  std::vector<Choice>& choices_;
  ThreadTrace& trace_;
  bool possible_ = true;
  size_t next_ = 0;
  int instruction_ = 0;
  std::vector<std::vector<int>> reads_of_{{}};  // by Dep
  std::vector<Dep> arms_{0};                    // each with those around it
  Dep branches_ = 0;
};

class Tracer {
 public:
  Tracer(const Test& test, int turns, Budget& budget) : test_(test), turns_(turns), budget_(budget), result_{Domains(test), {}} {}

  // A value is computed by a chain of writes, each of them there once, unless it comes out of thin air: so many rounds are enough.
  ThreadTraces Run() && {
    for (const auto& [address, bytes, cpu, value] : StoredOnlyIfRead(test_, turns_).values)
      result_.domains.Add(result_.domains.LocationAt(address), value);
    for (size_t round = 0; round < MostWrites() + 2 && result_.domains.NextRound(); ++round) {
      result_.of_thread.clear();
      for (size_t t = 0; t < test_.threads.size(); ++t) Trace(static_cast<int>(t));
    }
    return std::move(result_);
  }

 private:
  void Trace(int thread) {
    std::vector<ThreadTrace>& traces = result_.of_thread.emplace_back();
    std::vector<Choice> choices;
    do {
      ThreadTrace trace;
      TracePort port(thread, result_.domains, choices, trace);
      const ThreadEnd end = RunThread(test_, thread, trace.state, port, turns_);
      result_.truncated |= end == ThreadEnd::kTruncated;
      if (end == ThreadEnd::kDone && port.possible()) traces.push_back(std::move(trace));
      while (!choices.empty() && choices.back().taken + 1 == choices.back().options) choices.pop_back();
      if (!choices.empty()) ++choices.back().taken;
    } while (!choices.empty() && !budget_.Spent());
  }

  size_t MostWrites() const {
    size_t sum = 0;
    for (const std::vector<ThreadTrace>& traces : result_.of_thread) {
      size_t most = 0;
      for (const ThreadTrace& t : traces)
        most = std::max(most, static_cast<size_t>(std::ranges::count(t.events, GraphEvent::Kind::kWrite, &GraphEvent::kind)));
      sum += most;
    }
    return sum;
  }

  const Test& test_;
  const int turns_;
  Budget& budget_;
  ThreadTraces result_;
};

}  // namespace

ThreadTraces TraceThreads(const Test& test, int turns, Budget& budget) { return Tracer(test, turns, budget).Run(); }

}  // namespace ordeal::litmus
