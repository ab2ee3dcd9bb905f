#include "memory/litmus/run.h"

#include <chrono>

#include "absl/strings/str_cat.h"
#include "memory/litmus/alike.h"
#include "memory/litmus/load_buffering.h"
#include "memory/litmus/storable.h"
#include "memory/model/ladder.h"
#include "memory/model/trace_to_graph.h"

namespace ordeal::litmus {
namespace {

static_assert(kFirstAddress == model::kArenaBase && kMaxVariables * kVariableBytes <= model::kArenaSize);

// Accesses of the interpreter (thread.h) as accesses of the engine.
class EnginePort {
 public:
  explicit EnginePort(model::Rung rung) : machine_(model::IsMachine(rung)) {}

  u64 Load(u64 addr, Order o, Dep addr_dep, Dep* result) { return model::Load(addr, kBytes, o, here_, addr_dep, result); }
  void Store(u64 addr, u64 value, Order o, Dep addr_dep, Dep data_dep) { model::Store(addr, kBytes, value, o, here_, addr_dep, data_dep); }
  u64 Rmw(u64 addr, RmwOp op, u64 operand, Order o, Dep addr_dep, Dep data_dep, Dep* result) {
    return model::Rmw(addr, kBytes, op, operand, o, here_, addr_dep, data_dep, result);
  }
  bool Cas(u64 addr, u64& old, u64 desired, Order o, Dep addr_dep, Dep data_dep, Dep* result) {
    return model::Cas(addr, kBytes, old, desired, o, here_, addr_dep, data_dep, result);
  }
  bool AddUnless(u64 addr, u64 add, u64 unless, Order o, Dep addr_dep, Dep data_dep, Dep* result) {
    u64 old;
    return model::AddUnless(addr, kBytes, old, add, unless, o, here_, addr_dep, data_dep, result);
  }
  void Fence(model::FenceKind kind) { model::Fence(OrderOf(kind), here_); }
  void Lock(u64 addr, Dep addr_dep) { model::Lock(addr, here_, addr_dep); }
  bool TryLock(u64 addr, Dep addr_dep, Dep* result) { return model::TryLock(addr, here_, result, addr_dep); }
  void Unlock(u64 addr, Dep addr_dep) { model::Unlock(addr, here_, addr_dep); }
  bool IsLocked(u64 addr, Dep addr_dep, Dep* result) { return model::Load(addr, kLockBytes, Order::kOnce, here_, addr_dep, result) != 0; }
  Dep Join(Dep a, Dep b) { return model::Union(a, b); }
  void Decide(Dep condition) {
    if (machine_) model::Branch(condition);
  }
  void EnterArm(Dep condition) {
    if (machine_) return;
    if (depth_ < kMaxArms) before_[depth_] = model::ControlsHere();
    ++depth_;
    model::Branch(condition);
  }
  void LeaveArm() {
    if (machine_) return;
    if (--depth_ < kMaxArms) model::GoBackTo(before_[depth_]);
  }
  void At(int line) { model::BeginOp(static_cast<u16>(line)); }

 private:
  static constexpr u8 kBytes = 8, kLockBytes = 4;
  static constexpr int kMaxArms = 24;  // deeper ones last until the one around them ends

  static Order OrderOf(model::FenceKind kind) {
    for (const Order o :
         {Order::kRmb, Order::kWmb, Order::kMb, Order::kBeforeAtomic, Order::kAfterAtomic, Order::kAfterSpinlock, Order::kAfterUnlockLock})
      if (model::FenceOf(o) == kind) return o;
    return Order::kNone;  // barrier(): nothing for the machine
  }

  const bool machine_;
  int depth_ = 0;
  model::Controls before_[kMaxArms];
  model::At here_{0, std::source_location()};
};

class Runner {
 public:
  Runner(const Test& test, const RunPlan& plan)
      : test_(test),
        plan_(plan),
        alike_(plan.symmetry ? AlikeThreads(test) : std::vector<int>()),
        exchanges_(test, alike_),
        buffering_(test, plan.rung == model::Rung::kLkmm        ? PlainLoads::kLkmm
                         : plan.rung == model::Rung::kCoherence ? PlainLoads::kNothingKept
                                                                : PlainLoads::kAsMarked) {
    if (plan.promises && model::BuffersLoads(plan.rung) && buffering_.any()) storable_ = StoredOnlyIfRead(test, plan.turns);
  }

  RunReport Run() {
    const auto start = std::chrono::steady_clock::now();
    LayDownVariables();
    if (plan_.exhaustive) Exhaust();
    if (!report_.complete && plan_.runs > 0 && !Stopped()) Search();
    report_.answer.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return std::move(report_);
  }

 private:
  void LayDownVariables() {
    model::MapArena();
    model::ClearImage();
    for (size_t v = 0; v < test_.variables.size(); v++) {
      const Variable& variable = test_.variables[v];
      for (int e = 0; e < variable.size(); e++) {
        model::Poke(static_cast<model::Addr>(AddressOf(static_cast<int>(v), e) - model::kArenaBase), 8, static_cast<u64>(variable.initial[e]));
      }
    }
  }

  static void Body(void* self, int cpu) {
    Runner& me = *static_cast<Runner*>(self);
    EnginePort port(me.plan_.rung);
    me.ends_[cpu] = RunThread(me.test_, cpu, me.threads_[cpu], port, me.plan_.turns);
    if (me.ends_[cpu] != ThreadEnd::kDone) model::Stop();
  }
  int cpus() const { return static_cast<int>(test_.threads.size()); }

  model::ExactOptions Exact() {
    model::ExactOptions o;
    o.rung = plan_.rung;
    o.seed = plan_.seed;
    o.seconds = plan_.seconds;
    o.promises = plan_.promises;
    o.widen = true;
    o.alike = alike_;
    o.from = plan_.from == nullptr ? nullptr : &plan_.from->at;
    o.may_promise = [](void* self, int cpu, u16 line) { return static_cast<Runner*>(self)->buffering_.may(cpu, line); };
    for (const auto& [address, bytes, thread, value] : storable_.values) o.storable.push_back({address, bytes, thread, value});
    o.stop = plan_.stop;
    o.again = [this] {
      report_ = RunReport();
      report_.begun_again = plan_.from != nullptr;
    };
    return o;
  }

  void Exhaust() {
    Explore(Exact());
    report_.rest.symmetry = plan_.symmetry;
    report_.alike = !alike_.empty();
    report_.runs = 0;
  }

  void Search() {
    report_.given_up_first = plan_.exhaustive;  // what it saw stays
    report_.runs = plan_.runs;
    model::ExactOptions exact = Exact();
    const bool views = plan_.rung == model::Rung::kLkmm;
    if (views) {
      for (u64 run = 0; run < plan_.runs / 4 && !Stopped(); run++) RunOnViews(run);
    }
    exact.seconds = 0;
    exact.from = nullptr;
    exact.runs = views ? plan_.runs - plan_.runs / 4 : plan_.runs;
    Explore(exact);
    report_.complete = false;
  }

  void Explore(const model::ExactOptions& options) {
    const model::ExactResult r = model::Explore(cpus(), &Body, this, options, [&](const model::Execution& e) {
      if (e.ending == model::Ending::kFinished) {
        Count(e.race, e.orbit);
      } else if (e.ending == model::Ending::kStopped) {
        GaveUp();
      }
    });
    report_.complete = r.complete && storable_.all;
    report_.resumable = options.runs == 0 && r.resumable;
    report_.rest.at = r.at;
    report_.no_such_place |= r.no_such_place;
    if (options.runs == 0) report_.explored = r.explored;
    if (options.runs == 0) report_.deviations = r.deviations;
    report_.executions += r.executions;
    report_.representatives += r.representatives;
    report_.judged += r.judged;
    report_.unfulfilled += r.unfulfilled;
  }

  void RunOnViews(u64 run) {
    model::RunOptions options;
    options.seed = plan_.seed * 1000003 + run;
    options.record = true;
    const model::RunResult r = model::Run(cpus(), &Body, this, options);
    if (r.ending == model::Ending::kStopped) return GaveUp();
    if (r.ending != model::Ending::kFinished) return;
    const model::Graph graph = model::TraceToGraph(model::RecordedTrace()).graph;
    const model::Judgement j = model::Judge(graph, true);
    ++report_.judged;
    if (!j.allowed()) {
      ++report_.forbidden;
      return;
    }
    ++report_.executions;
    Count(j.race, 1);
  }

  void Count(bool race, u64 orbit) {
    const auto memory = [](int variable, int element) {
      return static_cast<i64>(model::PeekNewest(static_cast<model::Addr>(AddressOf(variable, element) - model::kArenaBase), 8));
    };
    exchanges_.ForEach({threads_, test_.threads.size()}, orbit, [&](std::span<const ThreadState> threads, u64 times) {
      if (litmus::Count(test_, {threads, memory}, report_.answer, times)) report_.answer.data_race |= race;
    });
  }

  void GaveUp() {
    for (int t = 0; t < cpus(); t++) {
      report_.answer.truncated |= ends_[t] == ThreadEnd::kTruncated;
      report_.wild += ends_[t] == ThreadEnd::kWild;
      ends_[t] = ThreadEnd::kDone;
    }
  }
  bool Stopped() const { return plan_.stop && plan_.stop(); }

  const Test& test_;
  const RunPlan plan_;
  const std::vector<int> alike_;
  Exchanges exchanges_;
  const LoadBuffering buffering_;
  StorableValues storable_;
  RunReport report_;
  ThreadState threads_[kMaxCpus];
  ThreadEnd ends_[kMaxCpus] = {};
};

}  // namespace

absl::StatusOr<RunReport> RunTest(const Test& test, const RunPlan& plan) {
  if (test.threads.size() > static_cast<size_t>(kMaxCpus)) {
    return absl::InvalidArgumentError(absl::StrCat("got ", test.threads.size(), " threads, expected at most ", kMaxCpus));
  }
  if (test.threads.empty()) return absl::InvalidArgumentError("got no threads, expected at least one");
  if (plan.from != nullptr && plan.from->symmetry != plan.symmetry)
    return absl::InvalidArgumentError("got a place to go on from of a search that was told otherwise about symmetry");
  RunReport report = Runner(test, plan).Run();
  if (report.no_such_place) return absl::InvalidArgumentError("got a place to go on from that a search of this test, with this model, has not");
  return report;
}

}  // namespace ordeal::litmus
