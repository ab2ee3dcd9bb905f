// How are two runs compared, and a finding named, so that every machine gets the same number?
//
// 64 bits, not cryptographic, independent of byte order, word size and library version: results are written into files.
// (absl::Hash is salted per process and must not be used where a value leaves it.)
#pragma once
#include <bit>
#include <cstdint>
#include <string_view>

namespace ordeal {

// A bijection that spreads every input bit over all output bits (the finalizer of splitmix64).
constexpr uint64_t Mix64(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

// The hash of a sequence so far, and one more value. Order matters. A few cycles: made for every access of an execution.
class RollingHash {
 public:
  constexpr void Add(uint64_t value) {
    state_ = (std::rotl(state_, 23) ^ value) * 0x9fb21c651e98df25;
    state_ ^= state_ >> 32;
  }
  constexpr uint64_t value() const { return Mix64(state_); }
  bool operator==(const RollingHash&) const = default;

 private:
  uint64_t state_ = 0x2545f4914f6cdd1d;
};

// FNV-1a of the bytes, then Mix64, since FNV alone is weak in its high bits for short strings.
constexpr uint64_t HashBytes(std::string_view bytes) {
  uint64_t h = 0xcbf29ce484222325;
  for (char c : bytes) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return Mix64(h);
}

}  // namespace ordeal
