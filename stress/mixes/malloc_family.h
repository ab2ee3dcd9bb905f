// Which allocator does a mix work on? Functions as C has them: those of this process, unless a test brings its own.
#pragma once
#include <cstddef>

namespace ordeal::stress {

struct MallocFamily {
  void* (*allocate)(size_t bytes);
  void* (*allocate_zeroed)(size_t count, size_t bytes);
  void* (*reallocate)(void* old, size_t bytes);
  void* (*allocate_aligned)(size_t alignment, size_t bytes);
  void (*release)(void* start);
  size_t (*usable_size)(void* start);  // null: it has none, and it is not asked
};

// malloc, calloc, realloc, aligned_alloc, free as they are answered in this process; malloc_usable_size if the same library answers it.
MallocFamily ProcessMalloc();

}  // namespace ordeal::stress
