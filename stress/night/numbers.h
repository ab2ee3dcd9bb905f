// How are numbers said to people?
#pragma once
#include <cmath>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "memory/order.h"

namespace ordeal::stress {

// "812.4 M", "1.914 G", "17".
inline std::string Short(double n) {
  static constexpr const char* kUnits[] = {"", " k", " M", " G", " T", " P", " E"};
  size_t unit = 0;
  for (; n >= 999.95 && unit + 1 < std::size(kUnits); n /= 1000) ++unit;
  return absl::StrCat(absl::StrFormat("%.4g", n), kUnits[unit]);
}
inline std::string Short(u64 n) { return Short(static_cast<double>(n)); }

// "03:12:44".
inline std::string Clock(double seconds) {
  const u64 s = seconds < 0 ? 0 : static_cast<u64>(seconds);
  return absl::StrFormat("%02u:%02u:%02u", s / 3600, s / 60 % 60, s % 60);
}

// "40%"; 100 only where it is all.
inline std::string Percent(double share) { return absl::StrFormat("%.0f%%", share < 1 ? std::fmin(std::floor(100 * share), 99) : 100); }

// "5 s", "3 min", "2 h", "4 d".
inline std::string Age(double seconds) {
  if (seconds < 120) return absl::StrFormat("%.0f s", seconds);
  if (seconds < 7200) return absl::StrFormat("%.0f min", seconds / 60);
  return seconds < 48 * 3600 ? absl::StrFormat("%.0f h", seconds / 3600) : absl::StrFormat("%.0f d", seconds / 86400);
}

inline std::string CountOf(u64 n, const std::string& what) { return absl::StrCat(n, " ", what, n == 1 ? "" : "s"); }

}  // namespace ordeal::stress
