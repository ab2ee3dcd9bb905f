// Is ordeal::atomic a drop-in for std::atomic? The same code is run on both, and must do the same.
#include "memory/atomic.h"

#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "memory/native/native.h"

namespace ordeal {
namespace {

template <class T>
using OnNative = atomic<T, Native>;
template <class T>
using OnPlanted = atomic<T, NativePlanted>;
template <class T>
using OnStd = std::atomic<T>;

// Every member that a port may use, folded into one number.
template <template <class> class Atomic>
std::vector<u64> Exercise() {
  std::vector<u64> seen;
  const auto note = [&](auto x) { seen.push_back(static_cast<u64>(x)); };
  constexpr std::memory_order kAll[] = {std::memory_order_relaxed, std::memory_order_acquire, std::memory_order_release, std::memory_order_acq_rel,
                                        std::memory_order_seq_cst};
  constexpr std::memory_order kLoads[] = {std::memory_order_relaxed, std::memory_order_consume, std::memory_order_acquire, std::memory_order_seq_cst};
  constexpr std::memory_order kStores[] = {std::memory_order_relaxed, std::memory_order_release, std::memory_order_seq_cst};

  Atomic<u32> a(5);
  for (auto o : kLoads) note(a.load(o));
  for (auto o : kStores) a.store(a.load() + 1, o);
  for (auto o : kAll) note(a.exchange(a + 3, o));
  for (auto o : kAll)
    note(a.fetch_add(7, o)), note(a.fetch_sub(2, o)), note(a.fetch_or(0x100, o)), note(a.fetch_and(0xfff, o)), note(a.fetch_xor(0x55, o));
  for (auto success : kAll) {
    for (auto failure : kLoads) {
      u32 expected = 1;
      note(a.compare_exchange_strong(expected, 2, success, failure));
      note(expected);
      note(a.compare_exchange_strong(expected, expected + 1, success, failure));
    }
    u32 expected = a;
    while (!a.compare_exchange_weak(expected, expected * 3, success)) {
    }
  }
  note(a++), note(++a), note(a--), note(--a), note(a += 5), note(a -= 2), note(a |= 8), note(a &= ~2u), note(a ^= 1), note(a = 9), note(u32{a});
  note(a.is_lock_free());

  Atomic<i16> narrow(-1);
  note(narrow.fetch_add(2)), note(narrow.fetch_sub(3)), note(narrow.load()), note(narrow -= 32767), note(++narrow);

  int array[8] = {};
  Atomic<int*> pointer(&array[2]);
  note(pointer.fetch_add(3) - array), note(pointer.fetch_sub(1) - array), note(++pointer - array), note(pointer-- - array),
      note((pointer += -2) - array);
  int* expected = nullptr;
  note(pointer.compare_exchange_strong(expected, array)), note(expected - array);
  note(pointer.exchange(nullptr) - array), note(pointer.load() == nullptr);

  Atomic<bool> flag(false);
  note(flag.exchange(true)), note(bool{flag});
  enum class Color : u8 { kRed, kGreen };
  Atomic<Color> color(Color::kGreen);
  note(color.load() == Color::kGreen);
  struct Tagged {
    u32 index, tag;
  };
  Atomic<Tagged> tagged(Tagged{1, 2});
  Tagged old = tagged.load();
  note(tagged.compare_exchange_strong(old, Tagged{3, old.tag + 1})), note(tagged.load().index), note(tagged.load().tag);
  Atomic<double> real(1.5);
  note(real.exchange(2.5) * 10), note(real.load() * 10);
  return seen;
}

TEST(Atomic, DoesAsStdAtomicDoes) {
  const std::vector<u64> expected = Exercise<OnStd>();
  EXPECT_GT(expected.size(), 100u);
  EXPECT_EQ(Exercise<OnNative>(), expected);
  EXPECT_EQ(Exercise<OnPlanted>(), expected);
}

TEST(Atomic, HasTheLayoutOfItsType) {
  static_assert(sizeof(OnNative<u8>) == 1 && sizeof(OnNative<u32>) == 4 && sizeof(OnNative<void*>) == 8);
  static_assert(!std::is_copy_constructible_v<OnNative<u32>> && !std::is_copy_assignable_v<OnNative<u32>>);
  static_assert(std::is_same_v<OnNative<u32>::value_type, u32> && OnNative<u32>::is_always_lock_free);
  OnNative<u32> a;
  a.init(4);
  EXPECT_EQ(a.load(), 4u);
}

template <class A>
concept HasFetchAdd = requires(A a) { a.fetch_add(1); };
template <class A>
concept HasFetchOr = requires(A a, typename A::value_type x) { a.fetch_or(x); };
TEST(Atomic, ArithmeticIsThereForTheTypesThatHaveIt) {
  static_assert(HasFetchAdd<OnNative<u64>> && HasFetchAdd<OnNative<int*>> && !HasFetchAdd<OnNative<bool>>);
  static_assert(HasFetchOr<OnNative<u64>> && !HasFetchOr<OnNative<int*>> && !HasFetchOr<OnNative<bool>>);
}

// Code as one finds it: a Treiber stack of nodes that are never freed, two threads.
TEST(Atomic, RunsAPortedStack) {
  struct Node {
    OnNative<Node*> next;
    u32 taken;
  };
  constexpr int kNodes = 1000, kRounds = 100'000;
  std::vector<Node> nodes(kNodes);
  OnNative<u64> head(0);  // index + 1, and a tag above against ABA
  const auto push = [&](u32 index) {
    u64 old = head.load(std::memory_order_relaxed), next;
    do {
      nodes[index].next.store(reinterpret_cast<Node*>(old & 0xffffffff), std::memory_order_relaxed);
      next = (old & ~u64{0xffffffff}) | (index + 1);
    } while (!head.compare_exchange_weak(old, next, std::memory_order_release, std::memory_order_relaxed));
  };
  const auto pop = [&]() -> u32 {
    u64 old = head.load(std::memory_order_acquire), next;
    do {
      if ((old & 0xffffffff) == 0) return 0;
      const u64 below = reinterpret_cast<u64>(nodes[(old & 0xffffffff) - 1].next.load(std::memory_order_relaxed));
      next = ((old >> 32) + 1) << 32 | below;
    } while (!head.compare_exchange_weak(old, next, std::memory_order_acquire, std::memory_order_acquire));
    return static_cast<u32>(old);
  };
  for (u32 i = 0; i < kNodes; ++i) push(i);
  int twice[2] = {};
  const auto work = [&](int me) {
    for (int i = 0; i < kRounds; ++i) {
      const u32 index = pop();
      if (index == 0) continue;
      twice[me] += nodes[index - 1].taken++ != 0;
      nodes[index - 1].taken = 0;
      push(index - 1);
    }
  };
  std::thread other([&] { work(1); });
  work(0);
  other.join();
  EXPECT_EQ(twice[0] + twice[1], 0);
  int left = 0;
  while (pop() != 0) ++left;
  EXPECT_EQ(left, kNodes);
}

}  // namespace
}  // namespace ordeal
