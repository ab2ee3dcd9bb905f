// Where do the users of the allocator state their orders? The user's side of the contract, one Site a barrier.
//
// A user bug is one of these weakened, whatever the program says; the program's text stays as it was.
#pragma once
#include <iterator>

#include "allocator/site_table.h"

namespace ordeal::user_site {

#define ORDEAL_USER_SITES(X)                                                                                                         \
  X(publish_once, kOnce, "consume_acquire", "the pointer is stored by WRITE_ONCE: nothing before it is ordered")                     \
  X(publish_wmb, kWmb, "consume_acquire", "smp_wmb before WRITE_ONCE: orders earlier stores only, and is not cumulative")            \
  X(publish_release, kRelease, "consume_acquire", "all that the publisher did to the object, before the pointer is seen")            \
  X(publish_mb, kMb, "consume_acquire", "smp_mb before WRITE_ONCE: as release, and more")                                            \
  X(publish_xchg, kFull, "consume_acquire", "a full xchg publishes")                                                                 \
  X(consume_once, kOnce, "publish_release", "READ_ONCE: only addresses computed from the pointer are ordered")                       \
  X(consume_rmb, kRmb, "publish_release", "smp_rmb after READ_ONCE: orders later loads")                                             \
  X(consume_acquire, kAcquire, "publish_release", "all that the consumer does, after the pointer was seen")                          \
  X(consume_xchg, kFull, "publish_release", "a full xchg takes the pointer away")                                                    \
  X(consume_xchg_acquire, kAcquire, "publish_release", "xchg_acquire takes the pointer away")                                        \
  X(consume_xchg_relaxed, kOnce, "publish_release", "xchg_relaxed takes the pointer away and orders as READ_ONCE does")              \
  X(count_init, kOnce, "-", "one reference, before anyone else can see the object")                                                  \
  X(get, kOnce, "-", "one more: who holds one keeps the object alive, so this orders nothing")                                       \
  X(put_full, kFull, "put_full", "atomic_dec_and_test: every holder's accesses before the free of the last")                         \
  X(put_release, kRelease, "put_last", "refcount_t: all that this holder did, before its reference is seen gone")                    \
  X(put_last, kMb, "put_release", "the last holder frees after what the others did; smp_rmb would not order its stores")             \
  X(put_check, kAcquire, "put_full", "the only holder left frees without a decrement: after what the others did")                    \
  X(next_init, kOnce, "-", "no next yet, before anyone else can see the object")                                                     \
  X(next_release, kRelease, "next_acquire", "the next object's contents and all that was done to this one, before the link is seen") \
  X(next_acquire, kAcquire, "next_release", "this object may be freed once it has a next: after all that its other holder did")      \
  X(cache_put, kFull, "cache_put", "who uses the cache no more: every call of the others before what the last one destroys")

ORDEAL_SITE_TABLE(kUserSites, "user", ORDEAL_USER_SITES)
static_assert(kUserSites + std::size(kTable) <= kAccountingSites);

// Operations of the user that can be planted wrong. Ids from 16: 0..15 are the allocators'.
inline constexpr Change kDoubleFree{16};
inline constexpr Change kForwardOnce{17};  // who passes a pointer on does it by WRITE_ONCE, whatever the program says

}  // namespace ordeal::user_site
