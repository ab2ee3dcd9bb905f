// Does it hold on the real memory, with two threads at work? They trade objects through mailboxes and free each other's.
//
// Rounds are bounded, and the test says what it did: without overlap and remote frees it would be green for nothing.
#include <atomic>
#include <thread>

#include "allocator/example_bitmap.h"
#include "allocator/properties/instance_testing.h"
#include "allocator/registry.h"
#include "gtest/gtest.h"

namespace ordeal {
namespace {

constexpr int kBoxes = 8;
constexpr int kLeastRounds = 50'000, kMostRounds = 3'000'000;
constexpr u64 kWanted = 100;  // remote frees and signs of overlap, of each thread

inline constexpr Site<Order::kFull> kTrade{kTestSites + 60};

template <class A>
class Traders {
 public:
  using M = typename A::Policy;

  explicit Traders(const Geometry& g) : machine_(A::Footprint(g)), allocator_(machine_.base(), g, {}) {
    allocator_.Format();
    for (auto& row : boxes_) {
      for (Box& box : row) M::poke(box.object, u64{0});
    }
  }

  void Run() {
    std::thread other([this] { Work(1); });
    Work(0);
    other.join();
    for (auto& row : boxes_) {
      for (Box& box : row) {
        if (const u64 object = M::peek(box.object)) Free(0, object);
      }
    }
  }

  A& allocator() { return allocator_; }
  Machine<M>& machine() { return machine_; }
  u64 remote_frees(int cpu) const { return remote_[cpu]; }
  u64 overlaps(int cpu) const { return overlaps_[cpu]; }
  u64 spoilt() const { return spoilt_[0] + spoilt_[1]; }

 private:
  struct alignas(64) Box {
    typename M::template Word<u64> object;
  };

  // First and last word of an object agree from write to free, unless two have it.
  u64* First(u64 object) const { return reinterpret_cast<u64*>(object); }
  u64* Last(u64 object) const { return reinterpret_cast<u64*>(object + allocator_.UsableBytes()) - 1; }
  void Free(int cpu, u64 object) {
    spoilt_[cpu] += *First(object) != *Last(object) || *First(object) >> 1 == 0;
    *First(object) = *Last(object) = 0;
    allocator_.Free(cpu, object);
  }

  void Work(int me) {
    ++started_;
    while (started_ < 2) std::this_thread::yield();
    u64 seen = 0;
    for (u64 round = 1; round <= kMostRounds; ++round) {
      progress_[me].store(round, std::memory_order_relaxed);
      const u64 others = progress_[1 - me].load(std::memory_order_relaxed);
      overlaps_[me] += others != seen && others != 0;
      seen = others;
      if (const u64 object = allocator_.Alloc(me, round % 3 != 0)) {
        *First(object) = *Last(object) = round << 1 | static_cast<u64>(me);
        if (const u64 old = boxes_[1 - me][round % kBoxes].object.xchg(object, kTrade)) Free(me, old);
      }
      if (const u64 object = boxes_[me][round % kBoxes].object.xchg(0, kTrade)) {
        remote_[me] += (*First(object) & 1) != static_cast<u64>(me);
        Free(me, object);
      }
      const bool enough = remote_[me] >= kWanted && overlaps_[me] >= kWanted && round >= kLeastRounds;
      if (enough) done_[me].store(true, std::memory_order_relaxed);
      if (enough && done_[1 - me].load(std::memory_order_relaxed)) return;
      if (round % 4096 == 0) std::this_thread::yield();  // one processor may be all there is
    }
    done_[me] = true;
  }

  Machine<M> machine_;
  A allocator_;
  Box boxes_[2][kBoxes];
  std::atomic<int> started_ = 0;
  std::atomic<u64> progress_[2] = {};
  std::atomic<bool> done_[2] = {};
  u64 remote_[2] = {}, overlaps_[2] = {}, spoilt_[2] = {};
};

template <class A>
class Threads : public testing::Test {};
using Subjects =
    testing::Types<Locked<Native>, Locked<NativePlanted>, Slub<Native>, Slub<NativePlanted>, ExampleBitmap<Native>, ExampleBitmap<NativePlanted>>;
TYPED_TEST_SUITE(Threads, Subjects);

// One trade; true if objects really changed hands while both threads ran.
template <class A>
bool TradeAndBalance(const Geometry& g) {
  Traders<A> t(g);
  t.Run();
  EXPECT_EQ(t.spoilt(), 0u);
  // All at rest: every object is listed once, nothing is charged.
  Said said;
  A at_rest(t.machine().base(), g, said.hooks());
  at_rest.Enumerate();
  EXPECT_EQ(said.counter, 0u);
  EXPECT_EQ(said.listed.size(), u64{g.cpus} * g.slabs_per_cpu * g.objects_per_slab());
  EXPECT_EQ(std::set<u64>(said.listed.begin(), said.listed.end()).size(), said.listed.size());
  bool shown = true;
  for (int cpu : {0, 1}) shown &= t.remote_frees(cpu) >= kWanted && t.overlaps(cpu) >= kWanted;
  return shown;
}

// A busy machine may run the threads one after the other, which shows nothing: then again.
TYPED_TEST(Threads, TradeObjectsAndBalance) {
  constexpr int kAttempts = 40;
  Geometry wandering{4096, 0, 512, Exts::kLate, 2, 1}, locked{4096, 0, 512, Exts::kLate, 2, 2}, both{4096, 0, 1024, Exts::kLate, 2, 1};
  wandering.nodes = both.nodes = 1;
  locked.dwcas = both.dwcas = false;
  both.stride = StrideAt::kSubWord;
  for (const Geometry& g : {Geometry{4096, 0, 256, Exts::kLate, 2, 1}, Geometry{4096, 0, 512, Exts::kInObject, 2, 2},
                            Geometry{65536, 1, 65536, Exts::kInObject, 2, 2}, wandering, locked, both}) {
    SCOPED_TRACE(g.object_bytes);
    bool shown = false;
    for (int attempt = 0; attempt < kAttempts && !shown; ++attempt) shown = TradeAndBalance<TypeParam>(g);
    EXPECT_TRUE(shown) << "the threads ran one after the other " << kAttempts << " times: this test has shown nothing";
  }
}

}  // namespace
}  // namespace ordeal
