// A cure names what was planted, or what does the same, and with it in force nothing fails; what hides the user's debt is called a band-aid.
#include "finding/cure/cure.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "finding/analyse.h"
#include "finding/bugs.h"
#include "finding/explain.h"
#include "finding/replay.h"
#include "finding/shrink/witness.h"
#include "finding/site_change.h"
#include "program/text.h"

namespace ordeal {
namespace {

// The first failing execution of a program, analysed as it stands.
class Patient {
 public:
  explicit Patient(const std::string& text) : r_(*Parse(text, "test")), machine_(*MakeMachine(r_.allocator)) {
    EXPECT_TRUE(PlantBugs(r_.bugs).ok());
    machine_->Load(r_.program);
    Trials trials(*machine_);
    const Wanted fails = [](const Outcome& o, bool) { return o.effect() != nullptr; };
    std::optional<Finding> f;
    for (const model::Rung rung : kLadder)
      if (!f) f = FirstWanted(investigator_, trials, r_, rung, {.executions = 3000}, fails);
    EXPECT_TRUE(f.has_value()) << text;
    if (!f) return;
    finding_ = *std::move(f);
    investigator_.Conclude(&finding_);
    Explained(investigator_, *machine_, &finding_);
    text_ = Explain(finding_, "test");
  }
  ~Patient() { EXPECT_TRUE(PlantBugs({}).ok()); }

  const Finding& finding() const { return finding_; }
  const std::string& text() const { return text_; }

  // Once more, from nothing: every execution with the cure in force.
  Count With(const Cure& cure) {
    Trials trials(*machine_);
    trials.Load(r_);
    for (const Repair& r : cure.repairs) trials.Apply(r);
    return trials.On(model::Rung::kLkmm, {.executions = 6000});
  }

 private:
  Reproducer r_;
  std::unique_ptr<Machine> machine_;
  Investigator investigator_{*machine_, model::Rung::kLkmm, ReportWhat::kDamage};
  Finding finding_;
  std::string text_;
};

bool Repairs(const std::vector<Cure>& cures, const std::string& change) {
  return std::ranges::any_of(cures, [&](const Cure& c) {
    return c.repairs.size() == 1 && c.repairs[0].kind != Repair::Kind::kUndo && c.repairs[0].kind != Repair::Kind::kLock && c.repairs[0].site != 0 &&
           SiteChangeText(c.repairs[0]) == change;
  });
}

constexpr const char* kHandOver =
    "op 0 cpu 0 alloc a charged\n"
    "op 1 cpu 0 publish a s0 release\n"
    "op 2 cpu 1 consume a s0 acquire\n"
    "op 3 cpu 1 free a\n";
// An uncharged object is freed elsewhere while its slab gets its vector.
constexpr const char* kLateVector =
    "op 0 cpu 0 alloc a\n"
    "op 1 cpu 0 alloc b\n"
    "op 2 cpu 0 publish b s0 release\n"
    "op 3 cpu 0 free a\n"
    "op 4 cpu 0 alloc c charged\n"
    "op 5 cpu 1 consume a s0 acquire\n"
    "op 6 cpu 1 free a\n";

std::string Program(const std::string& bug, const char* ops) {
  return absl::StrCat("ordeal 1\nallocator slub\nmodel lkmm\nbug ", bug, "\ngeometry page=4K order=0 object=64 exts=late cpus=2 slabs=1\n", ops);
}

TEST(Cure, OfARelaxedPublishIsTheRelease) {
  const Patient p(Program("user.publish_release=once", kHandOver));
  const Finding& f = p.finding();
  EXPECT_EQ(f.verdict.owner, Owner::kUser) << p.text();
  ASSERT_FALSE(f.cures.empty()) << p.text();
  EXPECT_EQ(SiteChangeText(f.cures[0].repairs[0]), "user.publish_release=release") << p.text();
  EXPECT_TRUE(f.cures[0].keeps_contract);
}

// The allocator may wait as it likes: it hides what the user owes, and that is said.
TEST(Cure, ABarrierInTheAllocatorIsABandAid) {
  const Patient p(Program("user.publish_release=once", kHandOver));
  const Finding& f = p.finding();
  EXPECT_TRUE(Repairs(f.band_aids, "accounting.ext_write=after:mb")) << p.text();
  for (const Cure& c : f.cures)
    for (const Repair& r : c.repairs) EXPECT_TRUE(r.user) << p.text();
  for (const Cure& c : f.band_aids) EXPECT_FALSE(c.keeps_contract) << p.text();
}

// smp_mb between a forwarder's load and its store makes the store cumulative: the contract is kept, so it is no band-aid.
TEST(Cure, AFullBarrierInTheMiddlemanIsOne) {
  const Patient p(
      "ordeal 1\nallocator slub\nmodel lkmm\ngeometry page=4K order=0 object=64 exts=late cpus=3 slabs=1\n"
      "op 0 cpu 0 alloc a charged\nop 1 cpu 0 publish a s0 release\nop 2 cpu 1 forward s0 s1 acquire once\nop 3 cpu 2 consume a s1 acquire\nop 4 cpu "
      "2 free a\n");
  EXPECT_EQ(p.finding().verdict.headline, "ordering/LKMM") << p.text();
  EXPECT_EQ(p.finding().verdict.owner, Owner::kUser) << p.text();
  EXPECT_TRUE(Repairs(p.finding().cures, "user.consume_acquire=after:mb")) << p.text();
  EXPECT_FALSE(Repairs(p.finding().band_aids, "user.consume_acquire=after:mb")) << p.text();
}

TEST(Cure, OfAnUnorderedVectorIsTheWritersRelease) {
  const Patient p(Program("accounting.exts_publish=once", kLateVector));
  EXPECT_EQ(p.finding().verdict.owner, Owner::kAllocator) << p.text();
  EXPECT_TRUE(Repairs(p.finding().cures, "accounting.exts_publish=release")) << p.text();
  EXPECT_TRUE(Repairs(p.finding().cures, "accounting.exts_publish=before:wmb")) << p.text();
  EXPECT_TRUE(p.finding().band_aids.empty()) << p.text();
}

TEST(Cure, OfAnUnorderedLookupIsTheReadersAcquire) {
  const Patient p(Program("accounting.exts_read=once", kLateVector));
  EXPECT_EQ(p.finding().verdict.owner, Owner::kAllocator) << p.text();
  EXPECT_TRUE(Repairs(p.finding().cures, "accounting.exts_read=acquire")) << p.text();
  EXPECT_TRUE(Repairs(p.finding().cures, "accounting.exts_read=after:rmb")) << p.text();
}

// Both halves are missing: neither alone heals, and the pair is found.
TEST(Cure, OfTwoHalvesIsAPair) {
  const Patient p(Program("accounting.exts_read=once\nbug accounting.exts_publish=once", kLateVector));
  ASSERT_FALSE(p.finding().cures.empty()) << p.text();
  EXPECT_EQ(p.finding().cures[0].repairs.size(), 2u) << p.text();
}

TEST(Cure, OfAnInterleavingIsNoBarrier) {
  const Patient p(Program("slub.exts_reader_order", kLateVector));
  ASSERT_GE(p.finding().cures.size(), 2u) << p.text();
  EXPECT_EQ(p.finding().cures[0].repairs[0].kind, Repair::Kind::kUndo) << p.text();
  EXPECT_EQ(p.finding().cures[1].repairs[0].kind, Repair::Kind::kLock) << p.text();
  EXPECT_NE(p.text().find("none can cure it"), std::string::npos) << p.text();
}

// The damage is load buffering's, and so is what each cure is held to.
TEST(Cure, OfAPutThatReleasesNothing) {
  const Patient p(
      "ordeal 1\nbug user.put_release_missing\ngeometry page=4K order=0 object=64 exts=none cpus=2 slabs=1\n"
      "op 0 cpu 0 alloc a counted\nop 1 cpu 0 write a.0\nop 2 cpu 0 share a s0 release\nop 3 cpu 0 read a.0\nop 4 cpu 0 put a refcount\n"
      "op 5 cpu 1 consume a s0 acquire\nop 6 cpu 1 put a refcount\n");
  EXPECT_NE(p.text().find("BUFFERED"), std::string::npos) << p.text();
  EXPECT_NE(p.text().find("releases nothing: release needed"), std::string::npos) << p.text();
  ASSERT_FALSE(p.finding().cures.empty()) << p.text();
  for (const Cure& c : p.finding().cures) EXPECT_NE(CureText(c).find("user.put_release"), std::string::npos) << CureText(c);
  EXPECT_NE(CureText(p.finding().cures.front()).find("the _release form"), std::string::npos) << p.text();
}

TEST(Cure, EachOneHolds) {
  for (const char* bug : {"user.publish_release=once", "accounting.exts_publish=once", "accounting.exts_read=once", "slub.exts_reader_order"}) {
    Patient p(Program(bug, std::string_view(bug)[0] == 'u' ? kHandOver : kLateVector));
    for (const std::vector<Cure>* cures : {&p.finding().cures, &p.finding().band_aids}) {
      for (const Cure& c : *cures) {
        EXPECT_EQ(c.failing, 0u);
        EXPECT_TRUE(SearchedWell(c.proof)) << CureText(c);
        if (c.repairs[0].kind == Repair::Kind::kLock) continue;  // not put in force: executions that it forbids were left out
        const Count count = p.With(c);
        EXPECT_TRUE(count.searched_well() && !count.fails()) << bug << ": " << CureText(c) << ": " << CountText(count);
        EXPECT_GE(count.executions, c.executions) << CureText(c);
      }
    }
  }
}

// What is not needed can go, as was said; what is needed is not among it.
TEST(Unneeded, IsNotWhatCures) {
  const Patient p(Program("accounting.exts_publish=once", kLateVector));
  for (const std::string& u : p.finding().unneeded) {
    EXPECT_EQ(u.find("accounting.exts_read"), std::string::npos) << u;
    EXPECT_NE(u.find("0 of"), std::string::npos) << u;
  }
}

}  // namespace
}  // namespace ordeal
