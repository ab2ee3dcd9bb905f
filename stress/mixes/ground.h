// Where do a mix's own records lie? In memory that does not come from the allocator under test: what that destroys must not destroy the record of it.
// The memory is shared with the processes that this one forks, and is there when they are gone.
#pragma once
#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

#include <sys/mman.h>

#include "base/check.h"

namespace ordeal::stress {

class Ground {
 public:
  static constexpr size_t kBytes = 64 << 20;  // touched as used

  Ground() {
    void* start = mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (start != MAP_FAILED) start_ = static_cast<char*>(start);
  }
  ~Ground() {
    if (start_ != nullptr) munmap(start_, kBytes);
  }
  Ground(const Ground&) = delete;
  Ground& operator=(const Ground&) = delete;

  // False: there was no memory, and nothing may be made.
  bool ok() const { return start_ != nullptr; }

  // `n` of them, as T() makes them. Never destroyed.
  template <class T>
  T* Make(size_t n = 1) {
    T* first = static_cast<T*>(Take(n * sizeof(T), alignof(T)));
    for (size_t i = 0; i < n; ++i) new (first + i) T();
    static_assert(std::is_trivially_destructible_v<T>);
    return first;
  }
  template <class T, class... Arguments>
  T* New(Arguments&&... arguments) {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (Take(sizeof(T), alignof(T))) T(std::forward<Arguments>(arguments)...);
  }

 private:
  void* Take(size_t bytes, size_t alignment) {
    used_ = (used_ + alignment - 1) / alignment * alignment;
    ORDEAL_CHECK(used_ + bytes <= kBytes, "a mix's records fit");
    void* start = start_ + used_;
    used_ += bytes;
    return start;
  }

  char* start_ = nullptr;
  size_t used_ = 0;
};

}  // namespace ordeal::stress
