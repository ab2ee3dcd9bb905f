// Does a cell look, after Restore, as it did at Keep?
#include "stress/crew/cell_memory.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace ordeal::stress {
namespace {

TEST(CellMemory, RestoreBringsBackEveryByteOfItsCellAndTouchesNoOther) {
  Rng rng(1);
  for (const u64 bytes : {u64{100}, u64{4096}, u64{20000}}) {
    CellMemory m(3, bytes, 4096, 512);
    ASSERT_TRUE(m.status().ok());
    const auto byte = [&](u32 cell, u64 at) -> u8& { return *reinterpret_cast<u8*>(m.region(cell) + at); };
    for (u32 cell = 0; cell < 3; ++cell)
      for (u64 at = 0; at < bytes; ++at) byte(cell, at) = rng.Percent(50) ? 0 : static_cast<u8>(rng.Next());
    std::vector<std::vector<u8>> then;
    for (u32 cell = 0; cell < 3; ++cell) then.emplace_back(&byte(cell, 0), &byte(cell, 0) + bytes);
    for (u32 cell = 0; cell < 3; ++cell) *reinterpret_cast<u64*>(m.slots(cell) + 504) = 3;
    m.Keep();
    for (u32 cell = 0; cell < 3; ++cell) {
      for (int i = 0; i < 500; ++i) byte(cell, rng.Below(bytes)) ^= 0x55;
      byte(cell, bytes - 1) ^= 1;
      *reinterpret_cast<u64*>(m.slots(cell) + 504) = 7;
    }
    m.Restore(1);
    EXPECT_TRUE(std::equal(then[1].begin(), then[1].end(), &byte(1, 0)));
    EXPECT_EQ(*reinterpret_cast<u64*>(m.slots(1) + 504), 3u);
    for (const u32 other : {0u, 2u}) {
      EXPECT_FALSE(std::equal(then[other].begin(), then[other].end(), &byte(other, 0)));
      EXPECT_EQ(*reinterpret_cast<u64*>(m.slots(other) + 504), 7u);
    }
    m.Evict(1, rng.Next());  // changes nothing
    EXPECT_TRUE(std::equal(then[1].begin(), then[1].end(), &byte(1, 0)));
  }
}

TEST(CellMemory, RegionsAreAlignedAsAsked) {
  const CellMemory m(2, 5000, 65536, 64);
  EXPECT_EQ(m.region(0) % 65536, 0u);
  EXPECT_EQ(m.region(1) % 65536, 0u);
}

TEST(CellMemory, IsPlacedAsAWhole) {
  u8* start = nullptr;
  size_t bytes = 0;
  const CellMemory m(2, 5000, 4096, 64, [&](void* at, size_t n) { return start = static_cast<u8*>(at), bytes = n, absl::OkStatus(); });
  EXPECT_LE(reinterpret_cast<u64>(start), m.region(0));
  EXPECT_GE(reinterpret_cast<u64>(start) + bytes, m.slots(1) + 64);
  const CellMemory refused(2, 5000, 4096, 64, [&](void*, size_t) { return absl::FailedPreconditionError("no such node"); });
  EXPECT_EQ(refused.status().message(), "no such node");
}

TEST(CellMemory, TooMuchIsNotOk) {
  const CellMemory m(1024, u64{1} << 48, 4096, 64);
  EXPECT_EQ(m.status().code(), absl::StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace ordeal::stress
