// Mistakes of who uses the allocator.
#include "finding/catalogue/catalogue.h"
#include "finding/catalogue/focus.h"
#include "memory/site.h"
#include "run/user_sites.h"

namespace ordeal::catalogue {
namespace {

namespace at = user_site;

void PublishRelaxed() {
  g_sites.Plant(at::publish_release.id, Order::kOnce);
  g_sites.Plant(at::publish_mb.id, Order::kNone);
  g_sites.Plant(at::publish_xchg.id, Order::kOnce);
}

void ConsumePlain() {
  g_sites.Plant(at::consume_once.id, Order::kPlain);
  g_sites.Plant(at::consume_acquire.id, Order::kPlain);
}

void DoubleFree() { g_sites.Plant(at::kDoubleFree); }

}  // namespace

std::vector<Bug> OfUsers() {
  return {
      {.name = "user.publish_relaxed", .side = "user",
       .omission = "every publish is WRITE_ONCE or xchg_relaxed: release, smp_mb and full xchg are left out",
       .needs = "an object handed to another CPU that reads or frees it",
       .hardware = "ARM and POWER (a store may pass an earlier one)",
       .parallel = "snmalloc 446a729a, a relaxed exchange that hands over an object",
       .headline = "ordering/ARMv8+POWER", .owner = "user", .plant = PublishRelaxed},
      {.name = "user.consume_plain", .side = "user",
       .omission = "every READ_ONCE and smp_load_acquire that consumes is a plain load: no dependency starts at it, and a compiler may load twice",
       .needs = "an object handed to another CPU by a consume that is a load",
       .hardware = "none known: ARM and POWER order loads by the address that they are computed from; compilers, and Alpha",
       .parallel = "google/sanitizers#602, and the question of 2015 on linux-mm: may objects be passed to kfree() unacquired?",
       .headline = "ordering/LKMM", .owner = "user", .plant = ConsumePlain, .focus = focus::ConsumeOnce},
      {.name = "user.double_free", .side = "user", .omission = "every free is done twice", .needs = "any free",
       .hardware = "any, a single CPU", .parallel = "parlaylib 5af0694: a job handed out twice is freed twice",
       .headline = "not-ordering/sequential", .owner = "user", .plant = DoubleFree},
  };
}

}  // namespace ordeal::catalogue
