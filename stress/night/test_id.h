// What was tested, on what? The text of testid.txt, and the hash that tells one binary from another.
#pragma once
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "memory/order.h"

namespace ordeal::stress {

// This machine's name, in letters, digits, dots and dashes.
std::string HostName();
// As uname says: "x86_64".
std::string Architecture();
// As /proc/cpuinfo says; POWER and ARM have other words than x86.
std::string CpuModel();

// Of the file that this process was started from.
absl::StatusOr<u64> BinaryHash();

// Version, binary, compiler, kernel, CPU, host, time, flags: "key: value" lines. `more` (of the caller: commit, allocator) are further lines.
std::string TestId(const std::string& version, const std::vector<std::string>& flags, const std::vector<std::string>& more);

}  // namespace ordeal::stress
