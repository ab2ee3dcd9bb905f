// An input as bytes, and where it lies: a file named by its SHA-1, as in every corpus of libFuzzer's, so that corpora can be put together.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace ordeal::driver {

using Unit = std::vector<uint8_t>;

// 40 hexadecimal digits.
std::string Sha1(std::span<const uint8_t> bytes);

struct UnitFile {
  std::string path;
  size_t size = 0;
  int64_t modified = 0;  // the file system's clock, nanoseconds
};

// The files under a directory, sub-directories too, by name. NotFound, ... with the path in front.
absl::StatusOr<std::vector<UnitFile>> ListUnits(const std::string& directory);

// The first `limit` bytes of a file; 0 for all.
absl::StatusOr<Unit> ReadUnit(const std::string& path, size_t limit);

// Writes DIRECTORY/SHA1 and returns that path. Not synced: a corpus has thousands of them, and any bytes are an input.
absl::StatusOr<std::string> WriteUnit(const std::string& directory, std::span<const uint8_t> unit);

}  // namespace ordeal::driver
