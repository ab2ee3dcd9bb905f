// What did an execution show? One feature for each extra counter and each order of magnitude of its count, as libFuzzer has them.
#pragma once
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace ordeal::driver {

inline constexpr uint32_t kBuckets = 8;

// 1, 2, 3, 4..7, 8..15, 16..31, 32..127, 128..255 -> 0..7. `count` is at least 1.
constexpr uint32_t BucketOf(uint8_t count) {
  if (count >= 128) return 7;
  if (count >= 32) return 6;
  if (count >= 16) return 5;
  if (count >= 8) return 4;
  if (count >= 4) return 3;
  return count - 1u;
}

// Sets `features` to those of the counters, in rising order: counter * 8 + bucket.
inline void CollectFeatures(std::span<const uint8_t> counters, std::vector<uint32_t>* features) {
  features->clear();
  size_t i = 0;
  while (i < counters.size()) {
    uint64_t eight = 0;  // most counters are 0: look at eight together
    if (i + 8 <= counters.size() && (std::memcpy(&eight, &counters[i], 8), eight == 0)) {
      i += 8;
      continue;
    }
    const size_t end = i + 8 < counters.size() ? i + 8 : counters.size();
    for (; i < end; ++i)
      if (counters[i] != 0) features->push_back(static_cast<uint32_t>(i) * kBuckets + BucketOf(counters[i]));
  }
}

}  // namespace ordeal::driver
