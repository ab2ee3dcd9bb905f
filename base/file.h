// How do files get in and out, so that a crash or a full disk never leaves half of one?
//
// Every error is a Status whose message begins with the path. Thread-safe, as far as the file system is.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace ordeal {

// The whole file. NotFound, PermissionDenied, ... from errno; ResourceExhausted if it is longer than `limit` bytes.
absl::StatusOr<std::string> ReadFile(const std::string& path, size_t limit = size_t{1} << 30);

// Replaces the file's contents or leaves the old ones: written beside it, synced, renamed over it, directory synced.
// A device or a pipe (/dev/null, /dev/stdout) is written to as it is.
absl::Status WriteFile(const std::string& path, std::string_view contents);

// Makes the directory and its parents; one that exists is fine.
absl::Status EnsureDirectory(const std::string& path);

// Makes sure that what was created in, renamed into or removed from the directory stays so after a power cut.
absl::Status SyncDirectory(const std::string& path);

}  // namespace ordeal
