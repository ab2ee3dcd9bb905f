#include "memory/model/buffering.h"

#include <algorithm>

#include "base/random.h"

namespace ordeal::model {
namespace {

bool MayBeBuffered(const TraceEvent& e) {
  return e.type == EventType::kLoad && (e.order == Order::kPlain || e.order == Order::kOnce || e.order == Order::kNone);
}
bool Stores(const TraceEvent& e) {
  return e.type == EventType::kStore || e.type == EventType::kRmw || e.type == EventType::kUnlock || e.type == EventType::kLock;
}

bool Overlap(const TraceEvent& a, const TraceEvent& b) { return a.addr < b.addr + b.bytes && b.addr < a.addr + a.bytes; }

// What of the store's value does a load of these bytes get? False: not all of them are its.
bool Covers(const TraceEvent& store, const TraceEvent& load, u64* value) {
  if (load.bytes > 8 || load.addr < store.addr || load.addr + load.bytes > store.addr + store.bytes) return false;
  const u32 offset = load.addr - store.addr;
  const u64 word = store.written[offset / 8] >> 8 * (offset % 8);
  *value = load.bytes == 8 ? word : word & ((u64{1} << 8 * load.bytes) - 1);
  return true;
}

// Who knows of something that the load's CPU stored after it?
class Knowing {
 public:
  Knowing(const Trace& trace, u32 load) : trace_(trace), cpu_(trace.events[load].cpu), told_(trace.events.size(), false) {}

  void Next(u32 id) {
    const TraceEvent& e = trace_.events[id];
    for (const u32 source : e.rf)
      if (source != kNoEvent && told_[source]) cpus_ |= 1u << e.cpu;
    told_[id] = Stores(e) && (e.cpu == cpu_ || Knows(e.cpu));
  }
  bool Knows(u8 cpu) const { return (cpus_ >> cpu & 1) != 0; }

 private:
  const Trace& trace_;
  const u8 cpu_;
  std::vector<bool> told_;  // by event: a store after the load, or after one that was read
  u32 cpus_ = 0;
};

void PromisesTo(const Trace& trace, u32 load, std::size_t most, Decisions* out) {
  const TraceEvent& l = trace.events[load];
  Knowing knowing(trace, load);
  u32 done = 1u << l.cpu;  // CPUs
  for (u32 id = load + 1; id < trace.events.size() && out->size() < most; ++id) {
    const TraceEvent& e = trace.events[id];
    knowing.Next(id);
    if (e.cpu == l.cpu && Overlap(e, l)) return;  // it would read, or be overwritten, the wrong way round in coherence
    u64 value = 0;
    if ((done >> e.cpu & 1) != 0 || !Stores(e) || !knowing.Knows(e.cpu) || !Covers(e, l, &value) || value == l.read[0]) continue;
    done |= 1u << e.cpu;
    out->push_back({.at = l.key, .kind = DecisionKind::kPromise, .store = e.key, .value = value});
  }
}

}  // namespace

bool BuffersLoads(const Trace& trace) {
  for (u32 id = 0; id < trace.events.size(); ++id)
    for (const u32 source : trace.events[id].rf)
      if (source != kNoEvent && source > id) return true;
  return false;
}

Decisions PromisesIn(const Trace& trace, std::size_t most) {
  Decisions promises;
  for (u32 id = 0; id < trace.events.size() && promises.size() < most; ++id)
    if (MayBeBuffered(trace.events[id])) PromisesTo(trace, id, most, &promises);
  return promises;
}

std::vector<Decisions> WithPromises(const Trace& trace, const Decisions& decisions, u64 seed, std::size_t n) {
  constexpr std::size_t kMost = 4096;
  Decisions promises = PromisesIn(trace, kMost);
  Rng rng(seed);
  std::vector<Decisions> all;
  while (all.size() < n && !promises.empty()) {
    Decision& pick = promises[rng.Below(promises.size())];
    Decisions& with = all.emplace_back(decisions);
    with.insert(std::ranges::upper_bound(with, pick), pick);
    pick = promises.back();
    promises.pop_back();
  }
  return all;
}

}  // namespace ordeal::model
