// Is every order that the code states needed, and does somebody notice if it is not there? One Site after the other is made one step
// weaker, and programs of many shapes are run until something is found. What survives has a written reason.
#include <cstdio>
#include <string>

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "base/random.h"
#include "finding/bugs.h"
#include "finding/investigate.h"
#include "memory/site.h"
#include "program/generate.h"
#include "program/text.h"

namespace ordeal {
namespace {

constexpr int kPrograms = 3000;  // of each Site, 8 executions each

// Programs that show what random ones rarely do: many executions of each.
struct Aimed {
  const char* site;
  const char* program;
};
constexpr Aimed kAimed[] = {
    // Two CPUs free objects of a slab whose vector is being made.
    {"accounting.exts_read",
     "geometry page=16K order=2 object=1024 exts=late cpus=3 slabs=1\nop 0 cpu 0 alloc a\nop 1 cpu 0 alloc b\nop 2 cpu 0 publish b s0 mb\n"
     "op 3 cpu 0 alloc c charged\nop 4 cpu 0 publish a s1 release\nop 5 cpu 1 consume a s0 once\nop 6 cpu 1 free a\nop 7 cpu 2 consume a s1 xchg\nop "
     "8 cpu 2 free a\n"},
    // A cgroup goes offline while another CPU drains its stock: the last of the two finds the residue, or the cgroup keeps a page.
    {"accounting.objcg_put",
     "geometry page=4K order=1 object=1024 exts=late cpus=2 slabs=1 cgroups=1\nop 0 cpu 1 alloc a charged\nop 1 cpu 1 publish a s5 mb\nop 2 cpu 0 "
     "consume a s5 xchg\n"
     "op 3 cpu 0 free a\nop 4 cpu 0 drain\nop 5 cpu 1 offline 1\n"},
    {"accounting.objcg_last",
     "geometry page=64K order=1 object=1024 exts=late cpus=2 slabs=1 cgroups=1\nop 0 cpu 0 alloc b charged\nop 1 cpu 0 publish b s0 release\nop 2 "
     "cpu 1 consume a s0 once\n"
     "op 3 cpu 1 free a\nop 4 cpu 1 offline 1\nop 5 cpu 0 drain\n"},
    // A CPU makes the vector of a slab, uses it up and leaves it; a free brings the slab to the list, and another CPU makes the vector again.
    {"slub.leave",
     "geometry page=4K order=0 object=2048 exts=late cpus=2 slabs=1 nodes=1\nop 0 cpu 0 alloc a\nop 1 cpu 0 publish a s0 release\nop 2 cpu 0 alloc b "
     "charged\n"
     "op 3 cpu 0 alloc c\nop 4 cpu 1 consume a s0 acquire\nop 5 cpu 1 free a\nop 6 cpu 1 alloc d charged\nop 7 cpu 0 free b\n"},
};

// What nobody notices, and why.
struct Survivor {
  const char* site;
  const char* why;
};
constexpr const char* kNotUsed = "no program that keeps the discipline hands over in this way";
constexpr const char* kAddresses =
    "READ_ONCE would do: all that a free and a read touch has an address computed from the pointer (the control addr_dep_consume)";
constexpr const char* kAtomic = "an RMW has no plain form: to weaken this order changes nothing";
constexpr const char* kHandedOver = "plain would do: the object's own, ordered by the users' hand-over, or by the list that it comes back by";
constexpr const char* kOwn = "plain would do: this CPU's own, and what it reads it wrote itself";
constexpr const char* kLockOrders = "plain would do: under a lock, or ordered by one";
constexpr const char* kAlone = "plain would do: nobody else has a reference any more";
constexpr Survivor kSurvivors[] = {
    {"user.publish_wmb", kNotUsed},
    {"user.consume_rmb", kAddresses},
    {"user.consume_acquire", kAddresses},
    {"user.consume_xchg", kAddresses},
    {"user.consume_xchg_acquire", kAddresses},
    {"user.consume_xchg_relaxed", kNotUsed},
    {"user.count_init", "plain would do: before the object is published"},
    {"user.get", kAtomic},
    {"user.next_init", "plain would do: before the object is published or linked"},
    {"accounting.exts_check", kOwn},
    {"accounting.ext_zero", "plain would do: exts_publish orders it before whoever sees the vector"},
    {"accounting.stride_write", "plain would do: exts_publish orders it before whoever sees the vector"},
    {"accounting.ext_write", kHandedOver},
    {"accounting.ext_read", kHandedOver},
    {"accounting.ext_clear", kHandedOver},
    {"accounting.counter_add", kAtomic},
    {"accounting.counter_sub", kAtomic},
    {"accounting.objcg_write", kHandedOver},
    {"accounting.objcg_read", kHandedOver},
    {"accounting.tryget_cas", kAtomic},
    {"accounting.stock_get", kAtomic},
    {"accounting.offline_once", kAtomic},
    {"accounting.page_cas", kAtomic},
    {"accounting.pages_sub", kAtomic},
    {"accounting.residue_add", kAtomic},
    {"accounting.residue_take", kAtomic},
    {"accounting.residue_rest", kAlone},
    {"accounting.residue_clear", kAlone},
    {"accounting.statistic_add", kAtomic},
    {"accounting.exts_forget", kLockOrders},
    {"slub.cpu_freelist_read", kOwn},
    {"slub.cpu_freelist_cas", kAtomic},
    {"slub.cpu_freelist_write", kOwn},
    {"slub.next_read", "plain would do: this CPU's own store, or ordered by remote_take"},
    {"slub.next_write", "plain would do: remote_push orders it before whoever takes the list"},
    {"slub.remote_take", "the address dependency on the head orders all the same (the control remote_take_relaxed); C11 has no such order"},
    {"slub.partial_take", "the list_lock, or the lock of the pages, orders the same; C11 would need neither alone"},
    {"slub.locked_read", kLockOrders},
    {"slub.defer_take", "the address dependency on the head orders all the same, as of remote_take; C11 has no such order"},
};

const Survivor* FindSurvivor(const std::string& site) {
  for (const Survivor& s : kSurvivors)
    if (site == s.site) return &s;
  return nullptr;
}

// The next weaker order that the code could state there; kAsWritten: there is none.
Order OneStepWeaker(Order o) {
  switch (o) {
    case Order::kFull:
    case Order::kAcquire:
    case Order::kRelease: return Order::kOnce;
    case Order::kOnce: return Order::kPlain;
    case Order::kMb:
    case Order::kWmb:
    case Order::kRmb: return Order::kNone;
    default: return kAsWritten;
  }
}

// Of one of the catalogue's bugs: what shows one order's absence may show another's.
std::string AnyShape(Rng& rng) {
  const std::span<const Bug> all = Bugs();
  for (;;) {
    const Bug& b = all[rng.Below(all.size())];
    if (b.focus != nullptr && std::string_view(b.side) == "control") return b.name;
  }
}

class Hunt {
 public:
  explicit Hunt(const std::string& change) {
    EXPECT_TRUE(PlantBugs({change}).ok()) << change;
    r_.bugs = {change};
  }
  bool Finds(const Program& program, Rng& rng, int executions) {
    r_.program = program;
    machine_->Load(program);
    for (int i = 0; i < executions; ++i) {
      model::RunOptions o;
      o.seed = rng.Next();
      if (investigator_.Suspicious(machine_->Run(o)) && investigator_.Look(r_, o)) return true;
    }
    return false;
  }

 private:
  std::unique_ptr<Machine> machine_ = *MakeMachine("slub");
  Investigator investigator_{*machine_, model::Rung::kLkmm, ReportWhat::kAll};
  Reproducer r_;
};

bool IsNoticed(const SiteInfo& s, Order weaker) {
  const std::string site = absl::StrCat(s.table, ".", s.name);
  Hunt hunt(absl::StrCat(site, "=", OrderName(weaker)));
  Rng rng(s.id);
  for (const Aimed& aimed : kAimed) {
    if (site != aimed.site) continue;
    const auto r = Parse(absl::StrCat("ordeal 1\n", aimed.program), site);
    EXPECT_TRUE(r.ok()) << r.status();
    if (hunt.Finds(r->program, rng, 60000)) return true;
  }
  for (int i = 0; i < kPrograms; ++i) {
    Program program = Generate(rng, {.max_ops = 16, .max_cpus = 3});
    Focus({AnyShape(rng)}, program);
    if (hunt.Finds(program, rng, 8)) return true;
  }
  return false;
}

TEST(EverySite, IsNeededOrSaysWhyNot) {
  RegisterAllSites();
  int noticed = 0, survived = 0;
  for (u16 id = 1; id < kMaxSites; ++id) {
    const SiteInfo* s = FindSite(id);
    const Order weaker = s != nullptr ? OneStepWeaker(s->order) : kAsWritten;
    if (weaker == kAsWritten) continue;
    const std::string site = absl::StrCat(s->table, ".", s->name);
    const Survivor* survivor = FindSurvivor(site);
    const bool seen = IsNoticed(*s, weaker);
    ++(seen ? noticed : survived);
    std::printf("%-28s %-8s -> %-6s %s\n", site.c_str(), OrderName(s->order), OrderName(weaker),
                seen                  ? "noticed"
                : survivor != nullptr ? survivor->why
                                      : "not noticed");
    EXPECT_EQ(seen, survivor == nullptr) << site
                                         << (seen ? " is needed: take it out of the list of survivors"
                                                  : " is not noticed: aim a program at it, or say why");
  }
  std::printf("%d Sites noticed, %d not\n", noticed, survived);
  EXPECT_TRUE(PlantBugs({}).ok());
}

TEST(EverySite, SurvivorsAreSites) {
  RegisterAllSites();
  for (const Survivor& s : kSurvivors) {
    const std::string_view name = s.site;
    const size_t dot = name.find('.');
    EXPECT_NE(FindSite(name.substr(0, dot), name.substr(dot + 1)), nullptr) << name;
  }
}

}  // namespace
}  // namespace ordeal
