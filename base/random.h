// Where do random numbers come from, the same on every machine and with every compiler?
//
// xoshiro256** (Blackman and Vigna), seeded through splitmix64 (Steele, Lea, Flood); random_test.cc holds the published vectors.
// No <random>: its distributions differ between standard libraries. Not thread-safe: one Rng per thread.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/check.h"

namespace ordeal {

// The next output of splitmix64; `state` moves on. For seeding, and to derive independent seeds from one.
constexpr uint64_t SplitMix64(uint64_t& state) {
  uint64_t z = state += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

class Rng {
 public:
  // Every seed is good, 0 too.
  explicit constexpr Rng(uint64_t seed) {
    for (uint64_t& word : s_) word = SplitMix64(seed);
  }
  // A given state, as the published test vectors have it. Not all four may be 0.
  constexpr Rng(uint64_t s0, uint64_t s1, uint64_t s2, uint64_t s3) : s_{s0, s1, s2, s3} {}

  constexpr uint64_t Next() {
    const uint64_t out = std::rotl(s_[1] * 5, 7) * 9;
    const uint64_t t = s_[1] << 17;
    s_[2] ^= s_[0];
    s_[3] ^= s_[1];
    s_[1] ^= s_[2];
    s_[0] ^= s_[3];
    s_[2] ^= t;
    s_[3] = std::rotl(s_[3], 45);
    return out;
  }

  // Uniform in 0..n-1, n >= 1. One multiplication, no loop: the bias is below n / 2^64.
  constexpr uint64_t Below(uint64_t n) {
    ORDEAL_CHECK(n != 0, "a number below 0");
    return static_cast<uint64_t>(static_cast<unsigned __int128>(Next()) * n >> 64);
  }

  // Uniform in low..high, both included; low <= high.
  constexpr uint64_t Between(uint64_t low, uint64_t high) { return low + Below(high - low + 1); }

  // True `percent` times in a hundred.
  constexpr bool Percent(unsigned percent) { return Below(100) < percent; }

  // An index of `weights`, each as often as its weight says. The weights' sum must be at least 1.
  constexpr size_t Weighted(std::span<const unsigned> weights) {
    uint64_t sum = 0;
    for (unsigned w : weights) sum += w;
    uint64_t at = Below(sum);
    size_t i = 0;
    while (at >= weights[i]) at -= weights[i++];
    return i;
  }

 private:
  uint64_t s_[4];
};

}  // namespace ordeal
