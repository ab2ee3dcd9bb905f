// Can a mix see what it is there to see? An allocator that is right, but for one planted fault.
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

#include "base/check.h"
#include "memory/order.h"
#include "stress/mixes/malloc_family.h"

namespace ordeal::stress {

enum class Fault : u8 {
  kNone,
  kTwice,         // gives a block a second time, while it is in use
  kInside,        // gives the upper half of a block that is in use
  kDirtyCalloc,   // does not clear what calloc gives
  kMisaligned,    // aligned_alloc forgets what it was asked for
  kShortRealloc,  // realloc copies all but the last byte
  kTooSmall,      // a block has fewer bytes than were asked for
  kWild,          // gives an address where nothing is
  kFaultInside,   // touches an address where nothing is, while it has the lock
  kAbort,         // ends the process
  kNeverBack,     // a call does not come back, and keeps the lock
};

// Size classes of powers of two, a lock around all, nothing given back to the system.
class PlantedHeap {
 public:
  static constexpr u64 kBytes = u64{2} << 30, kHeader = 4096, kEvery = 1009;

  // One at a time in a process: the functions have no argument for it.
  explicit PlantedHeap(Fault fault) : fault_(fault) {
    void* start = mmap(nullptr, kBytes + kBytes / 16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    ORDEAL_CHECK(start != MAP_FAILED, "room for a heap");
    start_ = static_cast<u8*>(start);
    class_ = start_ + kBytes;
    g_heap = this;
  }
  ~PlantedHeap() { munmap(start_, kBytes + kBytes / 16); }

  MallocFamily family() const {
    return {[](size_t n) { return g_heap->Get(n, 1); },
            [](size_t count, size_t n) {
              void* p = g_heap->Get(count * n, 1);
              if (g_heap->fault_ != Fault::kDirtyCalloc && p != nullptr) std::memset(p, 0, count * n);
              return p;
            },
            [](void* old, size_t n) { return g_heap->Move(old, n); },
            [](size_t alignment, size_t n) { return g_heap->Get(n, alignment); },
            [](void* p) { g_heap->Release(p); },
            [](void* p) { return g_heap->SizeOf(p); }};
  }

 private:
  // A block lies at a multiple of its class, and its class is told by a table with a byte for each 16.
  u8& ClassOf(const void* p) { return class_[static_cast<size_t>(static_cast<const u8*>(p) - start_) / 16]; }

  void* Get(size_t n, size_t alignment) {
    const std::lock_guard lock(mutex_);
    const bool now = ++calls_ > 2 * kEvery && fault_ != Fault::kNone && calls_ % kEvery < 8;
    if (now && fault_ == Fault::kAbort) std::abort();
    if (now && fault_ == Fault::kNeverBack)
      for (;;) pause();
    if (now && fault_ == Fault::kFaultInside) {
      usleep(100'000);  // until all others wait for the lock
      *reinterpret_cast<volatile u8*>(u64{1} << 46) = 1;
    }
    if (now && fault_ == Fault::kWild) return reinterpret_cast<void*>(u64{1} << 46);
    if (fault_ == Fault::kMisaligned && alignment > 16 && now_aligned_++ % 8 == 7) return Shifted(n, alignment);
    if (now && last_ != nullptr && fault_ == Fault::kTwice && SizeOf(last_) >= n) return last_;
    if (now && last_ != nullptr && fault_ == Fault::kInside && SizeOf(last_) >= 2 * n && SizeOf(last_) >= 32) {
      u8* half = static_cast<u8*>(last_) + SizeOf(last_) / 2;
      ClassOf(half) = ClassOf(last_) - 1;
      return half;
    }
    void* p = Fresh(n, alignment);
    if (alignment <= 1) last_ = p;
    return p;
  }

  void* Fresh(size_t n, size_t alignment) {
    const auto magnitude = static_cast<size_t>(std::bit_width(std::max<size_t>({n, alignment, 16}) - 1));
    std::vector<void*>& list = free_[magnitude];
    if (!list.empty()) {
      void* p = list.back();
      list.pop_back();
      return p;
    }
    used_ = (used_ + (size_t{1} << magnitude) - 1) >> magnitude << magnitude;
    u8* p = start_ + used_;
    if (reinterpret_cast<u64>(p) % (size_t{1} << std::min<size_t>(magnitude, 12)) != 0 || used_ + (size_t{1} << magnitude) > kBytes) return nullptr;
    used_ += size_t{1} << magnitude;
    ClassOf(p) = static_cast<u8>(magnitude);
    return p;
  }

  // In a block of its own, 16 bytes behind its beginning.
  void* Shifted(size_t n, size_t alignment) {
    u8* whole = static_cast<u8*>(Fresh(n + 16, alignment));
    ClassOf(whole + 16) = ClassOf(whole) | kShifted;
    return whole + 16;
  }

  void Release(void* p) {
    const std::lock_guard lock(mutex_);
    if (p == last_) last_ = nullptr;
    const auto offset = static_cast<size_t>(static_cast<u8*>(p) - start_);
    if (offset >= kBytes || offset % 16 != 0 || ClassOf(p) == 0) return;  // of a fault
    if (ClassOf(p) & kShifted) p = static_cast<u8*>(p) - 16;
    free_[ClassOf(p)].push_back(p);
  }

  void* Move(void* old, size_t n) {
    void* to = Get(n, 1);
    if (to == nullptr) return nullptr;
    size_t kept = std::min(n, SizeOf(old));
    if (fault_ == Fault::kShortRealloc && kept > 0) --kept;
    std::memcpy(to, old, kept);
    if (fault_ == Fault::kShortRealloc) static_cast<u8*>(to)[kept] ^= 0x55;
    Release(old);
    return to;
  }

  size_t SizeOf(void* p) {
    if (static_cast<size_t>(static_cast<u8*>(p) - start_) >= kBytes) return kBytes;  // kWild's
    if (ClassOf(p) & kShifted) return (size_t{1} << (ClassOf(p) - kShifted)) - 16;
    const size_t whole = size_t{1} << ClassOf(p);
    return fault_ == Fault::kTooSmall ? whole - 9 : whole;
  }

  static constexpr u8 kShifted = 0x80;
  static inline PlantedHeap* g_heap = nullptr;
  const Fault fault_;
  std::mutex mutex_;
  u8* start_;
  size_t used_ = kHeader;
  u64 calls_ = 0, now_aligned_ = 0;
  void* last_ = nullptr;
  std::array<std::vector<void*>, 64> free_;
  u8* class_;  // of the block that begins there; 0: none does
};

}  // namespace ordeal::stress
