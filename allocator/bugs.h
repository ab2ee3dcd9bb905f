// Which mistakes can be planted on the allocator's side? Each is one operation done wrong, or one Site with a weaker order, switched on in
// g_sites at run time: never a fork of the code. Without them every allocator here must be silent.
//
// Plant before Format(): the image honours what is planted.
#pragma once
#include <string_view>

#include "allocator/accounting_sites.h"
#include "allocator/slub_sites.h"
#include "memory/geometry.h"
#include "memory/site.h"

namespace ordeal {

enum class BugSide : u8 { kAllocator, kAccounting, kUser };

struct PlantedBug {
  const char* name;  // as in --bug=
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

inline bool LateRecordsAndTwo(const Geometry& g) { return g.exts == Exts::kLate && g.cpus >= 2 && g.objects_per_slab() >= 2; }

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
        .fits = LateRecordsAndTwo,
        .parallel = "the diagram of linux-mm 2026-02-26, \"Memory ordering between kmalloc() and kfree()?\"; Linux e9217ca77dc3 sets stride early",
        .change = accounting_change::exts_reader_order.id,
    },
    {
        .name = "slub.exts_writer_wmb",
        .side = BugSide::kAllocator,
        .allocator = "slub",
        .omitted = "obj_exts is set by WRITE_ONCE: who sees it need not see the zeroed records and the stride",
        .repair = "set obj_exts by smp_store_release",
        .needs = "exts made late, two CPUs, an uncharged object of the slab freed elsewhere meanwhile",
        .fits = LateRecordsAndTwo,
        .parallel = "linux-mm 2026-02-23, the writer's half of the first patch: smp_wmb() between stride and obj_exts",
        .site = accounting_site::exts_publish.id,
        .order = Order::kOnce,
    },
    {
        .name = "slub.exts_reader_rmb",
        .side = BugSide::kAllocator,
        .allocator = "slub",
        .omitted = "free reads obj_exts by READ_ONCE: the branch on it does not order the loads of stride and record",
        .repair = "read obj_exts by smp_load_acquire, or smp_rmb after it",
        .needs = "exts made late, two CPUs, an uncharged object of the slab freed elsewhere meanwhile",
        .fits = LateRecordsAndTwo,
        .parallel = "Linux 7.0-rc1 slab_obj_ext(): READ_ONCE(obj_exts), a branch, a plain load of stride",
        .site = accounting_site::exts_read.id,
        .order = Order::kOnce,
    },
    {
        .name = "slub.remote_push_relaxed",
        .side = BugSide::kAllocator,
        .allocator = "slub",
        .omitted = "a remote free publishes the object on the slab's list by a relaxed cmpxchg",
        .repair = "cmpxchg_release (or fully ordered, as in Linux)",
        .needs = "two CPUs, double-word cmpxchg, an object freed elsewhere and allocated again",
        .fits = [](const Geometry& g) { return g.cpus >= 2 && g.dwcas; },
        .parallel = "mimalloc 5c7c106d, rpmalloc 19a9daa: pushes onto the list of freed objects were relaxed",
        .site = slub_site::remote_push.id,
        .order = Order::kOnce,
    },
    {
        .name = "slub.tid_missing",
        .side = BugSide::kAllocator,
        .allocator = "slub",
        .omitted =
            "the CPU's own list is compared by its head alone: an interrupt may have taken the head and given it back, with another rest (ABA)",
        .repair = "compare {freelist, tid}: every change of the list counts the tid up",
        .needs = "an interrupt that allocates twice and frees the first again, in the middle of an alloc; three or more objects in a slab",
        .fits = [](const Geometry& g) { return g.objects_per_slab() >= 3; },
        .parallel = "what the tid of Linux's this_cpu_cmpxchg_double() is for; ck_stack 7b5d000, a pop that did not bump the generation",
        .change = slub_change::tid_missing.id,
    },
    {
        .name = "slub.stride_subword",
        .side = BugSide::kAllocator,
        .allocator = "slub",
        .omitted = "the stride, the upper half of the slab's packed counters, is stored with the vector and without the lock of that word",
        .repair = "set the stride before the slab is shared",
        .needs = "exts made late, stride=subword, dwcas=no, two CPUs: a free stores the whole word under the lock",
        .fits = [](const Geometry& g) { return LateRecordsAndTwo(g) && g.stride == StrideAt::kSubWord && !g.dwcas; },
        .parallel = "Linux 7.0-rc1: stride is a part of counters, __update_freelist_slow() compares and stores all of it",
        .change = accounting_change::stride_subword.id,
    },
    {
        .name = "slub.destroy_inflight",
        .side = BugSide::kAllocator,
        .allocator = "slub",
        .omitted = "destroy does not wait for the frees that were put aside: their slabs never become empty, and nobody finds the objects again",
        .repair = "flush what every CPU has put aside before the slabs are looked at",
        .needs = "an object that is freed later, and not flushed before the cache is destroyed",
        .fits = [](const Geometry&) { return true; },
        .parallel = "Linux 6.18 defer_free_barrier(); b55b423e8518, add rcu_barrier() to kvfree_rcu_barrier_on_cache()",
        .change = slub_change::destroy_inflight.id,
    },
    {
        .name = "acct.uncharge_twice",
        .side = BugSide::kAccounting,
        .allocator = nullptr,
        .omitted = "one free uncharges its object twice: the counter is taken down twice, and with cgroups the reference is put twice",
        .repair = "uncharge once for each charge",
        .needs = "exts of any kind",
        .fits = [](const Geometry& g) { return g.exts != Exts::kNone; },
        .parallel = "seastar 840a37d6, a free on another CPU counted on the freer and on the owner; the over-uncharge of Linux 6432f15c818c",
        .change = accounting_change::uncharge_twice.id,
    },
    {
        .name = "acct.stock_remote",
        .side = BugSide::kAccounting,
        .allocator = nullptr,
        .omitted = "drain flushes the stocks of all CPUs in place, while their CPUs use them without a lock",
        .repair = "each CPU drains its own stock: schedule work there",
        .needs = "cgroups, exts of any kind, two CPUs",
        .fits = [](const Geometry& g) { return g.cgroups >= 1 && g.exts != Exts::kNone && g.cpus >= 2; },
        .parallel = "what Linux's drain_all_stock() schedules work for; gperftools 6e3a702, size_left_ updated by another thread",
        .change = accounting_change::stock_remote.id,
    },
    {
        .name = "acct.objcg_put_early",
        .side = BugSide::kAccounting,
        .allocator = nullptr,
        .omitted = "uncharge puts the object's reference first and uses the obj_cgroup afterwards: after Offline it may be gone by then",
        .repair = "put the reference after the last use",
        .needs = "cgroups, exts of any kind, a cgroup that goes offline",
        .fits = [](const Geometry& g) { return g.cgroups >= 1 && g.exts != Exts::kNone; },
        .parallel = "the class of bug that Linux's obj_cgroup_tryget() and obj_cgroup_put() are there for",
        .change = accounting_change::objcg_put_early.id,
    },
    {
        .name = "acct.cas_bail_credit",
        .side = BugSide::kAccounting,
        .allocator = nullptr,
        .omitted =
            "a cmpxchg of the page counter that fails is not tried again, and what it would have charged is credited to the stock all the same",
        .repair = "loop until the cmpxchg succeeds",
        .needs = "cgroups, exts of any kind, two CPUs that charge one cgroup",
        .fits = [](const Geometry& g) { return g.cgroups >= 1 && g.exts != Exts::kNone && g.cpus >= 2; },
        .parallel = "tcmalloc 1cfc7149, capacity acquired though the CAS loop bailed out",
        .change = accounting_change::cas_bail_credit.id,
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
