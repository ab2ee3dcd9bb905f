// Where do the cells of a crew lie, and how is each put back as it was?
//
// Each has a region for the allocator and a line for each shared slot. What an allocator's image looked like is kept beside: whole, since it
// holds addresses.
#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "memory/order.h"

namespace ordeal::stress {

// Binds memory to a node, or advises pages of some size, before it is touched.
using PlaceRegion = std::function<absl::Status(void* start, size_t bytes)>;

class CellMemory {
 public:
  static constexpr u64 kLine = 64;

  // region_bytes of each cell at a multiple of `alignment` (a power of two, at least a page), slots_bytes beside it.
  CellMemory(u32 cells, u64 region_bytes, u64 alignment, u64 slots_bytes, const PlaceRegion& place = nullptr);

  u32 cells() const { return cells_; }
  u64 region(u32 cell) const { return regions_ + cell * region_stride_; }
  u64 slots(u32 cell) const { return slots_ + cell * slots_stride_; }
  // ResourceExhausted: there is not so much memory; or what `place` said. Nothing else may be called then.
  const absl::Status& status() const { return status_; }

  // The cells as they are now are what Restore() brings back.
  void Keep();
  void Restore(u32 cell);
  // Some of the lines that are in use, as `random` says.
  void Evict(u32 cell, u64 random) const;

 private:
  u8* Image(u32 cell) const { return image_.get() + cell * (region_bytes_ + slots_bytes_); }  // the region's, then the slots'

  u32 cells_;
  u64 region_bytes_, region_stride_, slots_bytes_, slots_stride_;
  std::shared_ptr<u8> memory_, image_;
  absl::Status status_;
  u64 regions_ = 0, slots_ = 0;
  std::vector<u32> used_;  // lines of a region that are not zero in the image
};

}  // namespace ordeal::stress
