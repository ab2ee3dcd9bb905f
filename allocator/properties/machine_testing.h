// How is one piece of code run on any memory? A Machine has a region for an allocator and runs a body that may call it.
#pragma once
#include <cstdlib>
#include <cstring>

#include "allocator/slab_table.h"
#include "memory/model/model.h"
#include "memory/native/native.h"

namespace ordeal {

template <class M>
class Machine;

template <bool kPlantable>
class Machine<NativeMemory<kPlantable>> {
 public:
  // Full of garbage: an image must be written whole.
  explicit Machine(u64 bytes) : region_(std::aligned_alloc(kRegionAlignment, (bytes + kRegionAlignment - 1) & ~(kRegionAlignment - 1))) {
    std::memset(region_, 0xa5, bytes);
  }
  ~Machine() { std::free(region_); }
  Machine(const Machine&) = delete;
  u64 base() const { return reinterpret_cast<u64>(region_); }

  template <class F>
  bool Run(F body) {
    body();
    return true;
  }

 private:
  void* region_;
};

template <>
class Machine<Model> {
 public:
  explicit Machine(u64 bytes) {
    model::MapArena();
    model::ClearImage();
    ORDEAL_CHECK(bytes <= model::kArenaSize, "the region is larger than the arena");
  }
  u64 base() const { return model::kArenaBase; }

  // On one fiber; true if it came to its end.
  template <class F>
  bool Run(F body) {
    model::RunOptions options;
    options.rung = model::Rung::kSequential;
    options.max_steps = model::kMaxSteps;
    return model::Run(1, [](void* self, int) { (*static_cast<F*>(self))(); }, &body, options).ending == model::Ending::kFinished;
  }
};

}  // namespace ordeal
