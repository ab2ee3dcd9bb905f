#include "stress/night/finding_store.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "nlohmann/json.hpp"
#include "stress/night/json.h"

namespace ordeal::stress {
namespace {

namespace fs = std::filesystem;

constexpr char kHalf[] = ".half";

bool IsSignature(const std::string& name) {
  return !name.empty() && name.size() <= 200 && name[0] != '.' && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) || std::string_view("._-+").find(static_cast<char>(c)) != std::string_view::npos;
  });
}

// Names of what is in the directory, sorted.
absl::StatusOr<std::vector<std::string>> NamesIn(const std::string& directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) names.push_back(it->path().filename().string());
  if (error) return absl::ErrnoToStatus(error.value(), absl::StrCat(directory, ": read directory"));
  std::sort(names.begin(), names.end());
  return names;
}

std::string FoundText(const KeptFinding& f) { return JsonPage({{"v", 1}, {"signature", f.signature}, {"scenario", f.scenario}, {"epoch", f.epoch}}); }

KeptFinding ReadFound(const std::string& signature, const std::string& path) {
  const KeptFinding unknown{signature, "unknown", 0};
  const absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok()) return unknown;
  const absl::StatusOr<Json> json = ParseJson(*text, path);
  if (!json.ok()) return unknown;
  JsonReader in(*json, path);
  const KeptFinding found{signature, in.Text("scenario"), in.Count("epoch")};
  return in.status().ok() ? found : unknown;
}

}  // namespace

absl::StatusOr<FindingStore> FindingStore::Open(const std::string& run_directory) {
  FindingStore store(run_directory + "/findings");
  if (absl::Status s = EnsureDirectory(store.path_); !s.ok()) return s;
  absl::StatusOr<std::vector<std::string>> names = NamesIn(store.path_);
  if (!names.ok()) return names.status();
  for (const std::string& name : *names) {
    if (name.rfind(kHalf, 0) != 0) continue;
    std::error_code error;
    fs::remove_all(store.PathOf(name), error);
    if (error) return absl::ErrnoToStatus(error.value(), absl::StrCat(store.PathOf(name), ": remove"));
  }
  return store;
}

bool FindingStore::Has(const std::string& signature) const {
  struct stat info;
  return stat(PathOf(signature).c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

absl::StatusOr<bool> FindingStore::Keep(const KeptFinding& finding, const Fill& fill) const {
  if (!IsSignature(finding.signature))
    return absl::InvalidArgumentError(absl::StrCat(finding.signature, ": expected a signature of letters, digits and . _ - +"));
  if (Has(finding.signature)) return false;
  const std::string half = absl::StrCat(path_, "/", kHalf, ".", finding.signature);
  std::error_code ignored;
  fs::remove_all(half, ignored);  // of an earlier try that failed
  if (mkdir(half.c_str(), 0777) != 0) return absl::ErrnoToStatus(errno, absl::StrCat(half, ": make directory"));
  absl::Status filled = fill(half);
  if (filled.ok()) filled = WriteFile(half + "/found.json", FoundText(finding));  // syncs the directory, too
  if (filled.ok() && rename(half.c_str(), PathOf(finding.signature).c_str()) != 0)
    filled = absl::ErrnoToStatus(errno, absl::StrCat(PathOf(finding.signature), ": rename to"));
  if (!filled.ok()) {
    fs::remove_all(half, ignored);
    return filled;
  }
  if (absl::Status s = SyncDirectory(path_); !s.ok()) return s;
  return true;
}

absl::StatusOr<std::vector<KeptFinding>> FindingStore::All() const {
  absl::StatusOr<std::vector<std::string>> names = NamesIn(path_);
  if (!names.ok()) return names.status();
  std::vector<KeptFinding> all;
  for (const std::string& name : *names)
    if (IsSignature(name) && Has(name)) all.push_back(ReadFound(name, PathOf(name) + "/found.json"));
  return all;
}

}  // namespace ordeal::stress
