// Mistakes of allocators and of their accounting: described in allocator/bugs.h.
#include "allocator/bugs.h"
#include "base/check.h"
#include "finding/catalogue/catalogue.h"
#include "finding/catalogue/focus.h"

namespace ordeal::catalogue {
namespace {

Bug Of(const char* name, const char* hardware, const char* headline, void (*focus)(Program&) = nullptr) {
  const PlantedBug* b = FindAllocatorBug(name);
  ORDEAL_CHECK(b != nullptr, name);
  return {.name = b->name,
          .side = "allocator",
          .omission = b->omitted,
          .needs = b->needs,
          .hardware = hardware,
          .parallel = b->parallel,
          .headline = headline,
          .owner = "allocator",
          .focus = focus};
}

}  // namespace

std::vector<Bug> OfAllocators() {
  Bug stride = Of("acct.stride_u16", "any, a single CPU", "not-ordering/sequential");  // found among all geometries
  stride.twin_focus = focus::HugeObjects;
  return {
      stride,
      Of("slub.exts_reader_order", "any with two CPUs", "not-ordering/interleaving", focus::LateRecords),
      Of("slub.exts_writer_wmb", "ARM and POWER (a store may pass an earlier one)", "ordering/ARMv8+POWER", focus::LateRecords),
      Of("slub.exts_reader_rmb", "ARM and POWER (a load may pass an earlier one; a branch between them orders nothing)", "ordering/ARMv8+POWER",
         focus::LateRecords),
      Of("slub.remote_push_relaxed", "ARM and POWER (a store may pass an earlier one)", "ordering/ARMv8+POWER"),
      Of("acct.uncharge_twice", "any, a single CPU", "not-ordering/sequential", focus::AnyRecords),
      Of("acct.stock_remote", "any with two CPUs", "not-ordering/interleaving", focus::Drained),
      Of("acct.objcg_put_early", "any, a single CPU", "not-ordering/sequential", focus::GoneOffline),
      Of("acct.cas_bail_credit", "any with two CPUs", "not-ordering/interleaving", focus::OneCgroup),
      Of("slub.tid_missing", "any, a single CPU with interrupts", "not-ordering/sequential", focus::Interrupted),
      Of("slub.destroy_inflight", "any, a single CPU", "not-ordering/sequential", focus::Destroyed),
      Of("slub.stride_subword", "any with two CPUs and no double-word cmpxchg", "not-ordering/interleaving", focus::SubWordStride),
  };
}

}  // namespace ordeal::catalogue
