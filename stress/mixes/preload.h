// How does a real allocator get under this process? The process starts itself again with the library preloaded, and looks who answers.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace ordeal::stress {

// "malloc", "jemalloc", "mimalloc", "tcmalloc", "tbbmalloc".
std::vector<std::string_view> RealAllocatorNames();
// One of these, or the path of a library (it has a slash).
bool IsRealAllocator(std::string_view allocator);

// Where ld.so would find libraries of this architecture.
std::vector<std::string> LibraryDirectories();

// The file to preload, as an absolute path; empty for "malloc": what this process has is taken as it is. NotFound: which package has it.
absl::StatusOr<std::string> FindAllocatorLibrary(const std::string& allocator, const std::vector<std::string>& directories = LibraryDirectories());

// OK: all five functions of the mixes are answered by this file. InvalidArgument: who answers which.
absl::Status CheckAnswers(const std::string& library);

// Starts this program again with the same arguments and `allocator` preloaded, unless it is there; in what was started, and for "malloc", comes back
// with OK, or with what is wrong: one line. To be called before there are threads.
absl::Status Preload(const std::string& allocator);

}  // namespace ordeal::stress
