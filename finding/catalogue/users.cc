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

// The shortcut of struct pid: a count of one, read without an acquire.
void PutAcquireMissing() { g_sites.Plant(at::put_check.id, Order::kOnce); }

void PutReleaseMissing() {
  g_sites.Plant(at::put_release.id, Order::kOnce);
  g_sites.Plant(at::put_full.id, Order::kAcquire);
}

void ForwardOnce() { g_sites.Plant(at::kForwardOnce); }

void FlushPlainNext() { g_sites.Plant(at::next_acquire.id, Order::kPlain); }

void DoubleFree() { g_sites.Plant(at::kDoubleFree); }

}  // namespace

std::vector<Bug> OfUsers() {
  return {
      {.name = "user.publish_relaxed",
       .side = "user",
       .omission = "every publish is WRITE_ONCE or xchg_relaxed: release, smp_mb and full xchg are left out",
       .needs = "an object handed to another CPU that reads or frees it",
       .hardware = "ARM and POWER (a store may pass an earlier one)",
       .parallel = "snmalloc 446a729a, a relaxed exchange that hands over an object",
       .headline = "ordering/ARMv8+POWER",
       .owner = "user",
       .plant = PublishRelaxed},
      {.name = "user.consume_plain",
       .side = "user",
       .omission = "every READ_ONCE and smp_load_acquire that consumes is a plain load: no dependency starts at it, and a compiler may load twice",
       .needs = "an object handed to another CPU by a consume that is a load",
       .hardware = "none known: ARM and POWER order loads by the address that they are computed from; compilers, and Alpha",
       .parallel = "google/sanitizers#602, and the question of 2015 on linux-mm: may objects be passed to kfree() unacquired?",
       .headline = "ordering/LKMM",
       .owner = "user",
       .plant = ConsumePlain,
       .focus = focus::ConsumeOnce},
      {.name = "user.forward_once",
       .side = "user",
       .omission = "who passes an object on publishes it by WRITE_ONCE: what the first publisher released does not come along (it is not cumulative)",
       .needs = "a forwarder between two other CPUs",
       .hardware = "none known: POWER's lwsync in the first publisher is enough, by argument and by the axioms here",
       .parallel = "the mail's question, with a middleman",
       .headline = "ordering/LKMM",
       .owner = "user",
       .plant = ForwardOnce,
       .focus = focus::Forwarded},
      {.name = "user.put_acquire_missing",
       .side = "user",
       .omission = "the shortcut of a put reads a count of 1 by READ_ONCE and frees: what the other holders did before their puts need not be over",
       .needs = "an object held by two CPUs, the last put by the shortcut",
       .hardware = "ARM and POWER (a store may pass an earlier load)",
       .parallel = "Linux f57e515a1b56, struct pid: atomic_read(&pid->count) == 1 || atomic_dec_and_test(&pid->count)",
       .headline = "contract/latent",
       .owner = "user",
       .plant = PutAcquireMissing,
       .focus = focus::PutByShortcut},
      {.name = "user.put_release_missing",
       .side = "user",
       .omission = "a put that is not the last one is relaxed (or an acquire): this holder's last accesses may come after the free",
       .needs = "an object held by two CPUs",
       .hardware = "ARM and POWER (a store may pass an earlier load)",
       .parallel = "folly d8ed9cd2 Latch, a relaxed fetch_sub as countdown",
       .headline = "contract/latent",
       .owner = "user",
       .plant = PutReleaseMissing},
      {.name = "user.flush_plain_next",
       .side = "user",
       .omission = "who takes a list apart reads the link by a plain load, frees the old head and reads fields of the new one",
       .needs = "a list that one CPU makes longer while another takes it apart",
       .hardware = "none known: ARM and POWER order loads by the address that they are computed from; compilers, and Alpha",
       .parallel = "Linux 9e6b7cd7e77d, tty_buffer_flush: next = head->next; free(head)",
       .headline = "ordering/LKMM",
       .owner = "user",
       .plant = FlushPlainNext},
      {.name = "user.double_free",
       .side = "user",
       .omission = "every free is done twice",
       .needs = "any free",
       .hardware = "any, a single CPU",
       .parallel = "parlaylib 5af0694: a job handed out twice is freed twice",
       .headline = "not-ordering/sequential",
       .owner = "user",
       .plant = DoubleFree},
  };
}

}  // namespace ordeal::catalogue
