#include "stress/mixes/preload.h"

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <map>

#include <unistd.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/file.h"
#include "base/suggest.h"
#include "stress/mixes/answering.h"

namespace ordeal::stress {
namespace {

// In a process that was started by Preload: the library, so that it is not tried for ever.
constexpr char kTried[] = "ORDEAL_PRELOADED";
constexpr char kPreload[] = "LD_PRELOAD";

struct RealAllocator {
  std::string_view name, library, package;
};

// As Debian 12 has them. tbbmalloc answers malloc through its proxy.
constexpr RealAllocator kRealAllocators[] = {
    {"malloc", "", ""},
    {"jemalloc", "libjemalloc.so.2", "libjemalloc2"},
    {"mimalloc", "libmimalloc.so.2", "libmimalloc2.0"},
    {"tcmalloc", "libtcmalloc_minimal.so.4", "libtcmalloc-minimal4"},
    {"tbbmalloc", "libtbbmalloc_proxy.so.2", "libtbbmalloc2"},
};

constexpr const char* kMultiarch =
#if defined(__x86_64__)
    "x86_64-linux-gnu";
#elif defined(__aarch64__)
    "aarch64-linux-gnu";
#elif defined(__powerpc64__)
    "powerpc64le-linux-gnu";
#else
    "";
#endif

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// What this process starts should not have the library too, unless it was there before.
void TakeOutOfEnvironment(const std::string& library) {
  unsetenv(kTried);
  std::string rest = Environment(kPreload);
  if (absl::StartsWith(rest, library)) rest = rest.substr(std::min(rest.size(), library.size() + 1));
  if (rest.empty()) unsetenv(kPreload);
  else setenv(kPreload, rest.c_str(), 1);
}

absl::Status StartAgain(const std::string& library) {
  const absl::StatusOr<std::string> line = ReadFile("/proc/self/cmdline");
  if (!line.ok()) return line.status();
  std::vector<std::string> words = absl::StrSplit(*line, '\0');
  words.pop_back();  // behind the last 0
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const std::string before = Environment(kPreload);
  setenv(kPreload, before.empty() ? library.c_str() : absl::StrCat(library, ":", before).c_str(), 1);
  setenv(kTried, library.c_str(), 1);
  execv("/proc/self/exe", argv.data());
  return absl::InternalError(absl::StrCat("--allocator=", library, ": this program cannot be started again with it"));
}

}  // namespace

std::vector<std::string_view> RealAllocatorNames() {
  std::vector<std::string_view> names;
  for (const RealAllocator& a : kRealAllocators) names.push_back(a.name);
  return names;
}

bool IsRealAllocator(std::string_view allocator) {
  return allocator.find('/') != std::string_view::npos ||
         std::ranges::find(kRealAllocators, allocator, &RealAllocator::name) != std::end(kRealAllocators);
}

std::vector<std::string> LibraryDirectories() {
  std::vector<std::string> all;
  for (const char* base : {"/usr/local/lib", "/usr/lib", "/lib"})
    for (const std::string& directory : {absl::StrCat(base, "/", kMultiarch), absl::StrCat(base, "64"), std::string(base)}) all.push_back(directory);
  return all;
}

absl::StatusOr<std::string> FindAllocatorLibrary(const std::string& allocator, const std::vector<std::string>& directories) {
  std::string found;
  if (absl::StrContains(allocator, '/')) {
    char real[PATH_MAX];
    if (realpath(allocator.c_str(), real) == nullptr) return absl::NotFoundError(absl::StrCat("--allocator=", allocator, ": no such file"));
    found = real;
  } else {
    const auto* known = std::ranges::find(kRealAllocators, allocator, &RealAllocator::name);
    if (known == std::end(kRealAllocators))
      return absl::NotFoundError(absl::StrCat("no allocator '", allocator, "'", DidYouMean(allocator, RealAllocatorNames())));
    if (known->library.empty()) return "";
    for (const std::string& directory : directories)
      if (const std::string path = absl::StrCat(directory, "/", std::string(known->library)); found.empty() && access(path.c_str(), R_OK) == 0)
        found = path;
    if (found.empty())
      return absl::NotFoundError(absl::StrCat("--allocator=", allocator, ": ", std::string(known->library),
                                              " is not installed; Debian: apt-get install ", std::string(known->package)));
  }
  // ld.so takes LD_PRELOAD apart at these.
  if (found.find_first_of(": ") != std::string::npos)
    return absl::InvalidArgumentError(absl::StrCat("--allocator=", allocator, ": a path with a colon or a space cannot be preloaded"));
  return found;
}

absl::Status CheckAnswers(const std::string& library) {
  char real[PATH_MAX];
  const std::string wanted = realpath(library.c_str(), real) == nullptr ? library : real;
  std::map<std::string, std::vector<std::string>> others;
  for (const Answer& a : WhoAnswers())
    if (a.file != wanted) others[a.file.empty() ? "an unknown file" : a.file].push_back(a.function);
  if (others.empty()) return absl::OkStatus();
  std::string who;
  for (const auto& [file, functions] : others)
    absl::StrAppend(&who, who.empty() ? "" : "; ", absl::StrJoin(functions, ", "), functions.size() == 1 ? " is " : " are ", "answered by ", file);
  return absl::InvalidArgumentError(absl::StrCat("--allocator: ", wanted, " was preloaded in vain: ", who));
}

absl::Status Preload(const std::string& allocator) {
  const absl::StatusOr<std::string> library = FindAllocatorLibrary(allocator);
  if (!library.ok()) return library.status();
  if (library->empty()) return CheckAnswers(WhoAnswers()[0].file);
  if (Environment(kTried) != *library) return StartAgain(*library);
  TakeOutOfEnvironment(*library);
  return CheckAnswers(*library);
}

}  // namespace ordeal::stress
