// Which orders does the accounting layer rely on? All of them, with what breaks without each.
#pragma once
#include <iterator>

#include "allocator/site_table.h"

#define ACCOUNTING_SITES(X)                                                                                                                         \
  X(exts_check, kOnce, "-", "charge: is there a vector? Only this CPU (or the lock's holder) makes it: its own store")                              \
  X(ext_zero, kOnce, "exts_publish", "a new vector is not zero: a freer that sees obj_exts must see no charge in it")                               \
  X(stride_write, kOnce, "exts_publish", "a freer that sees obj_exts must see the stride, or it computes another object's record")                  \
  X(exts_publish, kRelease, "exts_read",                                                                                                            \
    "records and stride before obj_exts: uncharged objects may be freed elsewhere while the slab gets its vector")                                  \
  X(exts_read, kAcquire, "exts_publish", "uncharge: obj_exts before stride and record; a branch on obj_exts does not order loads")                  \
  X(stride_read, kOnce, "stride_write", "reached by arithmetic on the object: enough for a freer that consumed by READ_ONCE")                       \
  X(ext_write, kOnce, "ext_read", "charge: reaches the freer by the users' publish and consume")                                                    \
  X(ext_read, kOnce, "ext_write", "uncharge: at an address computed from the object, which orders it for READ_ONCE consumers")                      \
  X(ext_clear, kOnce, "ext_write", "uncharge: before the next charge, by the order in which the object comes back to its allocator")                \
  X(counter_add, kOnce, "-", "the page counter: a sum, looked at when all is quiet; atomic, orders nothing")                                        \
  X(counter_sub, kOnce, "-", "the same")                                                                                                            \
  X(objcg_write, kOnce, "objcg_read", "charge: who pays. Reaches the freer as ext_write does: no order between the two")                            \
  X(objcg_read, kOnce, "objcg_write", "uncharge: at an address computed from the object, as ext_read, and only if that is not 0")                   \
  X(tryget_read, kOnce, "-", "a guess at the reference count, the cmpxchg checks it")                                                               \
  X(tryget_cas, kOnce, "objcg_put", "one more reference unless none is left; what follows are atomics, which need no order")                        \
  X(stock_get, kOnce, "objcg_put", "the stock's reference, taken by one who holds one")                                                             \
  X(objcg_put, kRelease, "objcg_last",                                                                                                              \
    "all that this holder (and whoever it had the object from) did to residue and pages, before its reference is gone")                             \
  X(objcg_last, kMb, "objcg_put", "after all other puts: or the last holder misses a residue, and a cgroup that is gone keeps its pages")           \
  X(offline_once, kOnce, "-", "a cgroup goes offline once, whoever says so first")                                                                  \
  X(pages_read, kOnce, "-", "a guess at the page counter, the cmpxchg checks it")                                                                   \
  X(page_cas, kOnce, "-", "pages are charged: atomic against every other CPU, orders nothing")                                                      \
  X(pages_sub, kOnce, "-", "pages are given back: the same")                                                                                        \
  X(residue_add, kOnce, "objcg_last", "what a stock held and a page is charged for: atomic; the put that follows brings it to the last holder")     \
  X(residue_take, kOnce, "-", "the stock that caches this obj_cgroup takes all of them: atomic")                                                    \
  X(residue_rest, kOnce, "residue_add", "what is left when nobody holds a reference, whole pages: the last put's smp_mb orders it after every add") \
  X(residue_clear, kOnce, "residue_rest", "they were given back: nobody else is there to look")                                                     \
  X(batch_write, kOnce, "-", "what this CPU has not added to the statistic yet: its own, but anyone may look")                                      \
  X(statistic_add, kOnce, "-", "the batch is added: atomic, orders nothing")                                                                        \
  X(stats_read, kOnce, "-", "a look at all of them while they change: no snapshot, so nothing is concluded from it")                                \
  X(exts_forget, kOnce, "-", "a slab becomes pages: nobody has an object of it, and the lock of the pages orders it before the next one's exts_check")

namespace ordeal::accounting_site {
ORDEAL_SITE_TABLE(kAccountingSites, "accounting", ACCOUNTING_SITES)
static_assert(kAccountingSites + std::size(kTable) <= kSlubSites);
}  // namespace ordeal::accounting_site

// Ids 0..15 of Change are the allocators', those below 8 accounting's.
namespace ordeal::accounting_change {
inline constexpr Change stride_u16{0};         // the stride is stored as 16 bits
inline constexpr Change exts_reader_order{1};  // uncharge reads stride before obj_exts
inline constexpr Change uncharge_twice{2};     // one free gives back twice
inline constexpr Change stock_remote{3};       // drain flushes the stocks of all CPUs in place
inline constexpr Change objcg_put_early{4};    // uncharge puts the object's reference before its last use of the obj_cgroup
inline constexpr Change cas_bail_credit{5};    // a failed cmpxchg of the page counter is not tried again, what it would have charged is credited
inline constexpr Change stride_subword{6};     // a stride in the packed counters is set with the vector, without the lock of that word
}  // namespace ordeal::accounting_change
