// What users do with an object beside handing it over: references, lists, locks. As written each is clean in every execution on every
// machine; with one of its Sites weakened the contract breaks, under the LKMM and with damage on a weak machine only, and the contract
// clock says so where the axioms do.
#include <gtest/gtest.h>

#include "base/random.h"
#include "base/share_testing.h"
#include "memory/model/judge.h"
#include "memory/model/trace_to_graph.h"
#include "memory/site.h"
#include "program/generate.h"
#include "program/text.h"
#include "program/validate.h"
#include "run/machine.h"
#include "run/user_sites.h"

namespace ordeal {
namespace {

namespace at = user_site;
using model::Rung;

// Two CPUs but for the forward, and no more ops than it takes: every execution is looked at.
constexpr const char* kLocked =
    "op 0 cpu 0 alloc a\nop 1 cpu 0 write a.1\nop 2 cpu 0 publish a s0 locked\n"
    "op 3 cpu 1 consume a s0 locked\nop 4 cpu 1 read a.1\nop 5 cpu 1 free a\n";
constexpr const char* kHalfLocked =
    "op 0 cpu 0 alloc a\nop 1 cpu 0 write a.1\nop 2 cpu 0 publish a s0 locked\n"
    "op 3 cpu 1 consume a s0 acquire\nop 4 cpu 1 read a.1\nop 5 cpu 1 free a\n";
constexpr const char* kFull =
    "op 0 cpu 0 alloc a counted\nop 1 cpu 0 write a.1\nop 2 cpu 0 share a s0 release\nop 3 cpu 0 read a.1\nop 4 cpu 0 put a full\n"
    "op 5 cpu 1 consume a s0 acquire\nop 6 cpu 1 read a.1\nop 7 cpu 1 put a full\n";
constexpr const char* kRefcount =
    "op 0 cpu 0 alloc a counted\nop 1 cpu 0 write a.1\nop 2 cpu 0 share a s0 release\nop 3 cpu 0 read a.1\nop 4 cpu 0 put a refcount\n"
    "op 5 cpu 1 consume a s0 once\nop 6 cpu 1 read a.1\nop 7 cpu 1 put a refcount\n";
constexpr const char* kShortcut =
    "op 0 cpu 0 alloc a counted\nop 1 cpu 0 write a.1\nop 2 cpu 0 share a s0 release\nop 3 cpu 0 read a.1\nop 4 cpu 0 put a full\n"
    "op 5 cpu 1 consume a s0 acquire\nop 6 cpu 1 read a.1\nop 7 cpu 1 put a shortcut\n";
constexpr const char* kList =
    "op 0 cpu 0 alloc a\nop 1 cpu 0 lend a s0 release\nop 2 cpu 0 alloc b\nop 3 cpu 0 write b.1\nop 4 cpu 0 link a b\n"
    "op 5 cpu 1 consume a s0 once\nop 6 cpu 1 take_next a b\nop 7 cpu 1 read b.1\nop 8 cpu 1 free a\n";
constexpr const char* kEnd = "op 0 cpu 0 alloc a\nop 1 cpu 0 free a\nop 2 cpu 0 destroy\nop 3 cpu 1 alloc a\nop 4 cpu 1 destroy\n";
constexpr const char* kForward =
    "op 0 cpu 0 alloc a\nop 1 cpu 0 write a.1\nop 2 cpu 0 publish a s0 release\n"
    "op 3 cpu 1 forward s0 s1 once release\nop 4 cpu 2 consume a s1 acquire\nop 5 cpu 2 read a.1\nop 6 cpu 2 free a\n";

Program ProgramOf(const char* ops, const char* object = "object=256 exts=none") {
  const auto r = Parse(std::string("ordeal 1\ngeometry page=4K order=0 ") + object + " cpus=3 slabs=1\n" + ops, "protocol");
  EXPECT_TRUE(r.ok()) << r.status();
  return r->program;
}

// One thing left out.
struct Weak {
  const char* name;
  const char* ops;
  u16 site;
  Order order;
  bool change = false;                  // `site` is a Change
  bool damages = false, races = false;  // in some execution under the LKMM
};
const Weak kWeak[] = {
    {.name = "half_locked", .ops = kHalfLocked, .site = kNoSite, .order = Order::kPlain, .damages = true, .races = true},
    {.name = "put_full_once", .ops = kFull, .site = at::put_full.id, .order = Order::kOnce},
    {.name = "put_full_acquire", .ops = kFull, .site = at::put_full.id, .order = Order::kAcquire},
    {.name = "put_full_release", .ops = kFull, .site = at::put_full.id, .order = Order::kRelease},
    {.name = "put_release_once", .ops = kRefcount, .site = at::put_release.id, .order = Order::kOnce},
    {.name = "put_last_none", .ops = kRefcount, .site = at::put_last.id, .order = Order::kNone},
    {.name = "put_last_rmb", .ops = kRefcount, .site = at::put_last.id, .order = Order::kRmb},
    {.name = "put_check_once", .ops = kShortcut, .site = at::put_check.id, .order = Order::kOnce},
    {.name = "next_release_once", .ops = kList, .site = at::next_release.id, .order = Order::kOnce, .damages = true, .races = true},
    // The address dependency protects what is next, and nothing protects what is freed.
    {.name = "next_acquire_once", .ops = kList, .site = at::next_acquire.id, .order = Order::kOnce},
    {.name = "next_acquire_plain", .ops = kList, .site = at::next_acquire.id, .order = Order::kPlain, .damages = true, .races = true},
    {.name = "forward_once", .ops = kForward, .site = at::kForwardOnce.id, .order = Order::kOnce, .change = true, .damages = true, .races = true},
};
void Plant(const Weak& w) {
  g_sites.Clear();
  if (w.change) g_sites.Plant(Change{w.site});
  else if (w.site != kNoSite) g_sites.Plant(w.site, w.order);
}

class Protocols : public testing::TestWithParam<std::string_view> {
 protected:
  void SetUp() override {
    g_sites.Clear();
    machine_ = *MakeMachine(std::string(GetParam()));
  }
  void TearDown() override { g_sites.Clear(); }

  struct Counts {
    u64 executions = 0, damaged = 0, racy = 0, broken = 0, reported = 0;
  };
  // Every execution but load buffering.
  Counts Explored(const Program& p, Rung rung) {
    machine_->Load(p);
    Counts c;
    model::ExactOptions options;
    options.rung = rung;
    options.promises = false;
    options.again = [&] { c = Counts(); };
    const model::ExactResult r = machine_->Explore(options, [&](const Outcome& o, const model::Execution& e) {
      ++c.executions;
      c.damaged += o.effect() != nullptr;
      c.broken += o.first(Violation::kContract) != nullptr;
      c.reported += !o.reports.empty();
      c.racy += e.race;
    });
    EXPECT_TRUE(r.complete_but_for_promises);
    return c;
  }

  // Random executions that the LKMM allows: does the clock say what the axioms say of the users' events alone? A breach that the clock
  // tells at an access has no free for the axioms to look at.
  struct Agreement {
    int broken = 0, missed = 0, too_much = 0;
  };
  void Compare(const Program& p, u64 seeds, Agreement* a) {
    machine_->Load(p);
    for (u64 s = 0; s < seeds; ++s) {
      model::RunOptions options;
      options.seed = s;
      options.record = true;
      const Outcome& o = machine_->Run(options);
      const model::Trace& t = model::RecordedTrace();
      const Report* clock = o.first(Violation::kContract);
      if (!model::Judge(model::TraceToGraph(t).graph, false).allowed() || (clock != nullptr && clock->at_touch)) continue;
      const model::TraceGraph users = model::TraceToGraph(t, model::Keep::kUserOnly);
      const model::Judgement j = model::Judge(users.graph, true);
      const auto frees = [&](int event) {
        return users.trace_event[event] != model::kNoEvent && t.events[users.trace_event[event]].type == model::EventType::kFree;
      };
      a->broken += clock != nullptr && j.race;
      a->missed += clock == nullptr && j.race && (frees(j.race_first) || frees(j.race_second));
      a->too_much += clock != nullptr && !j.race;
    }
  }
  std::unique_ptr<Machine> machine_;
};

TEST_P(Protocols, AsWrittenEveryExecutionIsClean) {
  for (const char* ops : {kLocked, kFull, kRefcount, kShortcut, kList, kForward, kEnd}) {
    const Program p = ProgramOf(ops);
    ASSERT_EQ(BrokenDiscipline(p), "") << ops;
    for (const Rung rung : {Rung::kSc, Rung::kTso, Rung::kArmv8, Rung::kPower, Rung::kLkmm}) {
      const Counts c = Explored(p, rung);
      EXPECT_GT(c.executions, 1u) << ops;
      EXPECT_EQ(c.reported + c.racy, 0u) << ops << model::RungName(rung);
    }
    g_sites.Plant(at::kDoubleFree);  // shows whether the free is reached
    EXPECT_GT(Explored(p, Rung::kSc).damaged, 0u) << ops;
    g_sites.Clear();
  }
}

TEST_P(Protocols, WeakenedTheyBreakTheContractAndNothingInAnInterleaving) {
  for (const Weak& w : kWeak) {
    Plant(w);
    const Program p = ProgramOf(w.ops);
    for (const Rung rung : {Rung::kSc, Rung::kTso}) EXPECT_EQ(Explored(p, rung).damaged, 0u) << w.name;
    const Counts c = Explored(p, Rung::kLkmm);
    EXPECT_GT(c.broken, 0u) << w.name;
    EXPECT_EQ(c.damaged > 0, w.damages) << w.name;
    EXPECT_EQ(c.racy > 0, w.races) << w.name;
  }
}

// A cache that is given up by decrements which order nothing: the last user destroys it while calls of the others need not be over.
TEST_P(Protocols, AWeakEndOfTheCacheBreaksTheContract) {
  const Program p = ProgramOf(kEnd, "object=4096 exts=none");
  for (const Order order : {Order::kOnce, Order::kAcquire, Order::kRelease}) {
    g_sites.Plant(at::cache_put.id, order);
    for (const Rung rung : {Rung::kSc, Rung::kTso}) EXPECT_EQ(Explored(p, rung).damaged, 0u) << OrderName(order);
    EXPECT_GT(Explored(p, Rung::kLkmm).broken, 0u) << OrderName(order);
    Agreement a;
    Compare(p, 200, &a);
    EXPECT_GT(a.broken, 0) << OrderName(order);
    EXPECT_EQ(a.missed, 0) << OrderName(order);
    EXPECT_EQ(a.too_much, 0) << OrderName(order);
    g_sites.Clear();
  }
}

TEST_P(Protocols, TheClockSaysWhatTheAxiomsSay) {
  for (const Weak& w : kWeak) {
    Plant(w);
    Agreement a;
    Compare(ProgramOf(w.ops), 200, &a);
    EXPECT_GT(a.broken, 0) << w.name;
    EXPECT_EQ(a.missed, 0) << w.name;
    EXPECT_EQ(a.too_much, 0) << w.name;
  }
}

// In any program: the clock misses nothing. It may say too much (contract.h), but not often.
TEST_P(Protocols, TheClockMissesNothingInRandomPrograms) {
  Rng rng(12);
  Agreement a;
  for (int i = 0; i < ShareOf(800); ++i) {
    Plant(kWeak[rng.Below(std::size(kWeak))]);
    Compare(Generate(rng, {.max_ops = 18, .max_cpus = 3}), 3, &a);
  }
  EXPECT_EQ(a.missed, 0);
  if (TestShare() > 1) return;
  EXPECT_GT(a.broken, 20);
  EXPECT_LT(a.too_much, a.broken / 4);
}

// Without room for a count or a link nothing is shared, lent or given back, and nothing is wrong.
TEST_P(Protocols, ObjectsThatAreTooSmallTakePartInNothing) {
  g_sites.Plant(at::kDoubleFree);  // shows whether a free is reached
  const auto reported = [&](const char* ops, const char* object) {
    machine_->Load(ProgramOf(ops, object));
    int n = 0;
    for (u64 s = 0; s < 100; ++s) n += !machine_->Run({.seed = s}).reports.empty();
    return n;
  };
  for (const char* ops : {kFull, kRefcount, kShortcut, kList}) {
    EXPECT_EQ(reported(ops, "object=32 exts=in-object"), 0) << ops;
    EXPECT_GT(reported(ops, "object=48 exts=in-object"), 50) << ops;
  }
}

INSTANTIATE_TEST_SUITE_P(All, Protocols, testing::Values("slub", "locked"), [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace ordeal
