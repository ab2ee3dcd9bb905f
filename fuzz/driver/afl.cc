#include "fuzz/driver/afl.h"

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <cstring>

#include "base/check.h"
#include "base/exit_code.h"

// AFL++'s runtime, where it is linked.
extern "C" {
__attribute__((weak)) void __afl_manual_init();
__attribute__((weak)) int __afl_persistent_loop(unsigned count);
__attribute__((weak)) extern unsigned char* __afl_area_ptr;
__attribute__((weak)) extern unsigned __afl_map_size;
__attribute__((weak)) extern unsigned char* __afl_fuzz_ptr;
__attribute__((weak)) extern unsigned* __afl_fuzz_len;
// Inputs come through shared memory. The runtime reads it when the fork server starts.
int __afl_sharedmem_fuzzing = 1;
}

namespace ordeal::driver {
namespace {

// afl-fuzz looks for these in the binary: the loop is persistent, and the fork server starts where we say. Volatile and read: the linker
// leaves out what nobody uses.
volatile const char kPersistent[] = "##SIG_AFL_PERSISTENT##";
volatile const char kDeferred[] = "##SIG_AFL_DEFER_FORKSRV##";

// Byte for byte: AFL++ has libFuzzer's orders of magnitude.
void ShowCounters(std::span<const uint8_t> counters) {
  std::memcpy(__afl_area_ptr, counters.data(), std::min<size_t>(counters.size(), __afl_map_size));
}

}  // namespace

bool UnderAfl() { return __afl_persistent_loop != nullptr && std::getenv("__AFL_SHM_ID") != nullptr; }

int RunUnderAfl(const Target& target) {
  ORDEAL_CHECK(UnderAfl() && kPersistent[0] == kDeferred[0], "afl-fuzz on the other side");
  __afl_manual_init();
  while (__afl_persistent_loop(INT_MAX) != 0) {
    std::fill(target.counters.begin(), target.counters.end(), uint8_t{0});
    target.test_one_input(__afl_fuzz_ptr, *__afl_fuzz_len);
    ShowCounters(target.counters);
  }
  return kExitClean;
}

}  // namespace ordeal::driver
