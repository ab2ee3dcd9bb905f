// Where may a store go, and what does it pass on?
#include "memory/model/promise.h"

namespace ordeal::model {

// What a store passes to whoever reads it.
MessageId MessageFor(Order order, MessageId inherited) {
  MessageId m = -1;
  if (order == Order::kRelease || order == Order::kFull) {
    m = NewMessage(Before());
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

namespace {

// Where a store may go other than to the end: right before a store that this CPU does not know of, unless something orders it.
int PlaceOf(const History& h, int top, u8 mask, Order order, Dep addr_dep, Dep data_dep) {
  if (!IsWeak(g.options.rung) || h.n_stores == kStores) return h.n_stores;
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

}  // namespace

void Store(u64 address, u8 bytes, u64 value, Order order, At at, Dep addr_dep, Dep data_dep) {
  if (g.exact != nullptr) [[unlikely]]
    return ExactStore(address, bytes, value, order, at, addr_dep, data_dep);
  Step();
  const Addr a = Checked(address, bytes);
  History* h = Find(a);
  const u8 mask = MaskOf(a, bytes), shift = 8 * (a & 7);
  const bool plain = order == Order::kPlain;
  const int top = h->Newest(mask);
  if (plain) {
    CheckStoreRace(*h, mask, true, HbOf(addr_dep));
  } else if (h->any_plain) {
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
  if (g.n_promises != 0) [[unlikely]]
    KeepPromises(h, place);
  Mix(a | static_cast<u64>(g.cur) << 32 | 1ull << 63, value + static_cast<u64>(h->n_stores - place));
  g.last_site = at.site;
}

}  // namespace ordeal::model
