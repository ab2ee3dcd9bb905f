// Loads, stores and read-modify-writes: what may be read, where a store may go, what is passed on.
#include <cstring>

#include "base/check.h"
#include "memory/model/state.h"

namespace ordeal::model {

void Wild(u64 address) {
  g.result.wild_address = address;
  g.result.wild_cpu = static_cast<u8>(g.cur);
  g.result.wild_op = g.me->op;
  Abandon(Ending::kWild);
}

History* NewHistory(u32 granule) {
  ORDEAL_CHECK(g.n_histories < kMaxHistories, "more locations than the engine has room for");
  History* h = &g.histories[g.n_histories];
  g.slots[granule] = {g.generation, g.n_histories++};
  h->Reset(granule);
  return h;
}

namespace {

// An access is aligned to its size and inside the arena, or the execution ends here.
inline Addr Checked(u64 addr, u8 bytes) {
  const u64 offset = addr - kArenaBase;
  if (offset >= kArenaSize || (offset & (bytes - 1u)) != 0) [[unlikely]] Wild(addr);
  return static_cast<Addr>(offset);
}

inline bool Unknown(const StoreRecord& s, const Clock& known, const Clock* more) {
  return s.cpu != g.cur && s.seq > known.stores.at[s.cpu] && (more == nullptr || s.seq > more->stores.at[s.cpu]);
}

// A load against the stores that this CPU does not know of: a race if either side is plain (candidate rf and fr pairs of the LKMM).
void CheckLoadRace(const History& h, u8 mask, Order order, const Clock* dep) {
  const Clock* more[2] = {dep, g.me->has_read_side ? &g.me->read_side.hb : nullptr};
  for (int i = h.n_stores - 1; i > 0; --i) {
    const StoreRecord& s = h.stores[i];
    if (!(s.mask & mask) || !(order == Order::kPlain || s.plain)) continue;
    if (Unknown(s, g.me->now.hb, more[0]) && (more[1] == nullptr || s.seq > more[1]->stores.at[s.cpu])) {
      ++g.result.race_suspects;
      return;
    }
  }
}

// A store against stores and loads that this CPU does not know of. `deps`: what its address (and, if marked, its value) depends on.
void CheckStoreRace(const History& h, u8 mask, bool plain, const Clock* deps) {
  for (int i = plain || h.any_plain ? h.n_stores - 1 : 0; i > 0; --i) {
    const StoreRecord& s = h.stores[i];
    if (!(s.mask & mask) || !(plain || s.plain)) continue;
    if (s.cpu == g.cur) break;  // what came before an own store was looked at then
    // A plain store may be a load to the compiler (rw-xbstar): smp_wmb alone does not order it before this one.
    const bool as_load = s.plain && s.seq > g.me->now.hb.loads.at[s.cpu] && (deps == nullptr || s.seq > deps->loads.at[s.cpu]);
    if (as_load || Unknown(s, g.me->now.hb, deps)) {
      ++g.result.race_suspects;
      return;
    }
  }
  const Lanes& last = plain ? h.last_read : h.last_plain_read;
  const u8* masks = plain ? h.read_mask : h.plain_read_mask;
  if (g.me->now.hb.loads.Covers(last)) return;
  for (int c = 0; c < g.cpus; ++c) {
    if (c == g.cur || !(masks[c] & mask) || last.at[c] <= g.me->now.hb.loads.at[c]) continue;
    if (deps != nullptr && last.at[c] <= deps->loads.at[c]) continue;
    ++g.result.race_suspects;
    return;
  }
}

inline void NoteLoad(History* h, u8 mask, bool plain, Seq seq) {
  h->last_read.at[g.cur] = seq;
  h->read_mask[g.cur] |= mask;
  if (plain) {
    h->last_plain_read.at[g.cur] = seq;
    h->plain_read_mask[g.cur] |= mask;
  }
}

// The newest store is another CPU's and not known here: there may be older ones to read. `unlike`: a value that must not be read (a
// cmpxchg may only fail on a stale value).
[[gnu::noinline]] int ChooseStore(History* h, int top, u8 mask, const Clock* dep, const u64* unlike) {
  int n = 0;
  if (g.options.rung == Rung::kLkmm && g.me->spins < 4) {
    Clock extra;
    const Clock* more = dep;
    if (g.me->has_read_side) {
      extra = g.me->read_side.view;
      if (dep != nullptr) extra.Join(*dep);
      more = &extra;
    }
    const int floor = h->Floor(mask, g.me->now.view, more);
    AccessKey keys[kStores];
    int positions[kStores];
    for (int i = top - 1; i >= floor; --i) {
      if (!(h->stores[i].mask & mask) && i != floor) continue;
      if (unlike != nullptr && h->ValueAt(i, mask) == *unlike) continue;
      keys[n] = h->stores[i].key;
      positions[n++] = i;
    }
    if (n > 0) {
      ++g.result.choices;
      const int pick = g.schedule.Stale({g.me->op, g.me->k}, keys, n);
      if (pick >= 0) {
        ++g.result.stale;
        return positions[pick];
      }
    }
  }
  return top;
}

// Everything that the stores composed into a value carry.
template <class F>
void EachMessage(const History& h, int position, u8 mask, F f) {
  for (int i = position; mask != 0; --i) {
    const StoreRecord& s = h.stores[i];
    if (!(s.mask & mask)) continue;
    mask &= ~s.mask;
    if (s.cpu != g.cur && s.message >= 0) f(s.message);
  }
}

void Feature(const StoreRecord& s, u16 site, bool stale) {
  if (g.options.features == nullptr) return;
  const u32 f = (s.site * 67u + site * 5u + (stale ? 1 : 0)) % (kFeatures - kFeatures / 4);
  ++g.options.features[kFeatures / 4 + f];
}

// What a read learns from the stores it reads, and the dependency that it heads.
Dep Learn(const History& h, int position, u8 mask, Order order, u32 event, Dep addr_dep) {
  MessageId first = -1;
  Dep d = 0;
  bool several = false;
  if (order != Order::kPlain) {
    EachMessage(h, position, mask, [&](MessageId m) {
      (order == Order::kAcquire || order == Order::kFull ? g.me->now : g.me->acquired).Join(g.messages[m]);
      several |= first >= 0;
      if (first < 0) first = m;
    });
    if (several) {
      Knowledge all = g.messages[first];
      EachMessage(h, position, mask, [&](MessageId m) { all.Join(g.messages[m]); });
      first = NewMessage(all);
    }
    if (order != Order::kAcquire || g.options.record) d = NewLeaf(first, event, addr_dep);
  }
  // A value that this CPU stored itself keeps what it was computed from: (data ; rfi)*.
  const StoreRecord& s = h.stores[position];
  if (s.cpu == g.cur && s.data_dep != 0) d = JoinDeps(d, s.data_dep);
  return d;
}

inline const Clock* ViewOf(Dep d) { return d != 0 ? &g.deps[d].know.view : nullptr; }
inline const Clock* HbOf(Dep d) { return d != 0 ? &g.deps[d].know.hb : nullptr; }

// What a store passes to whoever reads it.
MessageId MessageFor(Order order, MessageId inherited) {
  MessageId m = -1;
  if (order == Order::kRelease || order == Order::kFull) {
    m = NewMessage(g.me->now);
    g.messages[m].Join(g.me->acquired);  // cumulativity: (rfe ; [Marked])? ; po-rel
  } else if (order != Order::kPlain && g.me->has_released) {
    m = NewMessage(g.me->released);
  }
  if (inherited >= 0) {  // the release sequence: (rf ; rmw)*
    if (m < 0) return inherited;
    g.messages[m].Join(g.messages[inherited]);
  }
  return m;
}

void Own(Seq seq, MessageId m) {
  g.me->own.view.stores.at[g.cur] = seq;
  g.me->own.hb.stores.at[g.cur] = seq;
  if (m >= 0) g.me->own.Join(g.messages[m]);
}

// Where a store may go other than to the end: right before a store that this CPU does not know of, unless something orders it.
int PlaceOf(const History& h, int top, u8 mask, Order order, Dep addr_dep, Dep data_dep) {
  if (g.options.rung != Rung::kLkmm || h.n_stores == kStores) return h.n_stores;
  if (!Unknown(h.stores[top], g.me->now.view, nullptr)) return h.n_stores;
  Clock more = g.me->controlled.view;  // to-w: address, data and control dependencies, and what a release has to follow
  if (addr_dep != 0) more.Join(g.deps[addr_dep].know.view);
  if (data_dep != 0) more.Join(g.deps[data_dep].know.view);
  if (order == Order::kRelease) more.Join(g.me->acquired.view);
  const int floor = h.Floor(mask, g.me->now.view, &more);
  AccessKey keys[kStores];
  int positions[kStores], n = 0;
  for (int q = h.n_stores - 1; q > floor; --q) {
    if (h.stores[q].mask != mask) break;  // a store between two of other sizes would change what composed loads have read
    if (h.stores[q].rmw) continue;        // nothing comes between an RMW and the store that it read
    keys[n] = h.stores[q].key;
    positions[n++] = q;
  }
  const int pick = g.schedule.Insert({g.me->op, g.me->k}, keys, n);
  if (pick < 0) return h.n_stores;
  ++g.result.inserted;
  return positions[pick];
}

StoreRecord MakeStore(u64 value, u8 mask, Seq seq, MessageId m, Order order, bool rmw, u16 site, Dep data_dep, u32 event) {
  StoreRecord s;
  s.value = value & BitsOf(mask);
  s.key = {g.me->op, g.me->k};
  s.message = m;
  s.data_dep = data_dep;
  s.event = event;
  s.site = site;
  s.seq = seq;
  s.cpu = static_cast<u8>(g.cur);
  s.mask = mask;
  s.rmw = rmw;
  s.plain = order == Order::kPlain;
  return s;
}

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
}

// What is common to every RMW before its read. Returns its sequence number.
Seq BeginRmw(const RmwPart* parts, int n, Order order, Dep deps) {
  if (order == Order::kFull) StrongFence();  // as if between two smp_mb()
  const Seq seq = Tick();
  for (int i = 0; i < n; ++i) {
    CheckLoadRace(*parts[i].h, parts[i].mask, Order::kOnce, HbOf(deps));
    CheckStoreRace(*parts[i].h, parts[i].mask, false, HbOf(deps));
    NoteLoad(parts[i].h, parts[i].mask, false, seq);
  }
  return seq;
}

}  // namespace

u64 Load(u64 address, u8 bytes, Order order, At at, Dep addr_dep, Dep* result) {
  Step();
  const Addr a = Checked(address, bytes);
  History* h = Find(a);
  const u8 mask = MaskOf(a, bytes), shift = 8 * (a & 7);
  const Seq seq = Tick();
  NoteLoad(h, mask, order == Order::kPlain, seq);
  const int top = h->Newest(mask);
  int position = top;
  // Fast path: this CPU knows the newest store, so it can read nothing else, and coherence needs no note of it (whoever learns
  // of this load learns of that store too).
  if (Unknown(h->stores[top], g.me->now.hb, nullptr)) [[unlikely]] {
    CheckLoadRace(*h, mask, order, HbOf(addr_dep));
    if (Unknown(h->stores[top], g.me->now.view, nullptr)) position = ChooseStore(h, top, mask, ViewOf(addr_dep), nullptr);
    h->NoteRead(static_cast<u8>(g.cur), mask, position, seq);
    Feature(h->stores[position], at.site, position != top);
  }
  const u64 value = h->ValueAt(position, mask) >> shift;
  u32 event = kNoEvent;
  if (g.options.record) {
    event = Record(EventType::kLoad, order, a, bytes, at, addr_dep, 0);
    TraceEvent& e = g.trace.events[event];
    e.read[0] = value;
    e.rf[0] = h->stores[position].event;
    e.newest[0] = h->stores[top].event;
  }
  *result = Learn(*h, position, mask, order, event, addr_dep);
  Mix(a | static_cast<u64>(g.cur) << 32, value);
  g.last_site = at.site;
  return value;
}

void Store(u64 address, u8 bytes, u64 value, Order order, At at, Dep addr_dep, Dep data_dep) {
  Step();
  const Addr a = Checked(address, bytes);
  History* h = Find(a);
  const u8 mask = MaskOf(a, bytes), shift = 8 * (a & 7);
  const bool plain = order == Order::kPlain;
  const int top = h->Newest(mask);
  if (plain || addr_dep == 0) {
    CheckStoreRace(*h, mask, plain, HbOf(addr_dep));
  } else {
    CheckStoreRace(*h, mask, false, HbOf(JoinDeps(addr_dep, data_dep)));
  }
  const Seq seq = Tick();
  const MessageId m = MessageFor(order, -1);
  Own(seq, m);
  const u32 event = g.options.record ? Record(EventType::kStore, order, a, bytes, at, addr_dep, data_dep) : kNoEvent;
  if (event != kNoEvent) g.trace.events[event].written[0] = value;
  const int place = PlaceOf(*h, top, mask, order, addr_dep, data_dep);
  const StoreRecord s = MakeStore(value << shift, mask, seq, m, order, false, at.site, data_dep, event);
  RecordStorePlace(h, place, event);
  if (place == h->n_stores) {
    h->Append(s);
  } else {
    h->Insert(place, s);
  }
  Mix(a | static_cast<u64>(g.cur) << 32 | 1ull << 63, value + static_cast<u64>(h->n_stores - place));
  g.last_site = at.site;
}

u64 Rmw(u64 address, u8 bytes, RmwOp op, u64 operand, Order order, At at, Dep addr_dep, Dep data_dep, Dep* result) {
  Step();
  const Addr a = Checked(address, bytes);
  const u8 mask = MaskOf(a, bytes), shift = 8 * (a & 7);
  RmwPart p{Find(a), mask, 0};
  p.top = p.h->Newest(mask);
  const Seq seq = BeginRmw(&p, 1, order, JoinDeps(addr_dep, data_dep));
  const u64 old = p.h->ValueAt(p.top, mask) >> shift;
  u64 now = operand;
  switch (op) {
    case RmwOp::kXchg: break;
    case RmwOp::kAdd: now = old + operand; break;
    case RmwOp::kSub: now = old - operand; break;
    case RmwOp::kAnd: now = old & operand; break;
    case RmwOp::kOr: now = old | operand; break;
    case RmwOp::kXor: now = old ^ operand; break;
  }
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
bool CasFailed(const RmwPart* parts, const int* positions, int n, Addr a, u8 bytes, u64* old, At at, Dep addr_dep, Dep* result) {
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

bool CasSucceeds(const RmwPart* parts, int n, Addr a, u8 bytes, const u64* old, const u64* desired, Order order, At at, Dep addr_dep, Dep data_dep,
                 Dep* result) {
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
  for (int i = 0; i < n; ++i) AppendRmw(parts[i], desired[i] << shift, seq, order, at.site, data_dep, event, inherited[i]);
  if (order == Order::kFull) StrongFence();
  *result = all;
  Mix(a | static_cast<u64>(g.cur) << 32 | 1ull << 61, old[0] ^ desired[0] << 1);
  g.last_site = at.site;
  return true;
}

}  // namespace

bool Cas(u64 address, u8 bytes, u64& old, u64 desired, Order order, At at, Dep addr_dep, Dep data_dep, Dep* result) {
  Step();
  const Addr a = Checked(address, bytes);
  const u8 mask = MaskOf(a, bytes), shift = 8 * (a & 7);
  RmwPart p{Find(a), mask, 0};
  p.top = p.h->Newest(mask);
  const u64 newest = p.h->ValueAt(p.top, mask);
  const u64 wanted = old << shift;
  int position = p.top;
  // A failing cmpxchg may have read an old value.
  if (Unknown(p.h->stores[p.top], g.me->now.view, nullptr)) position = ChooseStore(p.h, p.top, mask, ViewOf(addr_dep), &wanted);
  if (position == p.top && newest == wanted) return CasSucceeds(&p, 1, a, bytes, &old, &desired, order, at, addr_dep, data_dep, result);
  old = p.h->ValueAt(position, mask) >> shift;
  return CasFailed(&p, &position, 1, a, bytes, &old, at, addr_dep, result);
}

bool Cas2(u64 address, u64 old[2], const u64 desired[2], Order order, At at, Dep addr_dep, Dep data_dep, Dep* result) {
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
