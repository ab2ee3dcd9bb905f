// Which machine and which cache does a program run on? Part of every program, drawn per input: the bug that started this
// project was a matter of page size and field width, not of ordering.
#pragma once
#include <compare>

#include "memory/order.h"

namespace ordeal {

enum class Exts : u8 {
  kNone,      // nothing is charged
  kLate,      // a separate vector, made by the first charge of the slab; stride = size of a record
  kInObject,  // the record is the tail of each object (SLAB_OBJ_EXT_IN_OBJ); stride = object size
  kEarly,     // a separate vector that is there before anyone sees the slab
};

// Where is the stride kept?
enum class StrideAt : u8 {
  kField,    // in a field of its own
  kSubWord,  // in the upper half of the slab's packed counters, as in Linux 7.0-rc1
};

struct Geometry {
  u32 page_bytes = 4096;   // 4096, 16384, 65536
  u8 page_order = 0;       // 0..2: a slab is page_bytes << page_order
  u32 object_bytes = 256;  // multiple of 8, 32..slab; the record of kInObject included
  Exts exts = Exts::kLate;
  u8 cpus = 2;           // 1..kMaxCpus
  u8 slabs_per_cpu = 1;  // 1..2
  u8 nodes = 0;          // 0: each CPU keeps its slabs for good; 1..2: a partial list each, slabs wander between the CPUs of a node
  u8 cgroups = 0;        // 0: one page counter; 1..2: obj_cgroups with reference counts, charged through a stock on each CPU
  bool dwcas = true;     // {freelist, counters} by double-word cmpxchg; false: under the slab's bit lock
  StrideAt stride = StrideAt::kField;

  u32 slab_bytes() const { return page_bytes << page_order; }
  // At most kMaxObjects of a slab are used, so that a fresh image costs the same at 4K and at 256K.
  u32 objects_per_slab() const {
    const u32 fit = slab_bytes() / object_bytes;
    return fit < kMaxObjects ? fit : kMaxObjects;
  }
  auto operator<=>(const Geometry&) const = default;

  static constexpr u32 kMaxObjects = 16;
};

inline constexpr int kMaxCpus = 8;

}  // namespace ordeal
