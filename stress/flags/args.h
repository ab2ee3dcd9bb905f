// From words of a command line, or of another run's flags.txt, to values of flags (table.h).
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace ordeal::stress {

bool IsOneOf(std::string_view name, std::span<const std::string_view> names);

// "--name=value"; "--name" and "--noname" of a switch. InvalidArgument of one line, with a suggestion.
absl::Status TakeFlag(const std::string& arg);

// The flags that the run in this directory was started with, without those that are of one run alone. Errors name file and line.
absl::Status TakeFlagsOf(const std::string& directory);

}  // namespace ordeal::stress
