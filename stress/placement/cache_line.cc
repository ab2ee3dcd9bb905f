#include "stress/placement/cache_line.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"

namespace ordeal::stress {

int CacheLineFromSysfs(const std::string& root) {
  int longest = 0;
  for (int index = 0; index < 16; ++index) {
    const absl::StatusOr<std::string> text =
        ReadFile(absl::StrCat(root, "/sys/devices/system/cpu/cpu0/cache/index", index, "/coherency_line_size"), 64);
    int bytes = 0;
    if (text.ok() && absl::SimpleAtoi(absl::StripAsciiWhitespace(*text), &bytes)) longest = std::max(longest, bytes);
  }
  return longest;
}

int BuiltInCacheLine() {
#if defined(__powerpc__)
  return 128;
#elif defined(__aarch64__)
  return 256;
#else
  return 64;
#endif
}

}  // namespace ordeal::stress
