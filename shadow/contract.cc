#include "shadow/contract.h"

namespace ordeal {
namespace {

// A program's messages form no circle; the events of a broken runner might.
constexpr int kMaxHops = kMaxOps;

bool IsMarked(Publish p) { return p != Publish::kPlain; }
bool IsMarked(Consume c) { return c != Consume::kPlain; }
bool Acquires(Consume c) { return c == Consume::kAcquire || c == Consume::kXchg || c == Consume::kXchgAcquire; }

}  // namespace

ContractClock::ContractClock() : messages_(2 * kMaxOps), objects_(kMaxOps + 1) {}

void ContractClock::Begin(int cpus) {
  cpus_ = cpus;
  for (int i = 0; i < cpus; ++i) cpu_[i] = Cpu();
  messages_.Clear();
  objects_.Clear();
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

void ContractClock::Publish(const ShadowEvent& e) {
  Cpu& me = cpu_[e.cpu];
  Message& m = messages_.New(e.message);
  m.cpu = e.cpu;
  m.op = e.op;
  m.strength = static_cast<ordeal::Publish>(e.a);
  if (const Parts* parts = objects_.Find(e.object)) m.via = parts->of[e.cpu].via;
  m.offered = me.pending;
  if (m.strength == ordeal::Publish::kPlain) return;
  m.chained = me.chained;
  if (const Message* from = Dependency(e.cpu, m.via)) m.chained.Join(from->chained);
  switch (m.strength) {
    case ordeal::Publish::kPlain:
      break;
    case ordeal::Publish::kOnce:
      m.carried = me.stores;
      break;
    case ordeal::Publish::kWmb:
      me.stores.Join(me.sent);
      m.carried = me.stores;
      break;
    case ordeal::Publish::kRelease:
      m.carried = m.offered;
      m.chained.Join(me.pending_chained);
      break;
    case ordeal::Publish::kMb:
    case ordeal::Publish::kXchg:
      FullBarrier(e.cpu);
      m.carried = m.chained = me.stores;
      break;
  }
  me.sent.Join(m.carried);
}

void ContractClock::Consume(const ShadowEvent& e) {
  Cpu& me = cpu_[e.cpu];
  const auto strength = static_cast<ordeal::Consume>(e.a);
  Message* m = messages_.Find(e.message);
  if (m != nullptr) {
    m->taken[e.cpu] = {e.op, strength};
    if (e.object != 0) objects_.At(e.object).of[e.cpu].via = e.message;
    if (m->cpu != e.cpu && IsMarked(strength)) {
      me.pending.Join(m->carried);
      me.pending.Join(m->chained);
      me.pending_chained.Join(m->chained);
      if (Acquires(strength)) {
        me.known.Join(m->carried);
        me.known.Join(m->chained);
        me.chained.Join(m->chained);
      }
    }
  }
  if (strength == ordeal::Consume::kXchg) FullBarrier(e.cpu);
}

void ContractClock::FullBarrier(int cpu) {
  Cpu& me = cpu_[cpu];
  me.known = me.pending;
  me.stores = me.pending;
  me.chained = me.pending;
  me.pending_chained = me.pending;
}

// The message of another CPU on which a pointer got by `via` depends, or null.
const ContractClock::Message* ContractClock::Dependency(int cpu, MessageId via) const {
  for (int hops = 0; hops < kMaxHops; ++hops) {
    const Message* m = messages_.Find(via);
    if (m == nullptr || !IsMarked(m->taken[cpu].strength)) return nullptr;
    if (m->cpu != cpu) return m;
    if (!IsMarked(m->strength)) return nullptr;
    via = m->via;
  }
  return nullptr;
}

void ContractClock::Free(const ShadowEvent& e, Reports& reports) const {
  const Parts* parts = objects_.Find(e.object);
  if (parts == nullptr) return;
  const MessageId via = e.message != 0 ? e.message : parts->of[e.cpu].via;
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
    Explain(c, part.access, via, r);
    return reports.Add(r);
  }
}

// Walks from the free back along the messages that brought the object, to the first hand-over that let the access escape.
void ContractClock::Explain(int accessor, i16 access, MessageId via, Report& r) const {
  int holder = r.cpu;
  r.detail = Detail::kNoHandOver;
  for (int hops = 0; hops < kMaxHops; ++hops) {
    const Message* m = messages_.Find(via);
    if (m == nullptr) return;
    const Taken& taken = m->taken[holder];
    const bool own = m->cpu == holder;
    const bool carried = access <= m->carried.of[accessor] || access <= m->chained.of[accessor];
    if (own ? !IsMarked(taken.strength) : carried) {
      r.detail = Detail::kConsumeTooWeak;
      r.hand_op = taken.op;
      r.hand_cpu = static_cast<u8>(holder);
      r.consume = taken.strength;
      return;
    }
    if (own ? !IsMarked(m->strength) : access <= m->offered.of[accessor] || m->cpu == accessor) {
      r.detail = access <= m->offered.of[accessor] || own ? Detail::kPublishTooWeak : Detail::kAfterHandOver;
      r.hand_op = m->op;
      r.hand_cpu = m->cpu;
      r.publish = m->strength;
      return;
    }
    holder = m->cpu;
    via = m->via;
  }
}

}  // namespace ordeal
