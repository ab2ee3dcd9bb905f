// What must stay silent, and what must keep its verdict.
#include "allocator/accounting_sites.h"
#include "allocator/slub_sites.h"
#include "finding/catalogue/catalogue.h"
#include "finding/catalogue/focus.h"
#include "memory/site.h"
#include "run/user_sites.h"

namespace ordeal::catalogue {
namespace {

namespace at = accounting_site;

// The barriers of the mail's first patch, and the bug that they seemed to cure.
void StrideU16Barriers() {
  g_sites.Plant(accounting_change::stride_u16);
  g_sites.PlantBarrier(at::exts_publish.id, Order::kWmb, false);
  g_sites.PlantBarrier(at::exts_read.id, Order::kRmb, true);
}

// What an allocation did is pushed out by the allocator, where the user's publish owes it.
void MbHidesPublish() {
  g_sites.Plant(user_site::publish_release.id, Order::kOnce);
  g_sites.Plant(user_site::publish_mb.id, Order::kNone);
  g_sites.Plant(user_site::publish_xchg.id, Order::kOnce);
  g_sites.PlantBarrier(at::ext_write.id, Order::kMb, true);
}

// The mail's first patch, as the kernel spells it: smp_wmb before WRITE_ONCE(obj_exts), READ_ONCE and smp_rmb where it is read.
void Fix5() {
  g_sites.Plant(at::exts_publish.id, Order::kOnce);
  g_sites.PlantBarrier(at::exts_publish.id, Order::kWmb, false);
  g_sites.Plant(at::exts_read.id, Order::kOnce);
  g_sites.PlantBarrier(at::exts_read.id, Order::kRmb, true);
}

// Its second: the stride is there before the slab is shared, so that nothing but the record is read behind obj_exts, at an address computed from it.
void Fix7() { g_sites.Plant(at::exts_read.id, Order::kOnce); }

void RemoteTakeRelaxed() { g_sites.Plant(slub_site::remote_take.id, Order::kOnce); }

Bug Control(const char* name, const char* what, void (*focus)(Program&), void (*plant)() = nullptr) {
  return {.name = name, .side = "control", .omission = what, .plant = plant, .focus = focus};
}

}  // namespace

std::vector<Bug> BandAids() {
  return {
      {.name = "bandaid.stride_u16_barriers",
       .side = "allocator",
       .omission = "as acct.stride_u16, with smp_wmb before obj_exts is set and smp_rmb after it is read",
       .needs = "as acct.stride_u16",
       .hardware = "any, a single CPU",
       .parallel = "the mail's fix [5], which kept the 16 bits and seemed to cure",
       .headline = "not-ordering/sequential",
       .owner = "allocator",
       .plant = StrideU16Barriers,
       .focus = focus::HugeObjects},
      {.name = "bandaid.mb_hides_publish",
       .side = "user",
       .omission = "as user.publish_relaxed, with smp_mb in the allocator after a record is written: no charge is lost any more",
       .needs = "an object handed to another CPU, whose contents nobody touches",
       .hardware = "none: nothing goes wrong any more",
       .parallel = "the mail's suspicion of its fix [5]: a barrier in the allocator that a user owes",
       .headline = "contract/latent",
       .owner = "user",
       .plant = MbHidesPublish,
       .focus = focus::OnlyCharges},
  };
}

std::vector<Bug> Controls() {
  return {
      Control("control.addr_dep_consume", "nothing: every consume is READ_ONCE, ordered by address dependencies alone", focus::ConsumeOnce),
      Control("control.fence_pair", "nothing: smp_mb; WRITE_ONCE against READ_ONCE; smp_rmb", focus::PublishMbConsumeRmb),
      Control("control.forward_release", "nothing: who passes an object on reads it by READ_ONCE and publishes it by smp_store_release",
              focus::ForwardRelease),
      Control("control.fix_5", "the mail's first patch: smp_wmb before obj_exts is set, smp_rmb after it is read", focus::LateRecords, Fix5),
      Control("control.fix_7", "the mail's second patch: the stride is set early, and obj_exts is read by READ_ONCE", focus::EarlyStride, Fix7),
      Control("control.lock_handover", "nothing: every hand-over is under the slot's lock, on both sides", focus::Locked),
      Control("control.put_full", "nothing: references are put by fully ordered decrements", focus::PutFull),
      Control("control.stats_snapshot", "nothing: the statistic is read while others change it, and nothing is concluded from it", focus::Watched),
      Control("control.remote_take_relaxed",
              "slub.remote_take is relaxed: the address dependency on the head that it takes orders all the same (C11 disagrees)", nullptr,
              RemoteTakeRelaxed),
  };
}

}  // namespace ordeal::catalogue
