// Which mistakes can be planted on the allocator's side? Each is one operation done wrong, or one Site with a weaker order, switched on in
// g_sites at run time: never a fork of the code. Without them every allocator here must be silent.
//
// Plant before Format(): the image honours what is planted.
#pragma once
#include <string_view>

#include "allocator/accounting_sites.h"
#include "memory/geometry.h"
#include "memory/site.h"

namespace ordeal {

enum class BugSide : u8 { kAllocator, kAccounting, kUser };

struct PlantedBug {
  const char* name;                 // as in --bug=
  BugSide side;
  const char* allocator;            // the one on which it shows; null: on all
  const char* omitted;              // what is left out or done wrong
  const char* repair;               // what the code does without it
  const char* needs;                // the geometry that it needs, in words ...
  bool (*fits)(const Geometry& g);  // ... and exactly
  const char* parallel;             // where this has happened
  int change = -1;                  // a Change to switch on, or
  u16 site = kNoSite;               // a Site to weaken
  Order order = kAsWritten;         // to this
};

inline constexpr PlantedBug kAllocatorBugs[] = {
    {
        .name = "acct.stride_u16",
        .side = BugSide::kAccounting,
        .allocator = nullptr,
        .omitted = "the stride is stored as 16 bits: 65536 becomes 0, and all objects of a slab share one record",
        .repair = "widen the field: a stride of 32 bits",
        .needs = "exts in the object, objects of 65536 bytes or more (64K pages), two or more in a slab",
        .fits = [](const Geometry& g) { return g.exts == Exts::kInObject && g.object_bytes > 0xffff && g.objects_per_slab() >= 2; },
        .parallel = "Linux 6432f15c818c, mm/slab: change stride type from unsigned short to unsigned int",
        .change = accounting_change::stride_u16.id,
    },
    {
        .name = "slub.exts_reader_order",
        .side = BugSide::kAllocator,
        .allocator = "slub",
        .omitted = "free reads stride before obj_exts: it may take the stride from before the vector was made and obj_exts from after",
        .repair = "swap the two loads: obj_exts first, by an acquire, then stride",
        .needs = "exts made late, two CPUs, two or more objects in a slab",
        .fits = [](const Geometry& g) { return g.exts == Exts::kLate && g.cpus >= 2 && g.objects_per_slab() >= 2; },
        .parallel = "the diagram of linux-mm 2026-02-26, \"Memory ordering between kmalloc() and kfree()?\"; Linux e9217ca77dc3 sets stride early",
        .change = accounting_change::exts_reader_order.id,
    },
};

inline const PlantedBug* FindAllocatorBug(std::string_view name) {
  for (const PlantedBug& bug : kAllocatorBugs) {
    if (name == bug.name) return &bug;
  }
  return nullptr;
}

inline void Plant(const PlantedBug& bug) {
  if (bug.change >= 0) g_sites.Plant(Change{static_cast<u16>(bug.change)});
  if (bug.site != kNoSite) g_sites.Plant(bug.site, bug.order);
}

}  // namespace ordeal
