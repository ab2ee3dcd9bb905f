// Which orders does the accounting layer rely on? All of them, with what breaks without each.
#pragma once
#include "allocator/site_table.h"

#define ACCOUNTING_SITES(X)                                                                                                                                         \
  X(exts_check, kOnce, "-", "charge: is there a vector? Only this CPU (or the lock's holder) makes it, so this reads its own store")                               \
  X(ext_zero, kOnce, "exts_publish", "a new vector is not zero: a freer that sees obj_exts must see no charge in it")                                               \
  X(stride_write, kOnce, "exts_publish", "a freer that sees obj_exts must see the stride, or the record that it computes is another object's")                       \
  X(exts_publish, kRelease, "exts_read", "records and stride before obj_exts: an object that nobody charged may be freed elsewhere while its slab gets a vector")    \
  X(exts_read, kAcquire, "exts_publish", "uncharge: obj_exts before stride and record; a branch on obj_exts does not order loads")                                  \
  X(stride_read, kOnce, "stride_write", "reached by arithmetic on the object: enough for a freer that consumed by READ_ONCE")                                       \
  X(ext_write, kOnce, "ext_read", "charge: before the object is handed out; its way to the freer is the users' publish and consume")                                \
  X(ext_read, kOnce, "ext_write", "uncharge: at an address computed from the object, so that READ_ONCE and that dependency order it")                               \
  X(ext_clear, kOnce, "ext_write", "uncharge: before the next charge of this object, by the order in which the object comes back to its allocator")                  \
  X(counter_add, kOnce, "-", "the page counter: a sum that is looked at when all is quiet; it must be atomic and orders nothing")                                   \
  X(counter_sub, kOnce, "-", "the same")

namespace ordeal::accounting_site {
ORDEAL_SITE_TABLE(kAccountingSites, "accounting", ACCOUNTING_SITES)
}

// Ids 0..15 of Change are the allocators'.
namespace ordeal::accounting_change {
inline constexpr Change stride_u16{0};         // the stride is stored as 16 bits
inline constexpr Change exts_reader_order{1};  // uncharge reads stride before obj_exts
}  // namespace ordeal::accounting_change
