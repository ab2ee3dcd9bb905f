// What the flags' texts mean: pieces of flags.cc.
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "base/suggest.h"
#include "stress/flags/flags.h"

namespace ordeal::stress {

inline absl::Status Bad(const std::string& what) { return absl::InvalidArgumentError(what); }

template <class T>
absl::Status Choose(const char* flag, const std::string& value, std::initializer_list<std::pair<std::string_view, T>> choices, T* to) {
  std::vector<std::string_view> names;
  for (const auto& [name, choice] : choices) {
    if (name == value) return *to = choice, absl::OkStatus();
    names.push_back(name);
  }
  std::string expected;
  for (const std::string_view n : names) absl::StrAppend(&expected, expected.empty() ? "" : ", ", std::string(n));
  return Bad(absl::StrCat("--", flag, "=", value, DidYouMean(value, names), ": expected ", expected));
}

// Durations and ends. `program` says the default of --mode.
absl::Status ReadTimes(const std::string& program, NightFlags* f);
absl::Status ReadShard(NightFlags* f);

}  // namespace ordeal::stress
