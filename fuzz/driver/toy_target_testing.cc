// A fuzz target for the tests of the driver: an input that has one of these words in it does what the word says.
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace {

__attribute__((section("__libfuzzer_extra_counters"))) uint8_t g_counters[4096];

void EatMemory() {
  constexpr size_t kMany = size_t{512} << 20, kPage = 4096;
  auto* bytes = static_cast<volatile char*>(std::malloc(kMany));
  for (size_t i = 0; i < kMany; i += kPage) bytes[i] = 1;
  sleep(10);  // until somebody looks
  std::free(const_cast<char*>(bytes));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto says = [&](const char* word) { return input.find(word) != input.npos; };
  if (says("CRASH")) std::abort();
  if (says("HANG"))
    for (;;) usleep(1000);
  if (says("EAT")) EatMemory();
  if (says("SLOW")) sleep(2);
  if (says("EXIT")) std::exit(5);
  if (says("REJECT")) return -1;
  if (says("RARE")) ++g_counters[4000];
  ++g_counters[size % 256];
  for (size_t i = 0; i < size; ++i) ++g_counters[256 + data[i] % 16 * 8 + i % 8];
  return 0;
}
