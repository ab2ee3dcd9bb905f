#include "shadow/contract.h"

#include "shadow/contract_strength.h"

namespace ordeal {
using contract_detail::Acquires, contract_detail::IsMarked, contract_detail::kMaxHops, contract_detail::OneSideLocks;

ContractClock::ContractClock() : messages_(2 * kMaxOps), objects_(kMaxOps + 1), counts_(kMaxOps + 1) {}

void ContractClock::Begin(int cpus) {
  cpus_ = cpus;
  for (int i = 0; i < cpus; ++i) cpu_[i] = Cpu();
  messages_.Clear();
  objects_.Clear();
  counts_.Clear();
  if (cache_is_put_) cache_ = Count();
  cache_is_put_ = false;
}

void ContractClock::Access(const ShadowEvent& e, bool is_write) {
  if (e.object == 0) return;
  i16& now = cpu_[e.cpu].pending.of[e.cpu];
  ORDEAL_CHECK(now < INT16_MAX, "accesses are counted anew in each execution");
  ++now;
  const bool is_alloc = e.kind == EventKind::kAlloc;
  Parts& parts = is_alloc ? objects_.New(e.object) : objects_.At(e.object);
  Part& part = parts.of[e.cpu];
  part.access = now;
  part.op = e.op;
  part.is_write = is_write;
  part.is_alloc = is_alloc;
}

ContractClock::Load ContractClock::Release(int cpu, ordeal::Publish strength, const Message* dependency) {
  Cpu& me = cpu_[cpu];
  Load load;
  load.offered = me.pending;
  if (strength == ordeal::Publish::kPlain) return load;
  load.chained = me.chained;
  if (dependency != nullptr) load.chained.Join(dependency->chained);
  switch (strength) {
    case ordeal::Publish::kPlain: break;
    case ordeal::Publish::kOnce: load.carried = me.stores; break;
    case ordeal::Publish::kWmb:
      me.stores.Join(me.sent);
      load.carried = me.stores;
      break;
    case ordeal::Publish::kRelease:
    case ordeal::Publish::kLocked:
      load.carried = load.offered;
      load.chained.Join(me.pending_chained);
      break;
    case ordeal::Publish::kMb:
    case ordeal::Publish::kXchg:
      FullBarrier(cpu);
      load.carried = load.chained = me.stores;
      break;
  }
  me.sent.Join(load.carried);
  return load;
}

// Of another CPU's store.
void ContractClock::Acquire(int cpu, ordeal::Consume strength, const Load& load) {
  Cpu& me = cpu_[cpu];
  me.pending.Join(load.carried);
  me.pending.Join(load.chained);
  me.pending_chained.Join(load.chained);
  if (!Acquires(strength)) return;
  me.known.Join(load.carried);
  me.known.Join(load.chained);
  me.chained.Join(load.chained);
}

void ContractClock::Publish(const ShadowEvent& e) {
  const auto strength = static_cast<ordeal::Publish>(e.a);
  const MessageId via = ViaOf(e.object, e.cpu, e.b);
  Message& m = messages_.New(e.message);
  static_cast<Load&>(m) = Release(e.cpu, strength, Dependency(e.cpu, via));
  m.cpu = e.cpu;
  m.op = e.op;
  m.strength = strength;
  m.via = via;
}

void ContractClock::Consume(const ShadowEvent& e) {
  const auto strength = static_cast<ordeal::Consume>(e.a);
  if (Message* m = messages_.Find(e.message); m != nullptr) {
    const bool own = m->cpu == e.cpu;
    Taken& taken = m->taken[e.cpu];
    taken = {e.op, strength, IsMarked(strength) && (own || !OneSideLocks(m->strength, strength))};
    if (e.object != 0) objects_.At(e.object).of[e.cpu].via = e.message;
    if (!own && taken.marked) Acquire(e.cpu, strength, *m);
  }
  if (strength == ordeal::Consume::kXchg) FullBarrier(e.cpu);
}

void ContractClock::Put(const ShadowEvent& e) {
  const Message* dependency = Dependency(e.cpu, ViaOf(e.object, e.cpu, e.message));
  Count& count = counts_.At(e.object);
  Count::OfCpu& mine = count.of[e.cpu];
  mine.op = e.op;
  mine.puts |= e.value != 0 ? e.value : ~u64{0};  // one without a bit is never seen
  mine.strength = static_cast<ordeal::Publish>(e.a);
  const Load load = Release(e.cpu, mine.strength, dependency);
  mine.carried.Join(load.carried);
  mine.chained.Join(load.chained);
  mine.offered = load.offered;
  if (dependency == nullptr) return;
  mine.depended.Join(dependency->carried);
  mine.depended.Join(dependency->chained);
}

void ContractClock::LastPut(const ShadowEvent& e) {
  const auto strength = static_cast<ordeal::Consume>(e.a);
  if (const Count* count = counts_.Find(e.object); count != nullptr) {
    for (int c = 0; c < cpus_; ++c)
      if (c != e.cpu && IsMarked(strength) && (count->of[c].puts & ~e.value) == 0) Acquire(e.cpu, strength, count->of[c]);
    if (Acquires(strength)) cpu_[e.cpu].known.Join(count->of[e.cpu].depended);
  }
  if (strength == ordeal::Consume::kXchg) FullBarrier(e.cpu);
}

void ContractClock::CachePut(const ShadowEvent& e) {
  cache_is_put_ = true;
  Count::OfCpu& mine = cache_.of[e.cpu];
  mine.op = e.op;
  mine.access = ++cpu_[e.cpu].pending.of[e.cpu];
  mine.strength = static_cast<ordeal::Publish>(e.a);
  static_cast<Load&>(mine) = Release(e.cpu, mine.strength, nullptr);
}

void ContractClock::CacheEnd(const ShadowEvent& e, Reports& reports) {
  const auto strength = static_cast<ordeal::Consume>(e.a);
  for (int c = 0; c < cpus_; ++c)
    if (c != e.cpu && IsMarked(strength)) Acquire(e.cpu, strength, cache_.of[c]);
  if (strength == ordeal::Consume::kXchg) FullBarrier(e.cpu);
  for (int c = 0; c < cpus_; ++c) {
    if (c == e.cpu || cache_.of[c].access <= cpu_[e.cpu].known.of[c]) continue;
    Report r;
    r.violation = Violation::kContract;
    r.detail = Detail::kCacheEndTooEarly;
    r.cpu = e.cpu;
    r.op = e.op;
    r.other_cpu = static_cast<u8>(c);
    r.other_op = cache_.of[c].op;
    return reports.Add(r);
  }
}

void ContractClock::FullBarrier(int cpu) {
  Cpu& me = cpu_[cpu];
  me.known = me.pending;
  me.stores = me.pending;
  me.chained = me.pending;
  me.pending_chained = me.pending;
}

// The message by which a CPU has an object: as told, else the newest one that brought it.
MessageId ContractClock::ViaOf(ObjectId object, int cpu, MessageId told) const {
  if (told != 0) return told;
  const Parts* parts = objects_.Find(object);
  return parts != nullptr ? parts->of[cpu].via : 0;
}

// The message of another CPU on which a pointer got by `via` depends, or null.
const ContractClock::Message* ContractClock::Dependency(int cpu, MessageId via) const {
  for (int hops = 0; hops < kMaxHops; ++hops) {
    const Message* m = messages_.Find(via);
    if (m == nullptr || !m->taken[cpu].marked) return nullptr;
    if (m->cpu != cpu) return m;
    if (!IsMarked(m->strength)) return nullptr;
    via = m->via;
  }
  return nullptr;
}

void ContractClock::Free(const ShadowEvent& e, Reports& reports) const {
  const Parts* parts = objects_.Find(e.object);
  if (parts == nullptr) return;
  const MessageId via = ViaOf(e.object, e.cpu, e.message);
  KnownAccesses known = cpu_[e.cpu].known;
  if (const Message* m = Dependency(e.cpu, via)) {
    known.Join(m->carried);
    known.Join(m->chained);
  }
  for (int c = 0; c < cpus_; ++c) {
    const Part& part = parts->of[c];
    if (c == e.cpu || part.access <= known.of[c]) continue;
    Report r;
    r.violation = Violation::kContract;
    r.cpu = e.cpu;
    r.op = e.op;
    r.object = e.object;
    r.offset = e.offset;
    r.other_cpu = static_cast<u8>(c);
    r.other_op = part.op;
    r.other_is_write = part.is_write;
    r.other_is_alloc = part.is_alloc;
    r.at_touch = e.kind == EventKind::kTouch;
    if (!ExplainPut(c, part.access, r)) Explain(c, part.access, via, r);
    return reports.Add(r);
  }
}

}  // namespace ordeal
