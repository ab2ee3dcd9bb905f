// What happens to an allocator on the modelled weak memory, with users who keep the contract by its weakest reading: release to publish,
// READ_ONCE and then nothing but addresses computed from the pointer to consume?
//
// Small random programs of a few CPUs, many executions of each. Everything that is noted here is an effect or a race; an execution is
// judged by the axioms before it counts.
#pragma once
#include <cstring>
#include <utility>

#include "allocator/concept.h"
#include "allocator/properties/machine_testing.h"
#include "base/random.h"
#include "memory/model/judge.h"
#include "memory/model/trace_to_graph.h"

namespace ordeal {

inline constexpr Site<Order::kRelease> kTestPublish{kTestSites + 61};
inline constexpr Site<Order::kOnce> kTestConsume{kTestSites + 62};

struct Tally {
  int runs = 0, handed_over = 0, effects = 0, races = 0;
};

template <Allocator A>
class WeakTrade {
  static constexpr int kOps = 8, kBoxes = 6, kObjects = 64, kPayers = 4;
  using Word = Model::Word<u64>;

 public:
  explicit WeakTrade(const Geometry& g)
      : g_(g),
        machine_(A::Footprint(g) + 4096),
        allocator_(machine_.base(), g, {&WeakTrade::Hear, this}),
        boxes_(reinterpret_cast<Word*>(machine_.base() + A::Footprint(g))) {
    allocator_.Format();
  }

  // `programs` programs, each executed `executions` times, or until the first effect; every suspicious execution and each 64th is judged.
  Tally Run(int programs, int executions, bool stop_at_effect = false) {
    Tally tally;
    for (int p = 0; p < programs; ++p) {
      Draw(static_cast<u64>(p));
      for (int e = 0; e < executions; ++e) {
        const u64 seed = static_cast<u64>(e) * 1000 + 1;
        const bool effect = Execute(seed, false);
        ++tally.runs;
        tally.handed_over += now_.handed_over;
        if (!effect && result_.race_suspects == 0 && tally.runs % 64 != 0) continue;
        Execute(seed, true);
        const model::Judgement judgement = model::Judge(model::TraceToGraph(model::RecordedTrace()).graph, true);
        tally.effects += judgement.allowed() && effect;
        tally.races += judgement.allowed() && judgement.race;
        if (stop_at_effect && tally.effects > 0) return tally;
      }
    }
    return tally;
  }

 private:
  enum class Do : u8 { kNothing, kTradeAway, kFetch, kAllocAndFree, kDrain, kOffline, kStats };
  struct Step {
    Do what = Do::kNothing;
    u8 box = 0;
    u8 charge = 0;
  };
  struct Now {  // of one execution
    u64 ext_of[kObjects] = {};
    bool live[kObjects] = {};
    u8 payer[kObjects] = {};                                                               // of a live object, 0: nobody
    u8 told[kMaxCpus] = {};                                                                // by the last charge or uncharge
    u64 charged[kPayers] = {}, counter[kPayers] = {}, pages[kPayers] = {}, statistic = 0;  // by cgroup; without any all is in 1
    bool gone[kPayers] = {};
    int handed_over = 0, listed = 0, bad = 0;
  };

  // A box has one CPU that fills it and one that empties it, once each.
  void Draw(u64 seed) {
    Rng rng(seed);
    std::memset(steps_, 0, sizeof steps_);
    int length[kMaxCpus] = {}, boxes = 0;
    for (u64 n = 4 + rng.Below(5); n > 0; --n) {
      const u64 from = rng.Below(g_.cpus), to = (from + 1 + rng.Below(g_.cpus - 1)) % g_.cpus;
      if (length[from] == kOps || length[to] == kOps || boxes == kBoxes) continue;
      if (g_.cgroups > 0 && rng.Below(4) == 0) {
        constexpr Do kHousekeeping[] = {Do::kDrain, Do::kOffline, Do::kStats};
        steps_[from][length[from]++] = {kHousekeeping[rng.Below(3)], 0, AnyCgroup(rng)};
        continue;
      }
      const u8 charge = rng.Below(2) == 0 ? AnyCgroup(rng) : u8{0};
      if (rng.Below(3) == 0) {
        steps_[from][length[from]++] = {Do::kAllocAndFree, 0, charge};
        continue;
      }
      steps_[from][length[from]++] = {Do::kTradeAway, static_cast<u8>(boxes), charge};
      steps_[to][length[to]++] = {Do::kFetch, static_cast<u8>(boxes++)};
    }
  }
  u8 AnyCgroup(Rng& rng) const { return g_.cgroups < 2 ? u8{1} : static_cast<u8>(1 + rng.Below(g_.cgroups)); }

  // True: something went wrong.
  bool Execute(u64 seed, bool record) {
    now_ = Now();
    model::RunOptions options;
    options.seed = seed;
    options.record = record;
    result_ = model::Run(g_.cpus, [](void* self, int cpu) { static_cast<WeakTrade*>(self)->Cpu(cpu); }, this, options);
    if (result_.ending != model::Ending::kFinished) return true;
    allocator_.Enumerate();
    int live = 0;
    for (bool l : now_.live) live += l;
    const u64 all = u64{g_.cpus} * g_.slabs_per_cpu * g_.objects_per_slab();
    return now_.bad > 0 || !Balances() || static_cast<u64>(now_.listed + live) != all;
  }
  bool Balances() const {
    u64 sum = 0;
    for (int k = 0; k < kPayers; ++k) {
      if (now_.counter[k] != now_.charged[k] || (now_.gone[k] && now_.pages[k] != 0)) return false;
      sum += now_.charged[k];
    }
    return g_.cgroups == 0 || now_.statistic == sum;
  }

  void Cpu(int cpu) {
    for (int i = 0; i < kOps; ++i) {
      const Step& step = steps_[cpu][i];
      model::BeginOp(static_cast<u16>(cpu * kOps + i));
      if (step.what == Do::kNothing) return;
      switch (step.what) {
        case Do::kFetch: Fetch(cpu, step); break;
        case Do::kDrain: allocator_.Drain(cpu); break;
        case Do::kOffline: allocator_.Offline(cpu, step.charge); break;
        case Do::kStats: allocator_.Stats(cpu); break;
        default: TradeOrFree(cpu, step);
      }
    }
  }
  void TradeOrFree(int cpu, const Step& step) {
    now_.told[cpu] = 0;
    const Tracked<u64> object = allocator_.Alloc(cpu, step.charge);
    if (!object.raw()) return;
    now_.bad += std::exchange(now_.live[Number(object.raw())], true);
    now_.bad += now_.told[cpu] != Expected(step.charge, now_.told[cpu]);
    now_.payer[Number(object.raw())] = now_.told[cpu];
    now_.charged[now_.told[cpu]] += now_.told[cpu] != 0 ? g_.object_bytes : 0;
    Model::at<Word>(object)->set_plain(Token(object.raw()));
    if (step.what == Do::kTradeAway) boxes_[step.box].store_release(object, kTestPublish);
    else Free(cpu, object);
  }
  // Who pays: nobody if nothing can be charged; one who may have gone offline need not.
  u8 Expected(u8 charge, u8 told) const {
    return g_.exts == Exts::kNone || (told == 0 && g_.cgroups > 0 && OfflineSomewhere(charge)) ? u8{0} : charge;
  }
  bool OfflineSomewhere(u8 cgroup) const {
    for (const auto& cpu : steps_)
      for (const Step& s : cpu)
        if (s.what == Do::kOffline && s.charge == cgroup) return true;
    return false;
  }
  void Fetch(int cpu, const Step& step) {
    Tracked<u64> object = 0;
    for (int tries = 0; tries < 6 && !object.raw(); ++tries) {
      if (tries > 0) model::Spin();
      object = boxes_[step.box].read_once(kTestConsume);
    }
    if (!object.raw()) return;
    ++now_.handed_over;
    Free(cpu, object);
  }
  void Free(int cpu, Tracked<u64> object) {
    const Tracked<u64> token = Model::at<Word>(object)->plain();
    now_.bad += token.raw() != Token(object.raw());
    now_.live[Number(object.raw())] = false;
    now_.ext_of[Number(object.raw())] = 0;
    const u8 payer = std::exchange(now_.payer[Number(object.raw())], u8{0});
    now_.charged[payer] -= payer != 0 ? g_.object_bytes : 0;
    now_.told[cpu] = 0;
    allocator_.Free(cpu, object);
    now_.bad += now_.told[cpu] != payer;
  }

  u64 Number(u64 object) const { return (object - machine_.base()) / g_.object_bytes % kObjects; }
  static u64 Token(u64 object) { return ~object; }
  static void Hear(void* self, const HookEvent& e) {
    auto* t = static_cast<WeakTrade*>(self);
    const u8 payer = t->g_.cgroups == 0 ? u8{1} : e.cgroup;
    switch (e.kind) {
      case HookKind::kCharge:
      case HookKind::kUncharge: t->now_.told[e.cpu] = payer; return;
      case HookKind::kCounter: t->now_.counter[payer] += t->now_.pages[payer] = e.value; return;
      case HookKind::kHeldBack: t->now_.counter[payer] -= e.value; return;
      case HookKind::kStatistic: t->now_.statistic = e.value; return;
      case HookKind::kObjcgGone: t->now_.gone[payer] = true; return;
      case HookKind::kObjcgUse: t->now_.bad += t->now_.gone[payer]; return;
      case HookKind::kListed: ++t->now_.listed; return;
      case HookKind::kExtLookup: return t->Lookup(e);
      default: return;
    }
  }
  void Lookup(const HookEvent& e) {
    for (u64 i = 0; i < kObjects; ++i) now_.bad += now_.live[i] && i != Number(e.object) && now_.ext_of[i] == e.address;
    now_.ext_of[Number(e.object)] = e.address;
  }

  Geometry g_;
  Machine<Model> machine_;
  A allocator_;
  Word* boxes_;
  Step steps_[kMaxCpus][kOps];
  Now now_;
  model::RunResult result_;
};

}  // namespace ordeal
