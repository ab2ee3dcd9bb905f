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
  static constexpr int kOps = 8, kBoxes = 6, kObjects = 64;
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
  enum class Do : u8 { kNothing, kTradeAway, kFetch, kAllocAndFree };
  struct Step {
    Do what = Do::kNothing;
    u8 box = 0;
    bool charged = false;
  };
  struct Now {  // of one execution
    u64 ext_of[kObjects] = {};
    bool live[kObjects] = {};
    u64 charged = 0, counter = 0;
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
      const bool charged = rng.Below(2) == 0;
      if (rng.Below(3) == 0) {
        steps_[from][length[from]++] = {Do::kAllocAndFree, 0, charged};
        continue;
      }
      steps_[from][length[from]++] = {Do::kTradeAway, static_cast<u8>(boxes), charged};
      steps_[to][length[to]++] = {Do::kFetch, static_cast<u8>(boxes++), charged};
    }
  }

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
    return now_.bad > 0 || now_.counter != now_.charged || static_cast<u64>(now_.listed + live) != all;
  }

  void Cpu(int cpu) {
    for (int i = 0; i < kOps; ++i) {
      const Step& step = steps_[cpu][i];
      model::BeginOp(static_cast<u16>(cpu * kOps + i));
      if (step.what == Do::kNothing) return;
      if (step.what == Do::kFetch) Fetch(cpu, step);
      else TradeOrFree(cpu, step);
    }
  }
  void TradeOrFree(int cpu, const Step& step) {
    const Tracked<u64> object = allocator_.Alloc(cpu, step.charged);
    if (!object.raw()) return;
    now_.bad += std::exchange(now_.live[Number(object.raw())], true);
    now_.charged += step.charged ? g_.object_bytes : 0;
    Model::at<Word>(object)->set_plain(Token(object.raw()));
    if (step.what == Do::kTradeAway) boxes_[step.box].store_release(object, kTestPublish);
    else Free(cpu, object, step.charged);
  }
  void Fetch(int cpu, const Step& step) {
    Tracked<u64> object = 0;
    for (int tries = 0; tries < 6 && !object.raw(); ++tries) {
      if (tries > 0) model::Spin();
      object = boxes_[step.box].read_once(kTestConsume);
    }
    if (!object.raw()) return;
    ++now_.handed_over;
    Free(cpu, object, step.charged);
  }
  void Free(int cpu, Tracked<u64> object, bool charged) {
    const Tracked<u64> token = Model::at<Word>(object)->plain();
    now_.bad += token.raw() != Token(object.raw());
    now_.live[Number(object.raw())] = false;
    now_.ext_of[Number(object.raw())] = 0;
    now_.charged -= charged ? g_.object_bytes : 0;
    allocator_.Free(cpu, object);
  }

  u64 Number(u64 object) const { return (object - machine_.base()) / g_.object_bytes % kObjects; }
  static u64 Token(u64 object) { return ~object; }
  static void Hear(void* self, const HookEvent& e) {
    auto* t = static_cast<WeakTrade*>(self);
    if (e.kind == HookKind::kCounter) t->now_.counter = e.value;
    if (e.kind == HookKind::kListed) ++t->now_.listed;
    if (e.kind != HookKind::kExtLookup) return;
    for (u64 i = 0; i < kObjects; ++i) t->now_.bad += t->now_.live[i] && i != t->Number(e.object) && t->now_.ext_of[i] == e.address;
    t->now_.ext_of[t->Number(e.object)] = e.address;
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
