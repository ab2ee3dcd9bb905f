// Which orders does the accounting layer rely on? All of them, with what breaks without each.
#pragma once
#include "allocator/site_table.h"

#define ACCOUNTING_SITES(X)                                                                                                                             \
  X(exts_check, kOnce, "-", "charge: is there a vector? Only this CPU (or the lock's holder) makes it: its own store")                                  \
  X(ext_zero, kOnce, "exts_publish", "a new vector is not zero: a freer that sees obj_exts must see no charge in it")                                   \
  X(stride_write, kOnce, "exts_publish", "a freer that sees obj_exts must see the stride, or it computes another object's record")                      \
  X(exts_publish, kRelease, "exts_read", "records and stride before obj_exts: uncharged objects may be freed elsewhere while the slab gets its vector") \
  X(exts_read, kAcquire, "exts_publish", "uncharge: obj_exts before stride and record; a branch on obj_exts does not order loads")                      \
  X(stride_read, kOnce, "stride_write", "reached by arithmetic on the object: enough for a freer that consumed by READ_ONCE")                           \
  X(ext_write, kOnce, "ext_read", "charge: reaches the freer by the users' publish and consume")                                                        \
  X(ext_read, kOnce, "ext_write", "uncharge: at an address computed from the object, which orders it for READ_ONCE consumers")                          \
  X(ext_clear, kOnce, "ext_write", "uncharge: before the next charge, by the order in which the object comes back to its allocator")                    \
  X(counter_add, kOnce, "-", "the page counter: a sum, looked at when all is quiet; atomic, orders nothing")                                            \
  X(counter_sub, kOnce, "-", "the same")   \
  X(exts_forget, kOnce, "-", "a slab becomes pages: nobody has an object of it, and the lock of the pages orders it before the next one's exts_check")

namespace ordeal::accounting_site {
ORDEAL_SITE_TABLE(kAccountingSites, "accounting", ACCOUNTING_SITES)
}

// Ids 0..15 of Change are the allocators'.
namespace ordeal::accounting_change {
inline constexpr Change stride_u16{0};         // the stride is stored as 16 bits
inline constexpr Change exts_reader_order{1};  // uncharge reads stride before obj_exts
inline constexpr Change stride_subword{6};     // a stride in the packed counters is set with the vector, without the lock of that word
}  // namespace ordeal::accounting_change
