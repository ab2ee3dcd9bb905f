// Which accesses do the race clocks fail to order?
#include "memory/model/access.h"

namespace ordeal::model {

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
  for (int i = h.n_stores - 1; i > 0; --i) {
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

}  // namespace ordeal::model
