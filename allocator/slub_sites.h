// Which orders does slub rely on? All of them, with what breaks without each.
#pragma once
#include "allocator/site_table.h"

#define SLUB_SITES(X)                                                                                                                          \
  X(cpu_freelist_read, kOnce, "-", "the head of this CPU's own list: it reads its own store; the tid guards it")                               \
  X(cpu_freelist_cas, kOnce, "-", "{freelist, tid} of this CPU only: whole against its own interrupts, orders nothing")                        \
  X(next_read, kOnce, "next_write", "the link inside the object: written by this CPU, or ordered by remote_take")                              \
  X(next_write, kOnce, "next_read", "the link: before remote_push or cpu_freelist_cas puts the object on a list")                              \
  X(head_read, kOnce, "-", "a guess at the packed word: may be old, the cmpxchg checks it")                                                    \
  X(remote_push, kRelease, "remote_take", "the link, the cleared record and the freer's last use of the object before the object is seen")     \
  X(remote_take, kAcquire, "remote_push",                                                                                                      \
    "after all that the freers did. C11 needs it; in LKMM terms the address dependencies on the head are enough")                              \
  X(leave, kRelease, "partial_take", "a full slab leaves its CPU: the records that were made there, before anyone else can have the slab")     \
  X(partial_take, kAcquire, "leave", "a slab comes from a list: after all that its last CPU and the freers did. The list_lock orders it, too") \
  X(cpu_freelist_write, kOnce, "-", "dwcas=no: this CPU's own list, with its interrupts off")                                                  \
  X(locked_read, kOnce, "-", "dwcas=no: the packed word under the slab's lock; marked, since head_read looks without it")                      \
  X(locked_head_write, kOnce, "-", "dwcas=no: likewise; the lock orders it against the next holder's locked_read")                             \
  X(locked_counters_write, kOnce, "-", "dwcas=no: likewise, the whole word: a sub-word of it that was stored without the lock is lost")        \
  X(defer_read, kOnce, "-", "a guess at the head of what this CPU has put aside; the cmpxchg checks it")                                       \
  X(defer_push, kRelease, "defer_take", "the link, the cleared record and the freer's last use of the object before another CPU can flush it") \
  X(defer_take, kAcquire, "defer_push",                                                                                                        \
    "after all that the freers did; in LKMM terms the address dependencies on the head are enough, as of remote_take")

namespace ordeal::slub_site {
ORDEAL_SITE_TABLE(kSlubSites, "slub", SLUB_SITES)
}

// Of ids 0..15, the allocators', accounting has those below 8.
namespace ordeal::slub_change {
inline constexpr Change tid_missing{8};       // this CPU's list is compared by its head alone
inline constexpr Change destroy_inflight{9};  // destroy does not wait for what was put aside
}  // namespace ordeal::slub_change
