#include "finding/export/cpp_runtime.h"

namespace ordeal {

const char kCppIncludes[] = R"code(
#include <atomic>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

#ifndef __OPTIMIZE__
#error "compile with -O2: without it every access is made as seq_cst"
#endif

static_assert(std::endian::native == std::endian::little, "accesses of several sizes over the same bytes are laid out for little-endian machines");

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using std::memory_order_acquire, std::memory_order_relaxed, std::memory_order_release, std::memory_order_seq_cst;
)code";

const char kCppAccesses[] = R"code(
// ---- Accesses. The compiler keeps them in this order, as it keeps READ_ONCE() and WRITE_ONCE(); what the machine does is the question.

#define ORDEAL_ACCESS template <class T, std::memory_order kOrder> [[gnu::always_inline]] inline

inline void KeepPlace() { asm volatile("" ::: "memory"); }

template <class T>
[[gnu::always_inline]] inline std::atomic_ref<T> At(unsigned char* at) { return std::atomic_ref<T>(*reinterpret_cast<T*>(at)); }

ORDEAL_ACCESS u64 Load(unsigned char* at) {
  const u64 value = At<T>(at).load(kOrder);
  KeepPlace();
  return value;
}
ORDEAL_ACCESS void Store(unsigned char* at, u64 value) {
  At<T>(at).store(static_cast<T>(value), kOrder);
  KeepPlace();
}
ORDEAL_ACCESS u64 Exchange(unsigned char* at, u64 value) {
  const u64 old = At<T>(at).exchange(static_cast<T>(value), kOrder);
  KeepPlace();
  return old;
}
ORDEAL_ACCESS u64 Add(unsigned char* at, u64 value) {
  const u64 old = At<T>(at).fetch_add(static_cast<T>(value), kOrder);
  KeepPlace();
  return old;
}
// A compare-and-exchange that changes nothing, even where it finds what it asks for.
ORDEAL_ACCESS u64 FailToExchange(unsigned char* at, u64 never) {
  T found = static_cast<T>(never);
  At<T>(at).compare_exchange_strong(found, static_cast<T>(never), kOrder, memory_order_relaxed);
  KeepPlace();
  return found;
}

[[gnu::always_inline]] inline void Fence(std::memory_order order) {
  std::atomic_thread_fence(order);
  KeepPlace();
}

// 1: taken; 0: given up, and the round will not count.
inline u64 Lock(unsigned char* at) {
  for (int turn = 0; turn < 100000; ++turn) {
    if (Exchange<u32, memory_order_acquire>(at, 1) == 0) return 1;
    if (turn % 1000 == 999) std::this_thread::yield();
  }
  return 0;
}
inline void Unlock(unsigned char* at) { Store<u32, memory_order_release>(at, 0); }

// ---- Dependencies. 0, computed from `loaded` behind the compiler's back.
[[gnu::always_inline]] inline u64 Zero(u64 loaded) {
  u64 same = loaded;
  asm volatile("" : "+r"(same));
  return same ^ loaded;
}
// A branch on `loaded` that is taken or not, and comes out at the same place.
[[gnu::always_inline]] inline void Branch(u64 loaded, u64 expected) {
  asm volatile("" : "+r"(loaded));
  if (loaded != expected) asm volatile("nop" ::: "memory");
}
)code";

const char kCppDoubleWord[] = R"code(
// ---- Double words. Without order of its own: the fences around it make that.

struct alignas(16) Pair {
  u64 low, high;
};

// What was found. By instructions, since a library may take a lock, which the accesses of other sizes would not see.
[[gnu::always_inline]] inline Pair CompareExchange16(unsigned char* at, Pair expected, Pair desired) {
#if defined(__x86_64__)
  asm volatile("lock cmpxchg16b %0"
               : "+m"(*reinterpret_cast<Pair*>(at)), "+a"(expected.low), "+d"(expected.high)
               : "b"(desired.low), "c"(desired.high)
               : "memory", "cc");
  return expected;
#elif defined(__aarch64__)
  Pair found;
  u32 failed;
  asm volatile(
      "1: ldxp %0, %1, %3\n"
      "   cmp %0, %4\n"
      "   ccmp %1, %5, #0, eq\n"
      "   b.eq 2f\n"
      "   stxp %w2, %0, %1, %3\n"
      "   cbnz %w2, 1b\n"
      "   b 3f\n"
      "2: stxp %w2, %6, %7, %3\n"
      "   cbnz %w2, 1b\n"
      "3:\n"
      : "=&r"(found.low), "=&r"(found.high), "=&r"(failed), "+Q"(*reinterpret_cast<Pair*>(at))
      : "r"(expected.low), "r"(expected.high), "r"(desired.low), "r"(desired.high)
      : "memory", "cc");
  return found;
#else
  static_assert(__atomic_always_lock_free(sizeof(unsigned __int128), nullptr), "no double-word cmpxchg: on POWER compile with -mcpu=power8 or newer");
  unsigned __int128 found, wanted;
  std::memcpy(&found, &expected, sizeof found);
  std::memcpy(&wanted, &desired, sizeof wanted);
  __atomic_compare_exchange_n(reinterpret_cast<unsigned __int128*>(at), &found, wanted, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
  KeepPlace();
  std::memcpy(&expected, &found, sizeof expected);
  return expected;
#endif
}
)code";

const char kCppRounds[] = R"code(
// ---- The rounds. A batch of fresh cells; every thread goes through them, and all meet before each.

constexpr std::size_t kBatch = 5000;

struct alignas(128) Line {
  unsigned char bytes[128];
};

void MeetOthers(std::atomic<u64>& arrived, u64 all) {
  arrived.fetch_add(1);
  for (int spins = 0; arrived.load(memory_order_acquire) < all; ++spins)
    if (spins > 5000) std::this_thread::yield();
}

unsigned char* Cell(std::vector<Line>& cells, std::size_t round) { return cells[round * kLines].bytes; }

void RunThread(const Thread& thread, std::vector<Line>& cells, std::vector<u64>& seen, std::atomic<u64>& arrived, u64 random) {
  for (std::size_t round = 0; round < kBatch; ++round) {
    MeetOthers(arrived, (round + 1) * kThreads.size());
    random = random * 6364136223846793005u + 1442695040888963407u;
    for (u64 wait = random >> (56 + (random >> 40) % 8); wait > 0; --wait) asm volatile("");  // not always in the same step
    thread.run(Cell(cells, round), seen.data() + round * thread.expected.size());
  }
}

bool IsTheExecution(std::vector<Line>& cells, const std::vector<std::vector<u64>>& seen, std::size_t round) {
  for (std::size_t k = 0; k < kThreads.size(); ++k) {
    const std::vector<u64>& expected = kThreads[k].expected;
    for (std::size_t i = 0; i < expected.size(); ++i)
      if (seen[k][round * expected.size() + i] != expected[i]) return false;
  }
  for (const Word& word : kLeftBehind)
    if (std::memcmp(Cell(cells, round) + word.at, &word.value, 8) != 0) return false;
  return true;
}

u64 RunBatch(std::vector<Line>& cells, u64 rounds, u64 random) {
  for (std::size_t round = 0; round < kBatch; ++round)
    for (const Word& word : kInitial) std::memcpy(Cell(cells, round) + word.at, &word.value, 8);
  std::vector<std::vector<u64>> seen;
  for (const Thread& thread : kThreads) seen.emplace_back(kBatch * thread.expected.size());
  alignas(128) std::atomic<u64> arrived = 0;
  std::vector<std::thread> running;
  for (std::size_t k = 0; k < kThreads.size(); ++k)
    running.emplace_back([&, k] { RunThread(kThreads[k], cells, seen[k], arrived, random + k); });
  for (std::thread& thread : running) thread.join();
  u64 count = 0;
  for (std::size_t round = 0; round < kBatch && round < rounds; ++round) count += IsTheExecution(cells, seen, round);
  return count;
}

int main(int argc, char** argv) {
  char* end = nullptr;
  const u64 rounds = argc < 2 ? 1000000 : std::strtoull(argv[1], &end, 10);
  if (argc > 2 || rounds == 0 || (end != nullptr && *end != 0)) {
    std::fprintf(stderr, "usage: %s [ROUNDS]\n", argv[0]);
    return 2;
  }
  std::vector<Line> cells(kBatch * kLines);
  u64 seen = 0;
  for (u64 done = 0; done < rounds; done += kBatch) seen += RunBatch(cells, rounds - done, done * 2654435761u);
  std::printf("seen %llu of %llu rounds\n", static_cast<unsigned long long>(seen), static_cast<unsigned long long>(rounds));
  return seen > 0 ? 1 : 0;
}
)code";

}  // namespace ordeal
