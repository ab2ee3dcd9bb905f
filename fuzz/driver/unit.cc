#include "fuzz/driver/unit.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/file.h"
#include "boost/uuid/detail/sha1.hpp"

namespace ordeal::driver {

std::string Sha1(std::span<const uint8_t> bytes) {
  boost::uuids::detail::sha1 hash;
  hash.process_bytes(bytes.data(), bytes.size());
  boost::uuids::detail::sha1::digest_type digest;
  hash.get_digest(digest);
  std::string hex;
  // Words of 32 bits up to Boost 1.85, bytes from 1.86 on.
  for (const auto part : digest) absl::StrAppendFormat(&hex, "%0*x", static_cast<int>(2 * sizeof part), static_cast<unsigned>(part));
  return hex;
}

absl::StatusOr<std::vector<UnitFile>> ListUnits(const std::string& directory) {
  namespace fs = std::filesystem;
  std::vector<UnitFile> files;
  std::error_code error;
  for (fs::recursive_directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    std::error_code gone;  // another process may reduce an input away in between
    if (!it->is_regular_file(gone) || gone) continue;
    const auto size = it->file_size(gone);
    const auto modified = it->last_write_time(gone);
    if (!gone) files.push_back({it->path().string(), static_cast<size_t>(size), modified.time_since_epoch().count()});
  }
  if (error) return absl::Status(absl::ErrnoToStatusCode(error.value()), absl::StrCat(directory, ": ", error.message()));
  std::sort(files.begin(), files.end(), [](const UnitFile& a, const UnitFile& b) { return a.path < b.path; });
  return files;
}

absl::StatusOr<Unit> ReadUnit(const std::string& path, size_t limit) {
  absl::StatusOr<std::string> bytes = ReadFile(path);
  if (!bytes.ok()) return bytes.status();
  if (limit != 0 && bytes->size() > limit) bytes->resize(limit);
  return Unit(bytes->begin(), bytes->end());
}

absl::StatusOr<std::string> WriteUnit(const std::string& directory, std::span<const uint8_t> unit) {
  std::string path = absl::StrCat(directory, "/", Sha1(unit));
  errno = 0;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(reinterpret_cast<const char*>(unit.data()), static_cast<std::streamsize>(unit.size()));
  file.close();
  if (!file) return absl::ErrnoToStatus(errno != 0 ? errno : EIO, path);
  return path;
}

}  // namespace ordeal::driver
