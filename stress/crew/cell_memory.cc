#include "stress/crew/cell_memory.h"

#include <cstring>

#include <sys/mman.h>

#include "absl/strings/str_cat.h"
#include "stress/crew/evict.h"

namespace ordeal::stress {
namespace {

u64 RoundUp(u64 n, u64 to) { return (n + to - 1) / to * to; }

// Zero, and given back with the last pointer. Null: there is not so much.
std::shared_ptr<u8> Map(u64 bytes) {
  void* p = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED) return nullptr;
  return {static_cast<u8*>(p), [bytes](u8* q) { munmap(q, bytes); }};
}

}  // namespace

CellMemory::CellMemory(u32 cells, u64 region_bytes, u64 alignment, u64 slots_bytes, const PlaceRegion& place)
    : cells_(cells),
      region_bytes_(RoundUp(region_bytes, kLine)),
      region_stride_(RoundUp(region_bytes, alignment)),
      slots_bytes_(slots_bytes),
      slots_stride_(RoundUp(slots_bytes, 256)),
      memory_(Map(cells * (region_stride_ + slots_stride_) + alignment)),
      image_(Map(cells * (region_bytes_ + slots_bytes_))) {
  if (memory_ == nullptr || image_ == nullptr) {
    status_ = absl::ResourceExhaustedError(absl::StrCat("no memory for ", cells, " cells of ", region_bytes, " bytes"));
    return;
  }
  if (place != nullptr) status_ = place(memory_.get(), cells * (region_stride_ + slots_stride_) + alignment);
  regions_ = RoundUp(reinterpret_cast<u64>(memory_.get()), alignment);
  slots_ = regions_ + cells * region_stride_;
}

void CellMemory::Keep() {
  for (u32 cell = 0; cell < cells_; ++cell) {
    std::memcpy(Image(cell), reinterpret_cast<const void*>(region(cell)), region_bytes_);
    std::memcpy(Image(cell) + region_bytes_, reinterpret_cast<const void*>(slots(cell)), slots_bytes_);
  }
  used_.clear();
  constexpr u8 kZeros[kLine] = {};
  for (u64 at = 0; at < region_bytes_; at += kLine)
    if (std::memcmp(Image(0) + at, kZeros, kLine) != 0) used_.push_back(static_cast<u32>(at / kLine));
}

// Lines that nobody changed stay where they are: in the caches of those who had them.
void CellMemory::Restore(u32 cell) {
  u8* now = reinterpret_cast<u8*>(region(cell));
  const u8* then = Image(cell);
  constexpr u64 kBlock = 4096;
  for (u64 block = 0; block < region_bytes_; block += kBlock) {
    const u64 end = block + kBlock < region_bytes_ ? block + kBlock : region_bytes_;
    if (std::memcmp(now + block, then + block, end - block) == 0) continue;
    for (u64 at = block; at < end; at += kLine)
      if (std::memcmp(now + at, then + at, kLine) != 0) std::memcpy(now + at, then + at, kLine);
  }
  std::memcpy(reinterpret_cast<void*>(slots(cell)), then + region_bytes_, slots_bytes_);
}

void CellMemory::Evict(u32 cell, u64 random) const {
  constexpr int kMost = 16;
  for (int i = 0; i < kMost && !used_.empty(); ++i) {
    random = random * 6364136223846793005 + 1442695040888963407;
    EvictLine(region(cell) + used_[(random >> 33) % used_.size()] * kLine);
  }
  for (u64 at = 0; at < slots_bytes_; at += kLine)
    if ((random >> (at / kLine) & 1) != 0) EvictLine(slots(cell) + at);
}

}  // namespace ordeal::stress
