// Does a crew do what it is told, and does it know how well it did it?
#include "stress/crew/crew.h"

#include <atomic>
#include <set>

#include <gtest/gtest.h>

#include "stress/crew/canary.h"
#include "stress/crew/escape.h"
#include "stress/crew/timebase.h"

namespace ordeal::stress {
namespace {

// Counts who was where.
class Counting : public Workload {
 public:
  Counting(int parts, u32 cells) : parts_(parts), runs_(static_cast<size_t>(parts) * cells), resets_(cells), judged_(cells), lost_(cells) {}
  int parts() const override { return parts_; }
  u32 cells() const override { return static_cast<u32>(resets_.size()); }
  u32 ops() const override { return 3; }
  void Reset(u32 cell) override { ++resets_[cell]; }
  void Begin(int) override {}
  void Run(int part, u32 cell) override { ++runs_[static_cast<size_t>(part) * cells() + cell]; }
  void Lost(int, u32 cell, int left) override { lost_[cell] = left; }
  void Evict(int, u32) override {}
  // Every part of this round has come to its end, as often as those before.
  RoundOutcome Judge(u32 cell) override {
    ++judged_[cell];
    RoundOutcome o;
    for (int part = 0; part < parts_; ++part) o.wrong |= runs_[static_cast<size_t>(part) * cells() + cell] != judged_[cell];
    o.wrong |= resets_[cell] != judged_[cell];
    if (lost_[cell] != 0) o.wrong = true;
    o.name = lost_[cell] != 0 ? "lost" : o.wrong ? "missing" : "fine";
    o.text = std::to_string(lost_[cell]);
    lost_[cell] = 0;
    return o;
  }
  u64 runs() const {
    u64 n = 0;
    for (u64 r : runs_) n += r;
    return n;
  }

 protected:
  const int parts_;
  std::vector<u64> runs_, resets_, judged_;
  std::vector<int> lost_;
};

CrewOptions Rounds(u64 rounds, Sync sync = Sync::kTimebase) {
  CrewOptions o;
  o.sync = sync;
  o.rounds = rounds;
  o.seconds = 1e9;
  return o;
}

TEST(Crew, EveryPartRunsOnEveryCellInEveryRound) {
  InstallEscape();
  for (const Sync sync : {Sync::kTimebase, Sync::kSpin, Sync::kNone}) {
    for (const int parts : {1, 2, 3}) {
      Counting w(parts, 16);
      const CrewResult r = RunCrew(w, Rounds(64, sync));
      ASSERT_TRUE(r.status.ok());
      EXPECT_EQ(r.meters.rounds, 64u);
      EXPECT_EQ(r.meters.ops, 64u * 3);
      EXPECT_EQ(w.runs(), 64u * static_cast<u64>(parts));
      EXPECT_EQ(r.outcomes, (std::map<std::string, u64>{{"fine", 64}})) << parts;
      u64 skews = 0;
      for (const u64 n : r.meters.skew.bucket) skews += n;
      EXPECT_EQ(skews, 64u);
    }
  }
}

// Which thread has which part changes, or one processor would always play the same role.
class WhoIsWho final : public Counting {
 public:
  WhoIsWho() : Counting(2, 4) {}
  void Begin(int part) override {
    thread_local char me;
    if (part == 0) first_.insert(&me);
  }
  std::set<const void*> first_;
};

TEST(Crew, ThreadsTradeParts) {
  InstallEscape();
  WhoIsWho w;
  RunCrew(w, Rounds(4 * 40));
  EXPECT_EQ(w.first_.size(), 2u);  // by chance the same 40 times: 2^-39
}

TEST(Crew, OnePartNeverOverlaps) {
  InstallEscape();
  Counting w(1, 16);
  EXPECT_EQ(RunCrew(w, Rounds(160)).meters.overlapped, 0u);
}

// A part waits inside its round until the other one has begun, and for the next tick: they overlapped, whatever the machine did, and its timebase can
// tell, though it ticks but once in 40 ns, or in a microsecond under qemu.
class Together final : public Counting {
 public:
  Together() : Counting(2, 16), in_(16) {}
  void Reset(u32 cell) override {
    in_[cell] = 0;
    Counting::Reset(cell);
  }
  void Run(int part, u32 cell) override {
    ++in_[cell];
    while (in_[cell] < 2) native::Relax();
    for (const u64 met = Ticks(); Ticks() == met;) native::Relax();
    Counting::Run(part, cell);
  }
  std::vector<std::atomic<int>> in_;
};

TEST(Crew, PartsThatMeetOverlap) {
  InstallEscape();
  Together w;
  EXPECT_EQ(RunCrew(w, Rounds(160, Sync::kSpin)).meters.overlapped, 160u);
}

// Whoever faults, or never comes back, loses its round; the crew goes on.
class Unruly final : public Counting {
 public:
  explicit Unruly(bool stuck) : Counting(2, 8), stuck_(stuck) {}
  void Run(int part, u32 cell) override {
    Counting::Run(part, cell);
    if (part != 1 || cell != 5) return;
    if (stuck_) {
      for (;;) native::Relax();
    }
    *reinterpret_cast<volatile u64*>(u64{64}) = 1;
  }

 private:
  const bool stuck_;
};

TEST(Crew, AFaultLosesItsRoundAlone) {
  InstallEscape();
  Unruly w(false);
  const CrewResult r = RunCrew(w, Rounds(80));
  EXPECT_EQ(r.outcomes, (std::map<std::string, u64>{{"fine", 70}, {"lost", 10}}));
  EXPECT_EQ(r.kept.at("lost"), std::vector<std::string>{std::to_string(static_cast<int>(Left::kFault))});
}

TEST(Crew, WhoIsStuckIsThrownOut) {
  InstallEscape();
  Unruly w(true);
  CrewOptions o = Rounds(16);
  o.stuck_seconds = 0.05;
  const CrewResult r = RunCrew(w, o);
  EXPECT_EQ(r.outcomes, (std::map<std::string, u64>{{"fine", 14}, {"lost", 2}}));
  EXPECT_EQ(r.kept.at("lost"), std::vector<std::string>{std::to_string(static_cast<int>(Left::kStuck))});
}

TEST(Crew, WhoCannotBePinnedRunsNothing) {
  Counting w(2, 8);
  CrewOptions o = Rounds(80);
  o.pin = [](int thread) { return thread == 1 ? absl::FailedPreconditionError("no such seat") : absl::OkStatus(); };
  const CrewResult r = RunCrew(w, o);
  EXPECT_EQ(r.status.message(), "no such seat");
  EXPECT_EQ(w.runs(), 0u);
}

TEST(Crew, DriftIsCounted) {
  Counting w(2, 8);
  CrewOptions o = Rounds(80);
  std::atomic<int> asked = 0;
  o.still_there = [&](int thread) { return thread == 0 || asked++ != 3; };  // in the fourth batch
  const CrewResult r = RunCrew(w, o);
  EXPECT_EQ(r.meters.drifted, 8u);
}

TEST(Canary, JudgesItsOutcomes) {
  for (const char* name : {"SB", "MP", "LB"}) {
    const std::unique_ptr<Workload> w = MakeCanary(name, 4);
    ASSERT_NE(w, nullptr);
    // One part after the other: nothing weak can come of it.
    for (const auto [first, second] : {std::pair{0, 1}, std::pair{1, 0}}) {
      w->Reset(2);
      w->Run(first, 2);
      w->Run(second, 2);
      EXPECT_EQ(w->Judge(2).name, "strong") << name;
    }
  }
  // Both loads saw nothing: as far as the results go, that is what the weak outcome of SB is.
  const std::unique_ptr<Workload> sb = MakeCanary("SB", 4);
  sb->Reset(0);
  EXPECT_EQ(sb->Judge(0).name, "weak");
  EXPECT_EQ(MakeCanary("IRIW"), nullptr);
}

}  // namespace
}  // namespace ordeal::stress
