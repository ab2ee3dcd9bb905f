// What loads, stores and read-modify-writes of the engine have in common. Internal to memory/model/.
#pragma once
#include "memory/model/exact_entry.h"
#include "memory/model/state.h"

namespace ordeal::model {

// An access is aligned to its size and inside the arena, or the execution ends here.
inline Addr Checked(u64 addr, u8 bytes) {
  const u64 offset = addr - kArenaBase;
  if (offset >= kArenaSize || (offset & (bytes - 1u)) != 0) [[unlikely]]
    Wild(addr);
  return static_cast<Addr>(offset);
}

// Is this a store that neither clock knows? Never one of the CPU's own: `known` is its now.
inline bool Unknown(const StoreRecord& s, const Clock& known, const Clock* more) {
  return s.seq > known.stores.at[s.cpu] && (more == nullptr || s.seq > more->stores.at[s.cpu]);
}

inline const Clock* ViewOf(Dep d) { return d != 0 ? &g.deps[d].know.view : nullptr; }
inline const Clock* HbOf(Dep d) { return d != 0 ? &g.deps[d].know.hb : nullptr; }

inline void NoteLoad(History* h, u8 mask, bool plain, Seq seq) {
  h->last_read.at[g.cur] = seq;
  h->read_mask[g.cur] |= mask;
  if (plain) {
    h->any_plain = true;
    h->last_plain_read.at[g.cur] = seq;
    h->plain_read_mask[g.cur] |= mask;
  }
}

// ---- races.cc: accesses that the race clocks cannot order are counted as suspicions; the judge decides.
void CheckLoadRace(const History& h, u8 mask, Order order, const Clock* dep);
// For a marked store only where something plain was done. `deps`: what the store's address (and, if it is marked, its value) depends on.
void CheckStoreRace(const History& h, u8 mask, bool plain, const Clock* deps);

// ---- load.cc
// The store to read, where the newest one at `top` is not known here. `unlike`: a value that must not be read (a cmpxchg may only fail on
// a stale value).
int ChooseStore(History* h, int top, u8 mask, const Clock* dep, const u64* unlike);
// What a read learns from the stores it reads, and the dependency that it heads.
Dep Learn(const History& h, int position, u8 mask, Order order, u32 event, Dep addr_dep);
// A feature for the fuzzer: who read from whom.
void Feature(const StoreRecord& s, u16 site, bool stale);

// ---- rmw.cc: a spin_trylock that found the lock held.
Dep FailedTryLock(Addr a, At at, Dep addr_dep);

// ---- store.cc
// What a store passes to whoever reads it.
MessageId MessageFor(Order order, MessageId inherited);
// Notes an own store: smp_wmb passes it on.
void Own(Seq seq, MessageId m);
StoreRecord MakeStore(u64 value, u8 mask, Seq seq, MessageId m, Order order, bool rmw, u16 site, Dep data_dep, u32 event);

}  // namespace ordeal::model
