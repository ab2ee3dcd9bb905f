// A library that answers malloc, for preload_test: it never frees.
#include <cstdint>
#include <cstring>

#include <sys/mman.h>

namespace {

constexpr size_t kBytes = size_t{4} << 30, kLeast = 16;
size_t g_used = 0;

char* Region() {
  static char* const start = static_cast<char*>(mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
  return start;
}

// The size lies in front.
void* Get(size_t alignment, size_t bytes) {
  const size_t all = bytes + 2 * alignment;
  const uintptr_t from = reinterpret_cast<uintptr_t>(Region()) + __atomic_fetch_add(&g_used, all, __ATOMIC_RELAXED);
  const uintptr_t at = (from + kLeast + alignment - 1) / alignment * alignment;
  reinterpret_cast<size_t*>(at)[-1] = bytes;
  return reinterpret_cast<void*>(at);
}

}  // namespace

extern "C" {

void* malloc(size_t bytes) { return Get(kLeast, bytes); }
void free(void*) {}
void* calloc(size_t count, size_t bytes) { return Get(kLeast, count * bytes); }
void* aligned_alloc(size_t alignment, size_t bytes) { return Get(alignment < kLeast ? kLeast : alignment, bytes); }
size_t malloc_usable_size(void* start) { return start == nullptr ? 0 : static_cast<size_t*>(start)[-1]; }
void* realloc(void* old, size_t bytes) {
  void* to = Get(kLeast, bytes);
  const size_t had = malloc_usable_size(old);
  if (old != nullptr) std::memcpy(to, old, had < bytes ? had : bytes);
  return to;
}
}
