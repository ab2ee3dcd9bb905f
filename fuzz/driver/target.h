// What does a fuzz target offer to a driver? libFuzzer's hooks by their names, and the extra counters, as the linker found them.
//
// Source: https://llvm.org/docs/LibFuzzer.html (Fuzz Target, Startup initialization) and its FuzzerInterface.h.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace ordeal::driver {

struct Target {
  int (*test_one_input)(const uint8_t* data, size_t size) = nullptr;
  // May be null: hooks that the target does not define.
  int (*initialize)(int* argc, char*** argv) = nullptr;
  size_t (*mutate)(uint8_t* data, size_t size, size_t max_size, unsigned seed) = nullptr;
  size_t (*cross_over)(const uint8_t* data1, size_t size1, const uint8_t* data2, size_t size2, uint8_t* out, size_t max_out_size,
                       unsigned seed) = nullptr;
  // What the target puts into the section __libfuzzer_extra_counters; empty if it has none.
  std::span<uint8_t> counters;
};

// The target that this binary is linked with.
Target LinkedTarget();

}  // namespace ordeal::driver
