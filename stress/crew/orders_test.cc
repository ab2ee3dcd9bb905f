// Is a finding of the real memory what no order explains, and nothing else?
#include "stress/crew/orders.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace ordeal::stress {
namespace {

// Logs of one round, as threads write them. Ticks are the test's.
class Round {
 public:
  explicit Round(int cpus) : logs_(static_cast<size_t>(cpus)), allocs_(static_cast<size_t>(cpus)) { geometry_.cpus = static_cast<u8>(cpus); }

  ObjectId Alloc(int cpu, u64 tick, u64 index) {
    const ObjectId id = static_cast<u32>(cpu + 1) << kOwnShift | ++allocs_[static_cast<size_t>(cpu)];
    ShadowEvent& e = Add(cpu, tick, EventKind::kAlloc, id);
    e.offset = kOffsetOfRegion + index * geometry_.object_bytes;
    e.bytes = geometry_.object_bytes;
    return id;
  }
  void Free(int cpu, u64 tick, ObjectId id, u64 index) {
    Add(cpu, tick, EventKind::kFree, id).offset = kOffsetOfRegion + index * geometry_.object_bytes;
    Add(cpu, tick + 1, EventKind::kFreed, id);
  }
  void Touch(int cpu, u64 tick, ObjectId id, bool write, u64 value) {
    ShadowEvent& e = Add(cpu, tick, EventKind::kTouch, id);
    e.a = 1;
    e.b = write;
    e.value = value;
  }
  void Publish(int cpu, u64 tick, ObjectId id, MessageId m) {
    ShadowEvent& e = Add(cpu, tick, EventKind::kPublish, id);
    e.message = m;
    e.a = static_cast<u32>(ordeal::Publish::kRelease);
  }
  ObjectId Consume(int cpu, u64 tick, MessageId m) {
    ShadowEvent& e = Add(cpu, tick, EventKind::kConsume, kByMessage | m);
    e.message = m;
    e.a = static_cast<u32>(ordeal::Consume::kAcquire);
    return kByMessage | m;
  }
  ShadowEvent& Add(int cpu, u64 tick, EventKind kind, ObjectId object) {
    CpuEvents& events = logs_[static_cast<size_t>(cpu)];
    ShadowEvent e{kind};
    e.cpu = static_cast<u8>(cpu);
    e.object = object;
    events.push_back({tick, e, false});
    return events.back().e;
  }

  void ShakeClocks(Rng& rng, u64 by) {
    for (CpuEvents& events : logs_)
      for (Logged& l : events) l.tick += rng.Below(by);
  }

  Sense Find() {
    cpus_ = logs_;
    understood_ = Understand(cpus_);
    ShadowEvent slab{EventKind::kSlabNew};
    slab.offset = kOffsetOfRegion;
    slab.bytes = geometry_.object_bytes;
    slab.value = geometry_.objects_per_slab();
    const ShadowEvent format[] = {slab};
    return Orders(shadow_).Find(geometry_, format, cpus_);
  }
  bool understood() const { return understood_; }
  const Shadow& shadow() const { return shadow_; }
  const std::vector<CpuEvents>& cpus() const { return cpus_; }

 private:
  Geometry geometry_{4096, 0, 256, Exts::kNone, 2, 1};
  std::vector<CpuEvents> logs_, cpus_;
  std::vector<u32> allocs_;
  Shadow shadow_;
  bool understood_ = false;
};

TEST(Orders, AnObjectThatIsFreedAndTakenAgainIsFineWhateverTheClocksSay) {
  Rng rng(1);
  for (int i = 0; i < 200; ++i) {
    Round r(2);
    const ObjectId a = r.Alloc(0, 10, 3);
    r.Free(0, 20, a, 3);
    const ObjectId b = r.Alloc(1, 30, 3);
    r.Touch(1, 31, b, true, 7);
    r.Free(1, 40, b, 3);
    r.ShakeClocks(rng, 100);
    EXPECT_EQ(r.Find(), Sense::kFine) << i;
  }
}

// CPU 1 took the object while CPU 0 still had it: CPU 0 gave it away after it had heard of that.
TEST(Orders, AnOverlapThatMessagesProveIsWrongWhateverTheClocksSay) {
  Rng rng(2);
  for (int i = 0; i < 200; ++i) {
    Round r(2);
    const ObjectId a = r.Alloc(0, 10, 3);
    r.Touch(0, 12, a, true, 5);
    const ObjectId b = r.Alloc(1, 1, 3);
    r.Publish(1, 2, b, 4);
    r.Consume(0, 20, 4);
    r.Free(0, 30, a, 3);
    r.ShakeClocks(rng, 100);
    ASSERT_EQ(r.Find(), Sense::kWrong) << i;
    ASSERT_TRUE(r.understood());
    EXPECT_EQ(r.shadow().first_effect()->violation, Violation::kOverlap);
  }
}

// Neither gives it back: no order helps.
TEST(Orders, TwoWhoKeepOneObjectAreWrong) {
  Round r(2);
  r.Alloc(0, 10, 3);
  r.Alloc(1, 500, 3);
  EXPECT_EQ(r.Find(), Sense::kWrong);
}

TEST(Orders, AMessageIsTakenAfterItWasPublished) {
  Round r(2);
  const ObjectId a = r.Alloc(0, 100, 3);
  r.Touch(0, 101, a, true, 9);
  r.Publish(0, 102, a, 1);
  const ObjectId got = r.Consume(1, 1, 1);  // by a clock that is late
  r.Touch(1, 2, got, false, 9);
  r.Free(1, 3, got, 3);
  EXPECT_EQ(r.Find(), Sense::kFine);
  EXPECT_EQ(r.cpus()[1][0].e.object, r.cpus()[0][0].e.object) << "the message's object is the publisher's";
}

TEST(Orders, AnOldValueIsStaleInEveryOrder) {
  Round r(2);
  const ObjectId a = r.Alloc(0, 100, 3);
  r.Touch(0, 101, a, true, 9);
  r.Publish(0, 102, a, 1);
  const ObjectId got = r.Consume(1, 200, 1);
  r.Touch(1, 201, got, false, 0);
  EXPECT_EQ(r.Find(), Sense::kWrong);
  EXPECT_EQ(r.shadow().first_effect()->violation, Violation::kStaleContents);
}

TEST(Orders, AMessageThatNobodySentIsNotUnderstood) {
  Round r(2);
  r.Alloc(0, 1, 3);
  r.Consume(1, 5, 77);
  r.Find();
  EXPECT_FALSE(r.understood());
}

// What an allocator tells during an alloc concerns the object that it is about to give.
TEST(Orders, WhatIsToldDuringAnAllocComesBehindIt) {
  std::vector<CpuEvents> cpus(1);
  ShadowEvent charge{EventKind::kCharge};
  ShadowEvent alloc{EventKind::kAlloc};
  alloc.object = 1 << kOwnShift | 1;
  ShadowEvent another = alloc;
  ++another.object;
  cpus[0] = {{5, charge, true}, {6, alloc, false}, {7, charge, true}, {8, another, false}};
  ASSERT_TRUE(Understand(cpus));
  ASSERT_EQ(cpus[0].size(), 4u);
  EXPECT_EQ(cpus[0][3].e.object, cpus[0][2].e.object);
  EXPECT_EQ(cpus[0][0].e.kind, EventKind::kAlloc);
  EXPECT_EQ(cpus[0][1].e.kind, EventKind::kCharge);
  EXPECT_EQ(cpus[0][1].e.object, cpus[0][0].e.object);
}

// The clocks, and the numbers of the CPUs, say the wrong one was first.
TEST(Orders, WhoKeepsTheObjectWasLast) {
  for (const int keeper : {0, 1}) {
    Round r(2);
    r.Alloc(keeper, 10, 3);
    const ObjectId a = r.Alloc(1 - keeper, 20, 3);
    r.Free(1 - keeper, 30, a, 3);
    EXPECT_EQ(r.Find(), Sense::kFine) << keeper;
  }
}

// Each CPU has much to do with objects of its own, and two keep the same one: that there is no order is clear at once only to who leaves out those
// that would be the same.
TEST(Orders, WhatHasNothingInCommonIsNotTriedInEveryOrder) {
  for (const bool keep : {false, true}) {
    Round r(4);
    for (int cpu = 0; cpu < 4; ++cpu) {
      for (u64 i = 0; i < 8; ++i) {
        const u64 index = static_cast<u64>(cpu);
        const ObjectId id = r.Alloc(cpu, i, index);
        r.Touch(cpu, i, id, true, i);
        r.Free(cpu, i, id, index);
      }
    }
    const ObjectId a = r.Alloc(0, 100, 9);
    r.Alloc(1, 101, 9);
    if (!keep) r.Free(0, 102, a, 9);
    EXPECT_EQ(r.Find(), keep ? Sense::kWrong : Sense::kFine);
  }
}

}  // namespace
}  // namespace ordeal::stress
