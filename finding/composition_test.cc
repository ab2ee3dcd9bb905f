// Several bugs at once, among controls that must not matter and barriers that nobody needs: is what is said of the witness ever wrong?
//
// Each composition is hunted for with random programs; the finding is made smaller, and its bugs with it. Those that are left are what the
// witness needs, and say what must be concluded. ORDEAL_COMPOSITIONS=N: how many, 40 if not set.
#include <cstdlib>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/random.h"
#include "finding/analyse.h"
#include "finding/bugs.h"
#include "finding/explain.h"
#include "memory/site.h"
#include "program/generate.h"

namespace ordeal {
namespace {

// Bugs, and what a witness that needs them alone comes to. A bug of an interleaving may meet a program whose users leave it no
// interleaving, so that only weak memory shows it: then the headline says so, and has proved it.
struct Known {
  const char* name;
  const char* headline;  // its beginning
  const char* owner;
};
constexpr Known kKnown[] = {
    {"user.publish_relaxed", "ordering/", "user"},
    {"acct.stride_u16", "not-ordering/sequential", "allocator"},
    {"slub.exts_reader_order", "", "allocator"},
    {"user.double_free", "not-ordering/sequential", "user"},
    {"user.publish_release=once", "ordering/", "user"},
    {"user.publish_mb=none", "ordering/", "user"},
    {"user.publish_xchg=once", "ordering/", "user"},
    {"accounting.exts_publish=once", "ordering/", "allocator"},
    {"accounting.exts_read=once", "ordering/", "allocator"},
    {"user.consume_plain", "ordering/", "user"},
    {"user.forward_once", "ordering/", "user"},
    {"user.flush_plain_next", "ordering/", "user"},
    {"slub.remote_push_relaxed", "ordering/", "allocator"},
    {"slub.stride_subword", "", "allocator"},
    {"slub.tid_missing", "not-ordering/sequential", "allocator"},
    {"slub.destroy_inflight", "not-ordering/sequential", "allocator"},
    {"acct.uncharge_twice", "not-ordering/sequential", "allocator"},
    {"acct.stock_remote", "", "allocator"},
    {"acct.objcg_put_early", "not-ordering/sequential", "allocator"},
    {"acct.cas_bail_credit", "", "allocator"},
};
constexpr const char* kHarmless[] = {"twin.user.publish_relaxed", "twin.acct.stride_u16",        "twin.slub.exts_reader_order",
                                     "twin.user.double_free",     "control.addr_dep_consume",    "control.fence_pair",
                                     "control.lock_handover",     "control.remote_take_relaxed", "control.stats_snapshot",
                                     "twin.slub.tid_missing",     "twin.acct.stock_remote",      "twin.slub.destroy_inflight"};

const Known* FindKnown(const std::string& name) {
  for (const Known& k : kKnown)
    if (name == k.name) return &k;
  return nullptr;
}

// A barrier where none is needed, or an order that is stronger than it has to be.
std::string Strengthened(Rng& rng) {
  constexpr const char* kSites[] = {"accounting.exts_check", "accounting.ext_zero",  "accounting.stride_write", "accounting.ext_write",
                                    "accounting.ext_read",   "accounting.ext_clear", "slub.head_read",          "slub.next_write",
                                    "slub.remote_push",      "slub.remote_take"};
  constexpr const char* kHow[] = {"after:mb", "before:mb", "after:rmb", "before:wmb"};
  return absl::StrCat(kSites[rng.Below(std::size(kSites))], "=", kHow[rng.Below(std::size(kHow))]);
}

std::vector<std::string> Compose(Rng& rng) {
  std::vector<std::string> names;
  for (u64 n = rng.Percent(10) ? 0 : 1 + rng.Below(2); names.size() < n;) {
    const std::string name = kKnown[rng.Below(std::size(kKnown))].name;
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  if (rng.Percent(50)) names.push_back(kHarmless[rng.Below(std::size(kHarmless))]);
  if (rng.Percent(50)) names.push_back(Strengthened(rng));
  return names;
}

std::optional<Finding> Hunt(Investigator& investigator, Machine& machine, const std::vector<std::string>& bugs, Rng& rng, int programs) {
  Reproducer r;
  r.bugs = bugs;
  for (int i = 0; i < programs; ++i) {
    r.program = Generate(rng, {.max_ops = 20, .max_cpus = 3});
    Focus(bugs, r.program);
    machine.Load(r.program);
    for (u64 s = 0; s < 8; ++s) {
      model::RunOptions o;
      o.seed = rng.Next();
      if (!investigator.Suspicious(machine.Run(o))) continue;
      if (std::optional<Finding> f = investigator.Look(r, o)) return f;
    }
  }
  return std::nullopt;
}

struct Tellers {
  int found = 0, silent = 0, unclear = 0;
};

void Check(const Finding& f, const std::string& composition, Tellers* t) {
  const Verdict& v = f.verdict;
  ++t->found;
  if (v.owner == Owner::kUnclear) {
    ++t->unclear;
    return;
  }
  std::vector<const Known*> needed;
  bool user = false, allocator = false;
  for (const std::string& name : f.reproducer.bugs)
    if (const Known* k = FindKnown(name)) {
      needed.push_back(k);
      (k->owner[0] == 'u' ? user : allocator) = true;
    }
  const std::string text = absl::StrCat(composition, "\n", Explain(f, "witness"));
  ASSERT_FALSE(needed.empty()) << "something fails without a bug: " << text;
  // Of both sides: the user's, if nothing fails with users who keep the contract.
  if (user && allocator) EXPECT_TRUE(v.owner == Owner::kBoth || (v.owner == Owner::kUser && v.enforced.passes())) << text;
  if (user != allocator) EXPECT_STREQ(OwnerName(v.owner), user ? "user" : "allocator") << text;
  if (!v.effect || needed.size() > 1) return;  // a race, a breach: no rung
  const std::string expected = needed[0]->headline;
  EXPECT_EQ(v.headline.substr(0, expected.size()), expected) << text;
  if (!expected.empty()) return;
  if (v.headline.rfind("ordering", 0) == 0) {
    EXPECT_TRUE(v.On(model::Rung::kSc)->passes()) << "not proved: " << text;
  } else {
    EXPECT_EQ(v.headline, "not-ordering/interleaving") << text;
  }
}

TEST(Composition, TheVerdictIsNeverWrong) {
  const char* wanted = std::getenv("ORDEAL_COMPOSITIONS");
  const int n = wanted != nullptr ? std::atoi(wanted) : 40;
  std::unique_ptr<Machine> machine = *MakeMachine("slub");
  Rng rng(2026);
  Tellers t;
  for (int i = 0; i < n; ++i) {
    const std::vector<std::string> bugs = Compose(rng);
    const std::string composition = absl::StrCat("composition ", i, ": ", absl::StrJoin(bugs, ", "));
    SCOPED_TRACE(composition);
    ASSERT_TRUE(PlantBugs(bugs).ok()) << composition;
    Investigator investigator(*machine, model::Rung::kLkmm, rng.Percent(50) ? ReportWhat::kAll : ReportWhat::kDamage);
    std::optional<Finding> f = Hunt(investigator, *machine, bugs, rng, 3000);
    if (!f) {
      ++t.silent;
      continue;
    }
    Finding small = Shrunk(investigator, *machine, *std::move(f));
    investigator.Conclude(&small);
    Check(small, composition, &t);
  }
  ASSERT_TRUE(PlantBugs({}).ok());
  std::printf("%d compositions: %d findings, %d silent, %d unclear\n", n, t.found, t.silent, t.unclear);
  EXPECT_LE(10 * t.unclear, t.found);
  EXPECT_GT(2 * t.found, n);
}

}  // namespace
}  // namespace ordeal
