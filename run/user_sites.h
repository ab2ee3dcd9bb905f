// Where do the users of the allocator state their orders? The user's side of the contract, one Site a barrier.
//
// A user bug is one of these weakened, whatever the program says; the program's text stays as it was.
#pragma once
#include <iterator>

#include "allocator/site_table.h"

namespace ordeal::user_site {

#define ORDEAL_USER_SITES(X)                                                                                                        \
  X(publish_once, kOnce, "consume_acquire", "the pointer is stored by WRITE_ONCE: nothing before it is ordered")                    \
  X(publish_wmb, kWmb, "consume_acquire", "smp_wmb before WRITE_ONCE: orders earlier stores only, and is not cumulative")           \
  X(publish_release, kRelease, "consume_acquire", "all that the publisher did to the object, before the pointer is seen")           \
  X(publish_mb, kMb, "consume_acquire", "smp_mb before WRITE_ONCE: as release, and more")                                           \
  X(publish_xchg, kFull, "consume_acquire", "a full xchg publishes")                                                                \
  X(consume_once, kOnce, "publish_release", "READ_ONCE: only addresses computed from the pointer are ordered")                      \
  X(consume_rmb, kRmb, "publish_release", "smp_rmb after READ_ONCE: orders later loads")                                            \
  X(consume_acquire, kAcquire, "publish_release", "all that the consumer does, after the pointer was seen")                         \
  X(consume_xchg, kFull, "publish_release", "a full xchg takes the pointer away")                                                   \
  X(consume_xchg_acquire, kAcquire, "publish_release", "xchg_acquire takes the pointer away")                                       \
  X(consume_xchg_relaxed, kOnce, "publish_release", "xchg_relaxed takes the pointer away and orders as READ_ONCE does")

ORDEAL_SITE_TABLE(kUserSites, "user", ORDEAL_USER_SITES)
static_assert(kUserSites + std::size(kTable) <= kAccountingSites);

// Operations of the user that can be planted wrong. Ids from 16: 0..15 are the allocators'.
inline constexpr Change kDoubleFree{16};

}  // namespace ordeal::user_site
