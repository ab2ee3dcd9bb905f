// The Fuzzer's dealings with directories: reading them, keeping what was found, looking again for what others found.
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "fuzz/driver/fuzzer.h"
#include "fuzz/driver/watch.h"

namespace ordeal::driver {
namespace {

constexpr int64_t kDefaultMaxLen = 4096;

}  // namespace

// The first directory receives what was made here; what was read from a file is there already.
absl::Status Fuzzer::Store(const Unit& unit, size_t entry, bool reduced) {
  if (mutator_.Sequence().rfind("MS: 0", 0) == 0) return absl::OkStatus();
  added_ += 1;
  if (options_.inputs.empty()) return absl::OkStatus();
  absl::StatusOr<std::string> path = WriteUnit(options_.inputs.front(), unit);
  if (!path.ok()) return path.status();
  if (reduced && !corpus_[entry].file.empty() && corpus_[entry].file != *path) unlink(corpus_[entry].file.c_str());
  written_.insert(*path);
  corpus_[entry].file = *std::move(path);
  return absl::OkStatus();
}

void Fuzzer::RunInitial(std::vector<Unit> units) {
  if (options_.shuffle != 0)
    for (size_t i = units.size(); i > 1; --i) std::swap(units[i - 1], units[rng_.Below(i)]);
  if (options_.prefer_small != 0)
    std::sort(units.begin(), units.end(), [](const Unit& a, const Unit& b) { return a.size() != b.size() ? a.size() < b.size() : a < b; });
  Run({}, true);  // the empty input: a target that fails on it fails on everything
  for (const Unit& u : units) {
    Run(u, true);
    Consider(u, Corpus::kNobody);
  }
}

absl::Status Fuzzer::ReadCorpora() {
  std::vector<UnitFile> files;
  for (const std::string& directory : options_.inputs) {
    absl::StatusOr<std::vector<UnitFile>> found = ListUnits(directory);
    if (!found.ok()) return found.status();
    if (options_.verbosity > 0) std::fprintf(stderr, "INFO: %8zu files found in %s\n", found->size(), directory.c_str());
    files.insert(files.end(), found->begin(), found->end());
  }
  size_t shortest = SIZE_MAX, longest = 0, total = 0;
  for (const UnitFile& f : files) {
    shortest = std::min(shortest, f.size);
    longest = std::max(longest, f.size);
    total += f.size;
    newest_file_ = std::max(newest_file_, f.modified);
  }
  if (max_len_ == 0) {
    max_len_ = std::max<int64_t>(kDefaultMaxLen, static_cast<int64_t>(longest));
    if (options_.verbosity > 0)
      std::fprintf(stderr, "INFO: -max_len is not provided; inputs larger than %ld bytes will not be generated\n", static_cast<long>(max_len_));
  }
  std::vector<Unit> units;
  for (const UnitFile& f : files)
    if (absl::StatusOr<Unit> u = ReadUnit(f.path, static_cast<size_t>(max_len_)); u.ok()) units.push_back(*std::move(u));
  if (units.empty()) {
    if (options_.verbosity > 0) std::fprintf(stderr, "INFO: A corpus is not provided, starting from an empty corpus\n");
    units.push_back({'\n'});
  } else if (options_.verbosity > 0) {
    std::fprintf(stderr, "INFO: seed corpus: files: %zu min: %zub max: %zub total: %zub rss: %ldMb\n", units.size(), shortest, longest, total,
                 static_cast<long>(PeakRssMb()));
  }
  RunInitial(std::move(units));
  return absl::OkStatus();
}

// What other processes have put into the first directory since.
absl::Status Fuzzer::Reload() {
  absl::StatusOr<std::vector<UnitFile>> files = ListUnits(options_.inputs.front());
  if (!files.ok()) return files.status();
  int64_t newest = newest_file_;
  const size_t before = corpus_.size();
  for (const UnitFile& f : *files) {
    if (f.modified <= newest_file_ || Over()) continue;
    newest = std::max(newest, f.modified);
    if (written_.contains(f.path)) continue;
    absl::StatusOr<Unit> unit = ReadUnit(f.path, static_cast<size_t>(max_len_));
    if (!unit.ok()) continue;  // reduced away meanwhile
    mutator_.Begin();
    Run(*unit, true);
    Consider(*unit, Corpus::kNobody);
  }
  newest_file_ = newest;
  if (corpus_.size() > before) Say("RELOAD");
  return absl::OkStatus();
}

}  // namespace ordeal::driver
