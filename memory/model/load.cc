// What may a load read, and what does it learn?
#include <cstring>

#include "base/check.h"
#include "memory/model/promise.h"

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

// The newest store is another CPU's and not known here: there may be older ones to read. `unlike`: a value that must not be read (a
// cmpxchg may only fail on a stale value).
int ChooseStore(History* h, int top, u8 mask, const Clock* dep, const u64* unlike) {
  int n = 0;
  if (IsWeak(g.options.rung) && g.me->spins < 4) {
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

void Feature(const StoreRecord& s, u16 site, bool stale) {
  if (g.options.features == nullptr) return;
  const u32 f = (s.site * 67u + site * 5u + (stale ? 1 : 0)) % (kFeatures - kFeatures / 4);
  ++g.options.features[kFeatures / 4 + f];
}

namespace {

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

}  // namespace

// What a read learns from the stores it reads, and the dependency that it heads.
Dep Learn(const History& h, int position, u8 mask, Order order, u32 event, Dep addr_dep) {
  MessageId first = -1;
  Dep d = 0;
  bool several = false;
  const StoreRecord& s = h.stores[position];
  const bool own = s.cpu == g.cur;
  if (order == Order::kAcquire || order == Order::kFull) {
    // addr ; [R] and dep ; [Marked] ; rfi are before the load, and acq-po after it.
    if (addr_dep != 0) g.me->now.Join(g.deps[addr_dep].know);
    if (own && s.data_dep != 0 && !s.plain) g.me->now.Join(g.deps[s.data_dep].know);
  }
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
  if (own && s.data_dep != 0) d = JoinDeps(d, s.data_dep);
  return d;
}

u64 Load(u64 address, u8 bytes, Order order, At at, Dep addr_dep, Dep* result) {
  if (g.exact != nullptr) [[unlikely]]
    return ExactLoad(address, bytes, order, at, addr_dep, result);
  Step();
  const Addr a = Checked(address, bytes);
  if (g.schedule.may_promise() && g.n_promises < kMaxPromises) [[unlikely]] {
    if (const std::optional<Decision> d = g.schedule.Promised({g.me->op, g.me->k})) return PromisedLoad(a, bytes, order, at, addr_dep, *d, result);
  }
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
  const StoreRecord& source = h->stores[position];
  if (source.message < 0 && source.data_dep == 0 && (source.mask & mask) == mask && !g.options.record &&
      (addr_dep == 0 || order != Order::kAcquire)) {
    *result = order == Order::kPlain ? 0 : addr_dep;  // the common case of Learn
  } else {
    *result = Learn(*h, position, mask, order, event, addr_dep);
  }
  Mix(a | static_cast<u64>(g.cur) << 32, value);
  g.last_site = at.site;
  return value;
}

u64 PeekNewest(Addr a, u8 bytes) {
  if (g.exact != nullptr) return ExactNewest(a, bytes);
  const u8 mask = MaskOf(a, bytes);
  const Slot s = g.slots != nullptr ? g.slots[a >> 3] : Slot{};
  u64 word;
  std::memcpy(&word, ArenaAt(a & ~7u), 8);
  if (s.generation == g.generation && g.generation != 0) {
    const History& h = g.histories[s.index];
    word = h.ValueAt(h.n_stores - 1, mask);
  }
  return (word & BitsOf(mask)) >> (8 * (a & 7));
}

}  // namespace ordeal::model
