// Read-modify-writes: they read the newest store and come right after it.
#include "memory/model/promise.h"

namespace ordeal::model {

namespace {

// One granule of an RMW that succeeds: reads the newest store, appends. `value`: the new one, in place.
struct RmwPart {
  History* h;
  u8 mask;
  int top;
};

MessageId Inherit(const RmwPart& p) {
  MessageId all = -1;
  u8 mask = p.mask;
  for (int i = p.top; mask != 0; --i) {
    const StoreRecord& s = p.h->stores[i];
    if (!(s.mask & mask)) continue;
    mask &= ~s.mask;
    if (s.message < 0 || s.message == all) continue;
    if (all < 0) {
      all = s.message;
    } else {
      const Knowledge k = g.messages[s.message];
      all = NewMessage(g.messages[all]);
      g.messages[all].Join(k);
    }
  }
  return all;
}

void AppendRmw(const RmwPart& p, u64 value, Seq seq, Order order, u16 site, Dep data_dep, u32 event, MessageId inherited) {
  const MessageId m = MessageFor(order, inherited);
  Own(seq, m);
  const StoreRecord s = MakeStore(value, p.mask, seq, m, order == Order::kPlain ? Order::kOnce : order, true, site, data_dep, event);
  RecordStorePlace(p.h, p.h->n_stores, event);
  p.h->Append(s);
  if (g.n_promises != 0) [[unlikely]]
    KeepPromises(p.h, p.h->n_stores - 1);
}

// What is common to every RMW before its read. Returns its sequence number.
Seq BeginRmw(const RmwPart* parts, int n, Order order, Dep deps) {
  if (order == Order::kFull) StrongFence();  // as if between two smp_mb()
  const Seq seq = Tick();
  for (int i = 0; i < n; ++i) {
    if (parts[i].h->any_plain) CheckLoadRace(*parts[i].h, parts[i].mask, Order::kOnce, HbOf(deps));
    if (parts[i].h->any_plain) CheckStoreRace(*parts[i].h, parts[i].mask, false, HbOf(deps));
    NoteLoad(parts[i].h, parts[i].mask, false, seq);
  }
  return seq;
}

}  // namespace

u64 Rmw(u64 address, u8 bytes, RmwOp op, u64 operand, Order order, At at, Dep addr_dep, Dep data_dep, Dep* result) {
  if (g.exact != nullptr) [[unlikely]]
    return ExactRmw(address, bytes, op, operand, order, at, addr_dep, data_dep, result);
  Step();
  const Addr a = Checked(address, bytes);
  const u8 mask = MaskOf(a, bytes), shift = 8 * (a & 7);
  RmwPart p{Find(a), mask, 0};
  p.top = p.h->Newest(mask);
  const Seq seq = BeginRmw(&p, 1, order, JoinDeps(addr_dep, data_dep));
  const u64 old = p.h->ValueAt(p.top, mask) >> shift;
  const u64 now = Apply(op, old, operand);
  if (Unknown(p.h->stores[p.top], g.me->now.view, nullptr)) {
    p.h->NoteRead(static_cast<u8>(g.cur), mask, p.top, seq);
    Feature(p.h->stores[p.top], at.site, false);
  }
  const u32 event = g.options.record ? Record(EventType::kRmw, order, a, bytes, at, addr_dep, data_dep) : kNoEvent;
  if (event != kNoEvent) {
    TraceEvent& e = g.trace.events[event];
    e.read[0] = old;
    e.written[0] = bytes == 8 ? now : now & ((1ull << 8 * bytes) - 1);
    e.rf[0] = e.newest[0] = p.h->stores[p.top].event;
    if (op != RmwOp::kXchg) e.data_deps.push_back(event);  // a fetch-op writes what it read
  }
  const MessageId inherited = Inherit(p);
  *result = Learn(*p.h, p.top, mask, order, event, addr_dep);
  const Dep carried = op == RmwOp::kXchg ? data_dep : JoinDeps(data_dep, *result);  // fetch-ops write what they read; xchg does not
  AppendRmw(p, now << shift, seq, order, at.site, carried, event, inherited);
  if (order == Order::kFull) StrongFence();
  Mix(a | static_cast<u64>(g.cur) << 32 | 1ull << 62, old ^ now << 1);
  g.last_site = at.site;
  return old;
}

namespace {

// A cmpxchg that fails is its read, and orders nothing.
bool CasFailed(const RmwPart* parts, const int* positions, int n, Addr a, u8 bytes, const u64* old, At at, Dep addr_dep, Dep* result) {
  const Seq seq = Tick();
  u32 event = g.options.record ? Record(EventType::kRmwFailed, Order::kOnce, a, bytes, at, addr_dep, 0) : kNoEvent;
  Dep all = 0;
  for (int i = 0; i < n; ++i) {
    History* h = parts[i].h;
    NoteLoad(h, parts[i].mask, false, seq);
    CheckLoadRace(*h, parts[i].mask, Order::kOnce, HbOf(addr_dep));
    h->NoteRead(static_cast<u8>(g.cur), parts[i].mask, positions[i], seq);
    Feature(h->stores[positions[i]], at.site, positions[i] != parts[i].top);
    if (event != kNoEvent) {
      TraceEvent& e = g.trace.events[event];
      e.read[i] = old[i];
      e.rf[i] = h->stores[positions[i]].event;
      e.newest[i] = h->stores[parts[i].top].event;
    }
    all = JoinDeps(all, Learn(*h, positions[i], parts[i].mask, Order::kOnce, event, addr_dep));
    Mix(a | static_cast<u64>(g.cur) << 32 | 3ull << 61, old[i]);
  }
  *result = all;
  g.last_site = at.site;
  return false;
}

// `carries`: what is written was computed from what was read.
bool CasSucceeds(const RmwPart* parts, int n, Addr a, u8 bytes, const u64* old, const u64* desired, Order order, At at, Dep addr_dep, Dep data_dep,
                 Dep* result, bool carries = false) {
  const u8 shift = 8 * (a & 7);
  const Seq seq = BeginRmw(parts, n, order, JoinDeps(addr_dep, data_dep));
  const u32 event = g.options.record ? Record(EventType::kRmw, order, a, bytes, at, addr_dep, data_dep) : kNoEvent;
  MessageId inherited[2];
  Dep all = 0;
  for (int i = 0; i < n; ++i) {
    const RmwPart& p = parts[i];
    if (Unknown(p.h->stores[p.top], g.me->now.view, nullptr)) {
      p.h->NoteRead(static_cast<u8>(g.cur), p.mask, p.top, seq);
      Feature(p.h->stores[p.top], at.site, false);
    }
    if (event != kNoEvent) {
      TraceEvent& e = g.trace.events[event];
      e.read[i] = old[i];
      e.written[i] = desired[i];
      e.rf[i] = e.newest[i] = p.h->stores[p.top].event;
    }
    inherited[i] = Inherit(p);
    all = JoinDeps(all, Learn(*p.h, p.top, p.mask, order, event, addr_dep));
  }
  if (carries) {
    data_dep = JoinDeps(data_dep, all);
    if (event != kNoEvent) g.trace.events[event].data_deps.push_back(event);
  }
  for (int i = 0; i < n; ++i) AppendRmw(parts[i], desired[i] << shift, seq, order, at.site, data_dep, event, inherited[i]);
  if (order == Order::kFull) StrongFence();
  *result = all;
  Mix(a | static_cast<u64>(g.cur) << 32 | 1ull << 61, old[0] ^ desired[0] << 1);
  g.last_site = at.site;
  return true;
}

}  // namespace

bool Cas(u64 address, u8 bytes, u64& old, u64 desired, Order order, At at, Dep addr_dep, Dep data_dep, Dep* result) {
  if (g.exact != nullptr) [[unlikely]]
    return ExactCas(address, bytes, &old, &desired, order, at, addr_dep, data_dep, result);
  Step();
  const Addr a = Checked(address, bytes);
  const u8 shift = 8 * (a & 7);
  const u64 wanted = old << shift;
  RmwPart p{Find(a), MaskOf(a, bytes), 0};
  p.top = p.h->Newest(p.mask);
  int position = p.top;
  // A failing cmpxchg may have read an old value.
  if (Unknown(p.h->stores[p.top], g.me->now.view, nullptr)) position = ChooseStore(p.h, p.top, p.mask, ViewOf(addr_dep), &wanted);
  if (position == p.top && p.h->ValueAt(p.top, p.mask) == wanted)
    return CasSucceeds(&p, 1, a, bytes, &old, &desired, order, at, addr_dep, data_dep, result);
  old = p.h->ValueAt(position, p.mask) >> shift;
  return CasFailed(&p, &position, 1, a, bytes, &old, at, addr_dep, result);
}

bool AddUnless(u64 address, u8 bytes, u64& old, u64 add, u64 unless, Order order, At at, Dep addr_dep, Dep data_dep, Dep* result) {
  if (g.exact != nullptr) [[unlikely]]
    return ExactAddUnless(address, bytes, old, add, unless, order, at, addr_dep, data_dep, result);
  Step();
  const Addr a = Checked(address, bytes);
  const u8 shift = 8 * (a & 7);
  const RmwPart p{Find(a), MaskOf(a, bytes), Find(a)->Newest(MaskOf(a, bytes))};
  old = p.h->ValueAt(p.top, p.mask) >> shift;
  if (old == unless) return CasFailed(&p, &p.top, 1, a, bytes, &old, at, addr_dep, result);
  const u64 sum = old + add;
  return CasSucceeds(&p, 1, a, bytes, &old, &sum, order, at, addr_dep, data_dep, result, true);
}

Dep FailedTryLock(Addr a, At at, Dep addr_dep) {
  const RmwPart p{Find(a), MaskOf(a, 4), Find(a)->Newest(MaskOf(a, 4))};
  const u64 held = p.h->ValueAt(p.top, p.mask) >> 8 * (a & 7);
  Dep result = 0;
  CasFailed(&p, &p.top, 1, a, 4, &held, at, addr_dep, &result);
  if (g.options.record) g.trace.events.back().type = EventType::kLoad;  // lock.cat: no RMW, a read
  return result;
}

bool Cas2(u64 address, u64 old[2], const u64 desired[2], Order order, At at, Dep addr_dep, Dep data_dep, Dep* result) {
  if (g.exact != nullptr) [[unlikely]]
    return ExactCas(address, 16, old, desired, order, at, addr_dep, data_dep, result);
  Step();
  const Addr a = Checked(address, 16);
  RmwPart p[2] = {{Find(a), 0xff, 0}, {nullptr, 0xff, 0}};
  p[1].h = Find(a + 8);
  int positions[2];
  bool same = true;
  for (int i = 0; i < 2; ++i) {
    positions[i] = p[i].top = p[i].h->Newest(0xff);
    same &= p[i].h->ValueAt(p[i].top, 0xff) == old[i];
  }
  if (same) return CasSucceeds(p, 2, a, 16, old, desired, order, at, addr_dep, data_dep, result);
  for (int i = 0; i < 2; ++i) old[i] = p[i].h->ValueAt(positions[i], 0xff);
  return CasFailed(p, positions, 2, a, 16, old, at, addr_dep, result);
}

}  // namespace ordeal::model
