// What happens to the accounting of cgroups in every execution of a few charges, uncharges, drains and offlines on several CPUs? The accounting
// layer alone, each CPU with one object of its own: so small that all executions can be visited.
#pragma once
#include <string_view>

#include "allocator/accounting.h"
#include "allocator/properties/machine_testing.h"
#include "allocator/slab_table.h"
#include "memory/model/exact.h"

namespace ordeal {

// A step a letter: 1, 2 charges this CPU's object to that cgroup; u uncharges it; p hands it to the next CPU; t takes what the CPU before handed
// over, and uncharges it; d drains; x, y takes cgroup 1 or 2 offline; s looks at the statistic.
class ObjcgProgram {
 public:
  static constexpr int kCpus = 3;
  struct Tally {
    u64 executions = 0, unbalanced = 0, used_after_end = 0, racy = 0;
    bool complete = false;
    bool clean() const { return unbalanced + used_after_end + racy == 0; }
  };

  ObjcgProgram(const Geometry& g, std::initializer_list<std::string_view> steps)
      : g_(g),
        machine_(Table::Bytes(g) + Accounting<Model>::Footprint(g) + sizeof(Boxes)),
        slabs_(machine_.base(), g),
        accounting_(slabs_.end(), machine_.base(), g, {&ObjcgProgram::Hear, this}),
        boxes_(reinterpret_cast<Boxes*>(slabs_.end() + Accounting<Model>::Footprint(g))) {
    for (std::string_view s : steps) steps_[cpus_++] = s;
    ORDEAL_CHECK(cpus_ == g.cpus, "steps for each CPU");
    for (int n = 0; n < slabs_.count(); ++n) accounting_.FormatSlab(slabs_.At(n), n);
    accounting_.FormatCounter();
  }

  // All executions of the rung but those that buffer loads; stops at the first bad one if asked to.
  Tally Explore(model::Rung rung, bool stop_at_effect = false) {
    model::ExactOptions options;
    options.rung = rung;
    options.promises = false;
    return Visit(options, stop_at_effect);
  }
  // Random ones, some of which buffer loads.
  Tally Sample(u64 runs) {
    model::ExactOptions options;
    options.runs = runs;
    return Visit(options, false);
  }

 private:
  Tally Visit(model::ExactOptions options, bool stop_at_effect) {
    options.max_steps = 400;
    options.before = [this] { now_ = Now(); };
    Tally t;
    options.again = [&] { t = Tally(); };
    options.stop = [&] { return stop_at_effect && t.unbalanced + t.used_after_end > 0; };
    const model::ExactResult r = model::Explore(cpus_, &Body, this, options, [&](const model::Execution& e) {
      ++t.executions;
      t.racy += e.race;
      t.unbalanced += e.ending != model::Ending::kFinished || !Balances();
      t.used_after_end += now_.used_after_end;
    });
    t.complete = r.complete_but_for_promises;
    return t;
  }

  using Slab = SlabExts<Model>;
  using Table = SlabTable<Model, Slab>;
  struct Boxes {
    Model::Word<u64> of[kCpus];
  };
  struct Now {  // of one execution
    u64 live[4] = {}, held[4] = {}, pages[4] = {}, statistic = 0;
    bool gone[4] = {}, used_after_end = false, below_zero = false;
  };
  static constexpr Site<Order::kRelease> kHand{kTestSites + 50};
  static constexpr Site<Order::kOnce> kTake{kTestSites + 51};

  static void Body(void* self, int cpu) { static_cast<ObjcgProgram*>(self)->Cpu(cpu); }
  void Cpu(int cpu) {
    u16 op = static_cast<u16>(100 * cpu);
    for (const char step : steps_[cpu]) {
      model::BeginOp(op++);
      Do(cpu, step);
    }
  }
  void Do(int cpu, char step) {
    const Tracked<u64> own = slabs_.First(slabs_.Number(cpu, 0));
    switch (step) {
      case '1':
      case '2': return accounting_.Charge(cpu, slabs_.SlabOf(own), own, step - '0');
      case 'u': return accounting_.Uncharge(cpu, slabs_.SlabOf(own), own);
      case 'p': return boxes_->of[(cpu + 1) % cpus_].store_release(own, kHand);
      case 't': {
        const Tracked<u64> object = boxes_->of[cpu].read_once(kTake);
        if (object) accounting_.Uncharge(cpu, slabs_.SlabOf(object), object);
        return;
      }
      case 'd': return accounting_.Drain(cpu);
      case 'x': return accounting_.Offline(cpu, 1);
      case 'y': return accounting_.Offline(cpu, 2);
      default: return accounting_.Stats(cpu);
    }
  }

  bool Balances() {
    accounting_.TellCounter();
    u64 live = 0;
    for (int k = 1; k <= g_.cgroups; ++k) {
      live += now_.live[k];
      if (now_.pages[k] - now_.held[k] != now_.live[k] || (now_.gone[k] && now_.pages[k] != 0)) return false;
    }
    return now_.statistic == live && !now_.below_zero && static_cast<i64>(live) >= 0;
  }
  static void Hear(void* self, const HookEvent& e) {
    Now& now = static_cast<ObjcgProgram*>(self)->now_;
    now.below_zero |= (e.kind == HookKind::kCounter || e.kind == HookKind::kHeldBack) && static_cast<i64>(e.value) < 0;
    switch (e.kind) {
      case HookKind::kCharge: now.live[e.cgroup] += e.bytes; return;
      case HookKind::kUncharge: now.live[e.cgroup] -= e.bytes; return;
      case HookKind::kHeldBack: now.held[e.cgroup] += e.value; return;
      case HookKind::kCounter: now.pages[e.cgroup] = e.value; return;
      case HookKind::kStatistic: now.statistic = e.value; return;
      case HookKind::kObjcgGone: now.gone[e.cgroup] = true; return;
      case HookKind::kObjcgUse: now.used_after_end |= now.gone[e.cgroup]; return;
      default: return;
    }
  }

  Geometry g_;
  Machine<Model> machine_;
  Table slabs_;
  Accounting<Model> accounting_;
  Boxes* boxes_;
  std::string_view steps_[kCpus];
  int cpus_ = 0;
  Now now_;
};

}  // namespace ordeal
