// Load buffering in search mode: a load returns what a later store of another CPU is decided to bring, and that store keeps the promise.
//
// The load learns nothing from the store, which is not there yet: more executions than the model allows. As for all of search mode, the judge
// decides about those that fail. An execution with a promise that nobody kept is none (Ending::kUnkept).
#include "memory/model/promise.h"

#include <algorithm>

namespace ordeal::model {

u64 PromisedLoad(Addr a, u8 bytes, Order order, At at, Dep addr_dep, const Decision& decision, Dep* result) {
  History* h = Find(a);
  const u8 mask = MaskOf(a, bytes), shift = 8 * (a & 7);
  const Seq seq = Tick();
  NoteLoad(h, mask, order == Order::kPlain, seq);
  CheckLoadRace(*h, mask, order, HbOf(addr_dep));
  const u64 value = decision.value & (BitsOf(mask) >> shift);
  u32 event = kNoEvent;
  if (g.options.record) {
    event = Record(EventType::kLoad, order, a, bytes, at, addr_dep, 0);
    g.trace.events[event].read[0] = value;
    g.trace.events[event].newest[0] = h->stores[h->Newest(mask)].event;
  }
  g.promises[g.n_promises++] = {decision.store, h->granule, mask, static_cast<u8>(g.cur), value << shift, seq, event};
  ++g.result.promised;
  *result = order == Order::kPlain ? 0 : NewLeaf(-1, event, addr_dep);
  Mix(a | static_cast<u64>(g.cur) << 32 | 5ull << 60, value);
  g.last_site = at.site;
  return value;
}

void KeepPromises(History* h, int position) {
  const StoreRecord& s = h->stores[position];
  const auto kept = [&](const Promise& p) {
    if (p.store != s.key || p.granule != h->granule) return false;
    if ((s.mask & p.mask) != p.mask || (s.value & BitsOf(p.mask)) != p.value) return false;
    if (g.me->now.hb.loads.at[p.cpu] >= p.seq) return false;  // the load happens before this store, or is its own CPU's: no rung lets it read it
    h->NoteRead(p.cpu, p.mask, position, p.seq);
    if (p.event != kNoEvent) g.trace.events[p.event].rf[0] = s.event;
    return true;
  };
  Promise* const end = g.promises + g.n_promises;
  g.n_promises = static_cast<u32>(std::remove_if(g.promises, end, kept) - g.promises);
  // Where something is promised the schedule is looked at before each access (Schedule::Gap): there a stop that was put off comes.
}

void StopWhenKept() {
  if (g.exact != nullptr) return ExactStopWhenKept();
  if (g.n_promises == 0) Abandon(Ending::kStopped);
  g.stopping = true;
}

OpenPromises PromisesOpen() {
  if (g.exact != nullptr) return ExactPromisesOpen();
  OpenPromises open;
  for (u32 k = 0; k < g.n_promises; ++k) {
    const bool last = g.promises[k].cpu == g.cur && g.promises[k].seq == g.me->seq;
    (last ? open.last : open.others) = true;
  }
  return open;
}

// What an execution that ended came to, given what was promised in it.
Ending EndingWithPromises(Ending ending) {
  if (g.n_promises != 0) return Ending::kUnkept;
  return g.stopping ? Ending::kStopped : ending;
}

}  // namespace ordeal::model
