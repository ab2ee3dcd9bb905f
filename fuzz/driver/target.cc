#include "fuzz/driver/target.h"

// Weak: a target defines what it needs. The section's bounds are the linker's, made for any section whose name is an identifier.
extern "C" {
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
__attribute__((weak)) int LLVMFuzzerInitialize(int* argc, char*** argv);
__attribute__((weak)) size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned seed);
__attribute__((weak)) size_t LLVMFuzzerCustomCrossOver(const uint8_t* data1, size_t size1, const uint8_t* data2, size_t size2, uint8_t* out,
                                                       size_t max_out_size, unsigned seed);
__attribute__((weak, visibility("hidden"))) extern uint8_t __start___libfuzzer_extra_counters[];
__attribute__((weak, visibility("hidden"))) extern uint8_t __stop___libfuzzer_extra_counters[];
}

namespace ordeal::driver {

Target LinkedTarget() {
  Target t;
  t.test_one_input = LLVMFuzzerTestOneInput;
  t.initialize = LLVMFuzzerInitialize;
  t.mutate = LLVMFuzzerCustomMutator;
  t.cross_over = LLVMFuzzerCustomCrossOver;
  if (__start___libfuzzer_extra_counters != nullptr)
    t.counters = {__start___libfuzzer_extra_counters, static_cast<size_t>(__stop___libfuzzer_extra_counters - __start___libfuzzer_extra_counters)};
  return t;
}

}  // namespace ordeal::driver
