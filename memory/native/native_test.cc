// Does the real memory do what the vocabulary says? Values here; orders show in the machine code only, or on weak machines in the long run.
#include "memory/native/native.h"

#include <thread>

#include "gtest/gtest.h"

namespace ordeal {
namespace {

template <Order O>
inline constexpr Site<O> kAt{kTestSites + static_cast<u16>(O)};

template <class M>
class NativeTest : public testing::Test {
 protected:
  void TearDown() override { g_sites.Clear(); }
};
using Memories = testing::Types<Native, NativePlanted>;
TYPED_TEST_SUITE(NativeTest, Memories);

TYPED_TEST(NativeTest, AWordIsTheBareType) {
  using M = TypeParam;
  static_assert(sizeof(typename M::template Word<u8>) == 1 && sizeof(typename M::template Word<u64>) == 8 &&
                sizeof(typename M::template Word<void*>) == 8);
  static_assert(sizeof(typename M::DoubleWord) == 16 && alignof(typename M::DoubleWord) == 16);
  static_assert(sizeof(typename M::Spinlock) == 4);
  static_assert(std::is_standard_layout_v<typename M::template Word<u64>> &&
                std::is_trivially_default_constructible_v<typename M::template Word<u64>>);
  static_assert(!std::is_copy_constructible_v<typename M::template Word<u64>>);
}

template <class M, class T>
void AccessesOf() {
  typename M::template Word<T> w;
  M::poke(w, T{1});
  EXPECT_EQ(w.plain(), T{1});
  w.set_plain(T{2});
  EXPECT_EQ(w.read_once(kAt<Order::kOnce>), T{2});
  w.write_once(T{3}, kAt<Order::kOnce>);
  EXPECT_EQ(w.load_acquire(kAt<Order::kAcquire>), T{3});
  w.store_release(T{4}, kAt<Order::kRelease>);
  EXPECT_EQ(M::peek(w), T{4});
  for (Order o : {Order::kPlain, Order::kOnce, Order::kRelease}) {
    w.store(static_cast<T>(w.load(o, 0) + 1), o, 0);
  }
  EXPECT_EQ(w.load(Order::kAcquire, 0), T{7});
  for (Order o : {Order::kOnce, Order::kAcquire, Order::kRelease, Order::kFull}) {
    EXPECT_EQ(w.exchange(T{7}, o, 0), T{7});
    T seen{9};
    EXPECT_FALSE(w.compare_exchange(seen, T{8}, o, 0));
    EXPECT_EQ(seen, T{7});
    EXPECT_TRUE(w.compare_exchange(seen, T{7}, o, 0));
  }
}
TYPED_TEST(NativeTest, Accesses) {
  AccessesOf<TypeParam, u8>();
  AccessesOf<TypeParam, u16>();
  AccessesOf<TypeParam, u32>();
  AccessesOf<TypeParam, u64>();
}

template <class M, Order O>
void ReadModifyWrites() {
  typename M::template Word<u16> w;
  w.set_plain(0xfff0);
  EXPECT_EQ(w.fetch_add(0x20, kAt<O>), 0xfff0);
  EXPECT_EQ(w.add_return(1, kAt<O>), 0x11);
  EXPECT_EQ(w.fetch_sub(0x12, kAt<O>), 0x11);
  EXPECT_EQ(w.sub_return(1, kAt<O>), 0xfffe);
  EXPECT_EQ(w.fetch_and(0x00ff, kAt<O>), 0xfffe);
  EXPECT_EQ(w.fetch_or(0x0100, kAt<O>), 0x00fe);
  EXPECT_EQ(w.fetch_xor(0xffff, kAt<O>), 0x01fe);
  EXPECT_EQ(w.xchg(5, kAt<O>), 0xfe01);
  u16 seen = 4;
  EXPECT_FALSE(w.cmpxchg(seen, 6, kAt<O>));
  EXPECT_EQ(seen, 5);
  EXPECT_TRUE(w.cmpxchg(seen, 6, kAt<O>));
  EXPECT_EQ(w.plain(), 6);
}
TYPED_TEST(NativeTest, ReadModifyWritesOfEveryOrder) {
  ReadModifyWrites<TypeParam, Order::kOnce>();
  ReadModifyWrites<TypeParam, Order::kAcquire>();
  ReadModifyWrites<TypeParam, Order::kRelease>();
  ReadModifyWrites<TypeParam, Order::kFull>();
  typename TypeParam::template Word<u32> w;
  w.set_plain(1);
  w.add(2, kAt<Order::kNoReturn>);
  w.sub(1, kAt<Order::kNoReturn>);
  EXPECT_EQ(w.plain(), 2u);
}

// A planted order changes what is ordered, never what is computed.
TYPED_TEST(NativeTest, PlantedOrdersComputeTheSame) {
  for (Order wrong : {Order::kPlain, Order::kOnce, Order::kNone, Order::kAcquire, Order::kRelease}) {
    for (int o = 0; o < kOrders; ++o) g_sites.Plant(kTestSites + static_cast<u16>(o), wrong);
    AccessesOf<TypeParam, u64>();
    ReadModifyWrites<TypeParam, Order::kFull>();
    TypeParam::wmb(kAt<Order::kWmb>);
    TypeParam::rmb(kAt<Order::kRmb>);
    TypeParam::mb(kAt<Order::kMb>);
  }
}

TYPED_TEST(NativeTest, ChangesArePlantedOnNativePlantedAlone) {
  EXPECT_FALSE(TypeParam::changed(Change{3}));
  g_sites.Plant(Change{3});
  EXPECT_EQ(TypeParam::changed(Change{3}), (std::is_same_v<TypeParam, NativePlanted>));
  EXPECT_FALSE(TypeParam::changed(Change{4}));
}

TYPED_TEST(NativeTest, DoubleWord) {
  typename TypeParam::DoubleWord d;
  TypeParam::poke(d.lo, u64{1});
  TypeParam::poke(d.hi, u64{2});
  u64 lo = 1, hi = 3;
  EXPECT_FALSE(d.cmpxchg(lo, hi, 5, 6, kAt<Order::kFull>));
  EXPECT_EQ(lo, 1u);
  EXPECT_EQ(hi, 2u);
  lo = 7;
  EXPECT_FALSE(d.cmpxchg(lo, hi, 5, 6, kAt<Order::kAcquire>));
  EXPECT_EQ(lo, 1u);
  EXPECT_TRUE(d.cmpxchg(lo, hi, 5, 6, kAt<Order::kRelease>));
  EXPECT_EQ(d.lo.plain(), 5u);
  EXPECT_EQ(d.hi.read_once(kAt<Order::kOnce>), 6u);
}

// A delay comes before the access that it names, whatever kind that is; bare code does not count.
TYPED_TEST(NativeTest, AccessesAreCountedDown) {
  typename TypeParam::template Word<u64> w;
  typename TypeParam::DoubleWord d;
  TypeParam::poke(w, u64{1});
  native::g_delay = {100, 1};
  w.set_plain(w.plain());
  w.write_once(w.read_once(kAt<Order::kOnce>), kAt<Order::kOnce>);
  w.store_release(w.load_acquire(kAt<Order::kAcquire>), kAt<Order::kRelease>);
  w.xchg(2, kAt<Order::kFull>);
  w.add(1, kAt<Order::kNoReturn>);
  u64 old = 3, lo = 0, hi = 0;
  w.cmpxchg(old, 4, kAt<Order::kFull>);
  d.cmpxchg(lo, hi, 1, 1, kAt<Order::kFull>);
  EXPECT_EQ(native::g_delay.accesses, (std::is_same_v<TypeParam, NativePlanted>) ? 100u - 10 : 100u);
  native::g_delay = {};
}

// Both halves always move together, whatever the other thread does.
TYPED_TEST(NativeTest, DoubleWordIsOneStep) {
  typename TypeParam::DoubleWord d;
  TypeParam::poke(d.lo, u64{0});
  TypeParam::poke(d.hi, ~u64{0});
  constexpr int kRounds = 100'000;
  int torn[2] = {};
  const auto work = [&](int me) {
    for (int i = 0; i < kRounds; ++i) {
      u64 lo = d.lo.read_once(kAt<Order::kOnce>);
      u64 hi = ~lo;
      while (!d.cmpxchg(lo, hi, lo + 1, ~(lo + 1), kAt<Order::kOnce>)) torn[me] += hi != ~lo;
    }
  };
  std::thread other([&] { work(1); });
  work(0);
  other.join();
  EXPECT_EQ(d.lo.plain(), 2u * kRounds);
  EXPECT_EQ(torn[0] + torn[1], 0);
}

TYPED_TEST(NativeTest, SpinlockExcludes) {
  struct {
    typename TypeParam::Spinlock lock{};
    u64 count = 0;
  } shared;
  constexpr int kRounds = 100'000;
  const auto work = [&] {
    for (int i = 0; i < kRounds; ++i) {
      if (i % 3 != 0 || !shared.lock.trylock()) shared.lock.lock();
      ++shared.count;
      shared.lock.unlock();
    }
  };
  std::thread other(work);
  work();
  other.join();
  EXPECT_EQ(shared.count, 2u * kRounds);
  EXPECT_TRUE(shared.lock.trylock());
  EXPECT_FALSE(shared.lock.trylock());
}

TYPED_TEST(NativeTest, CastsAsC) {
  int x = 0;
  int* p = TypeParam::template at<int>(reinterpret_cast<u64>(&x));
  EXPECT_EQ(p, &x);
  EXPECT_EQ(TypeParam::template cast<u64>(p), reinterpret_cast<u64>(&x));
  EXPECT_EQ(TypeParam::template cast<int*>(reinterpret_cast<u64>(&x)), &x);
  EXPECT_EQ(TypeParam::template cast<u16>(u32{0x12345}), 0x2345);
  EXPECT_EQ(TypeParam::untracked(u64{5}), 5u);
}

}  // namespace
}  // namespace ordeal
