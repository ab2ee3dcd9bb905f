// Is every order that the code states needed, and does somebody notice if it is not there? One Site after the other is made one step
// weaker, and programs of many shapes are run until something is found. What survives has a written reason.
#include <algorithm>
#include <cstdio>
#include <string>

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "base/random.h"
#include "finding/bugs.h"
#include "finding/investigate.h"
#include "memory/site.h"
#include "program/generate.h"
#include "program/mutate.h"

namespace ordeal {
namespace {

constexpr int kPrograms = 12000;  // of each Site, 8 executions each

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

struct Found {
  bool killed = false;
  int programs = 0;
  std::string summary;
};

Found Weaken(const SiteInfo& s, Order weaker) {
  Found found;
  const std::string change = absl::StrCat(s.table, ".", s.name, "=", OrderName(weaker));
  EXPECT_TRUE(PlantBugs({change}).ok()) << change;
  auto machine = *MakeMachine("slub");
  Investigator investigator(*machine, model::Rung::kLkmm, ReportWhat::kAll);
  Reproducer r;
  r.bugs = {change};
  Rng rng(s.id);
  for (int i = 0; i < kPrograms; ++i) {
    r.program = Generate(rng, {.max_ops = 16, .max_cpus = 3});
    found.programs = i + 1;
    machine->Load(r.program);
    for (u64 seed = 0; seed < 8; ++seed) {
      model::RunOptions o;
      o.seed = rng.Next();
      if (!investigator.Suspicious(machine->Run(o))) continue;
      if (std::optional<Finding> f = investigator.Look(r, o)) {
        found.killed = true;
        const Verdict& v = f->verdict;
        found.summary = v.effect ? ViolationName(v.effect->violation) : v.race ? "data-race" : "contract";
        return found;
      }
    }
  }
  return found;
}

TEST(EverySite, IsNeededOrSaysWhyNot) {
  RegisterAllSites();
  for (u16 id = 1; id < kMaxSites; ++id) {
    const SiteInfo* s = FindSite(id);
    if (s == nullptr) continue;
    const Order weaker = OneStepWeaker(s->order);
    if (weaker == kAsWritten) continue;
    const Found f = Weaken(*s, weaker);
    std::printf("%-12s.%-24s %-10s -> %-6s %s in %d programs %s\n", s->table, s->name, OrderName(s->order), OrderName(weaker), f.killed ? "killed" : "SURVIVED", f.programs, f.summary.c_str());
    std::fflush(stdout);
  }
  EXPECT_TRUE(PlantBugs({}).ok());
}

}  // namespace
}  // namespace ordeal
