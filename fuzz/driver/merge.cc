#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/exit_code.h"
#include "base/summary.h"
#include "fuzz/driver/fuzzer.h"
#include "fuzz/driver/modes.h"
#include "fuzz/driver/unit.h"
#include "fuzz/driver/watch.h"

namespace ordeal::driver {
namespace {

constexpr size_t kMaxLen = size_t{1} << 20;  // longer files are cut, as libFuzzer does when it merges

// The children's word, one line a file, in a temporary file: "begin I" before it runs, "features I F F ..." after. What is behind the last
// whole line is a child's that died.
class Record {
 public:
  Record() : file_(std::tmpfile()) { ORDEAL_CHECK(file_ != nullptr, "a temporary file for the merge"); }
  ~Record() { std::fclose(file_); }
  Record(const Record&) = delete;
  Record& operator=(const Record&) = delete;

  void Begin(size_t i) { Write(absl::StrCat("begin ", i)); }
  void Features(size_t i, const std::vector<uint32_t>& features) {
    std::string line = absl::StrCat("features ", i);
    for (const uint32_t f : features) absl::StrAppend(&line, " ", f);
    Write(line);
  }

  // Reads all of it. Returns how many files were begun: those before are done or failed.
  size_t Read(std::map<size_t, std::vector<uint32_t>>* features) {
    std::rewind(file_);
    size_t begun = 0, i = 0;
    char word[16];
    while (std::fscanf(file_, "%15s %zu", word, &i) == 2) {
      if (word[0] == 'b') {
        begun = i + 1;
        continue;
      }
      std::vector<uint32_t>& f = (*features)[i];
      uint32_t each = 0;
      while (std::fscanf(file_, "%*[ ]%u", &each) == 1) f.push_back(each);
    }
    std::clearerr(file_);
    std::fseek(file_, 0, SEEK_END);
    return begun;
  }

 private:
  void Write(const std::string& line) {
    std::fprintf(file_, "%s\n", line.c_str());
    std::fflush(file_);
  }
  std::FILE* file_;
};

// Runs files[from..] in a child. True if it came to the end of them.
bool RunInChild(const Target& target, const Options& options, const std::vector<UnitFile>& files, size_t from, Record* record) {
  std::fflush(stdout);
  std::fflush(stderr);
  const pid_t pid = fork();
  if (pid == 0) {
    Fuzzer fuzzer(target, options, 1);
    StartWatching(options, [&] { return fuzzer.MadeBy(); });
    for (size_t i = from; i < files.size(); ++i) {
      absl::StatusOr<Unit> unit = ReadUnit(files[i].path, options.max_len > 0 ? static_cast<size_t>(options.max_len) : kMaxLen);
      record->Begin(i);
      if (unit.ok()) record->Features(i, fuzzer.Run(*unit, true));
    }
    std::fflush(stderr);
    _exit(kExitClean);
  }
  if (pid < 0) return false;
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == kExitClean;
}

// All that is in the directories, those of the first one (`old` of them) in front, then shorter ones first: what is kept is short.
absl::StatusOr<std::vector<UnitFile>> FilesToMerge(const Options& options, size_t* old) {
  std::vector<UnitFile> files;
  for (const std::string& directory : options.inputs) {
    absl::StatusOr<std::vector<UnitFile>> found = ListUnits(directory);
    if (!found.ok()) return found.status();
    files.insert(files.end(), found->begin(), found->end());
    if (&directory == &options.inputs.front()) *old = files.size();
  }
  std::sort(files.begin() + static_cast<std::ptrdiff_t>(*old), files.end(),
            [](const UnitFile& a, const UnitFile& b) { return a.size != b.size ? a.size < b.size : a.path < b.path; });
  return files;
}

// Returns how many files were copied into the directory, and how many features they brought.
absl::StatusOr<std::pair<size_t, size_t>> CopyWhatShowsMore(const std::string& directory, const std::vector<UnitFile>& files, size_t old,
                                                            const std::map<size_t, std::vector<uint32_t>>& features) {
  std::set<uint32_t> known;
  size_t copied = 0, fresh = 0;
  for (size_t i = 0; i < files.size(); ++i) {
    const size_t before = known.size();
    if (const auto f = features.find(i); f != features.end()) known.insert(f->second.begin(), f->second.end());
    if (i < old || known.size() == before) continue;
    absl::StatusOr<Unit> unit = ReadUnit(files[i].path, 0);
    absl::StatusOr<std::string> path = unit.ok() ? WriteUnit(directory, *unit) : unit.status();
    if (!path.ok()) return path.status();
    ++copied;
    fresh += known.size() - before;
  }
  return std::make_pair(copied, fresh);
}

}  // namespace

int Merge(const Target& target, const Options& options) {
  if (options.inputs.size() < 2) {
    std::fprintf(stderr, "INFO: Merge requires two or more corpus dirs\n");
    return kExitClean;
  }
  const bool loud = options.verbosity > 0;
  size_t old = 0;
  absl::StatusOr<std::vector<UnitFile>> listed = FilesToMerge(options, &old);
  if (!listed.ok()) {
    PrintError(listed.status());
    return kExitUsage;
  }
  const std::vector<UnitFile>& files = *listed;
  if (loud) std::fprintf(stderr, "MERGE-OUTER: %zu files, %zu in the initial corpus, 0 processed earlier\n", files.size(), old);
  Record record;
  std::map<size_t, std::vector<uint32_t>> features;
  size_t attempts = 0;
  for (size_t from = 0; from < files.size();) {
    if (loud) std::fprintf(stderr, "MERGE-OUTER: attempt %zu\n", ++attempts);
    const bool all = RunInChild(target, options, files, from, &record);
    features.clear();
    const size_t begun = record.Read(&features);
    if (all) break;
    if (begun <= from) {  // not a file's fault: it would be so for ever
      PrintError(absl::StrCat("merge: the process that runs the files ended before the first one, ", files[from].path));
      return kExitUsage;
    }
    std::fprintf(stderr, "MERGE-OUTER: '%s' caused a failure and is left out\n", files[begun - 1].path.c_str());
    from = begun;
  }
  absl::StatusOr<std::pair<size_t, size_t>> copied = CopyWhatShowsMore(options.inputs.front(), files, old, features);
  if (!copied.ok()) {
    PrintError(copied.status());
    return kExitUsage;
  }
  if (loud) std::fprintf(stderr, "MERGE-OUTER: successful in %zu attempt(s)\n", attempts);
  std::fprintf(stderr, "MERGE-OUTER: %zu new files with %zu new features added\n", copied->first, copied->second);
  return kExitClean;
}

}  // namespace ordeal::driver
