#include "stress/mixes/preload.h"

#include <climits>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include <unistd.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "stress/mixes/answering.h"

namespace ordeal::stress {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr char kAsked[] = "ORDEAL_ASKED", kPlanted[] = "stress/mixes/libplanted_malloc.so";

std::string RealPath(const std::string& path) {
  char real[PATH_MAX];
  return realpath(path.c_str(), real) == nullptr ? "" : real;
}

// What a process of this program's says when it is started with `environment` and asked for `allocator`; Child.Preloads answers.
std::string Ask(const std::string& allocator, const std::string& environment = "") {
  const std::string command = absl::StrCat("env -u XML_OUTPUT_FILE -u TEST_TOTAL_SHARDS -u GTEST_OUTPUT ", environment, " ", kAsked, "='", allocator,
                                           "' '", RealPath("/proc/self/exe"), "' --gtest_filter=Child.Preloads 'a b' 2>&1");
  std::FILE* child = popen(command.c_str(), "r");
  std::string answer;
  char line[4096];
  while (std::fgets(line, sizeof line, child) != nullptr)
    if (absl::StartsWith(line, "ANSWER ")) answer += line + 7;
  pclose(child);
  return answer;
}

TEST(Child, Preloads) {
  const char* asked = std::getenv(kAsked);
  if (asked == nullptr) GTEST_SKIP() << "asked by the other tests";
  const absl::Status s = Preload(asked);
  const char *rest = std::getenv("LD_PRELOAD"), *tried = std::getenv("ORDEAL_PRELOADED");
  std::printf("ANSWER %s\nANSWER LD_PRELOAD=%s%s\n", s.ok() ? AnsweringLibrary().c_str() : std::string(s.message()).c_str(),
              rest == nullptr ? "" : rest, tried == nullptr ? "" : " and a trace");
}

TEST(Preload, TheLibraryAnswersAndIsOutOfTheEnvironment) {
  if (access(kPlanted, R_OK) != 0) GTEST_SKIP() << kPlanted << " was not built";
  EXPECT_EQ(Ask(kPlanted), absl::StrCat("planted_malloc ", RealPath(kPlanted), "\nLD_PRELOAD=\n"));
  EXPECT_THAT(Ask(kPlanted, "LD_PRELOAD=libm.so.6"), HasSubstr("LD_PRELOAD=libm.so.6\n"));
}

TEST(Preload, WhateverIsInstalledAnswers) {
  for (const std::string_view name : RealAllocatorNames()) {
    const absl::StatusOr<std::string> library = FindAllocatorLibrary(std::string(name));
    if (!library.ok()) continue;
    const std::string answer = Ask(std::string(name));
    if (name == "malloc") EXPECT_EQ(answer, absl::StrCat(AnsweringLibrary(), "\nLD_PRELOAD=\n"));
    else EXPECT_THAT(answer, AllOf(StartsWith(absl::StrCat(std::string(name), " ")), HasSubstr(absl::StrCat(" ", RealPath(*library), "\n"))));
  }
}

TEST(Preload, ALibraryThatDoesNotAnswerMallocIsRefused) {
  const std::string answer = Ask("/proc/self/exe");
  EXPECT_THAT(answer, StartsWith(absl::StrCat("--allocator: ", RealPath("/proc/self/exe"),
                                              " was preloaded in vain: malloc, free, calloc, realloc, aligned_alloc are answered by ")));
}

// ld.so says one line about it and goes on with what there is.
TEST(Preload, WhatLdSoDidNotLoadIsRefusedAndNotTriedForEver) {
  if (access(kPlanted, R_OK) != 0) GTEST_SKIP() << kPlanted << " was not built";
  EXPECT_THAT(Ask(kPlanted, absl::StrCat("ORDEAL_PRELOADED=", RealPath(kPlanted))), HasSubstr(" was preloaded in vain: malloc"));
  // A file that is no library at all.
  const std::string file = absl::StrCat(testing::TempDir(), "/no_library.so");
  std::ofstream(file) << "text";
  EXPECT_THAT(Ask(file), HasSubstr(" was preloaded in vain: malloc"));
}

TEST(Preload, WhatIsNotThereIsSaidInOneLine) {
  EXPECT_EQ(FindAllocatorLibrary("jemalloc", {"/nonexistent"}).status().message(),
            "--allocator=jemalloc: libjemalloc.so.2 is not installed; Debian: apt-get install libjemalloc2");
  EXPECT_EQ(FindAllocatorLibrary("./nothing.so").status().message(), "--allocator=./nothing.so: no such file");
  EXPECT_EQ(FindAllocatorLibrary("jemaloc").status().message(), "no allocator 'jemaloc' (did you mean \"jemalloc\"?)");
  const std::string file = absl::StrCat(testing::TempDir(), "/a b.so");
  std::ofstream(file) << "text";
  EXPECT_THAT(std::string(FindAllocatorLibrary(file).status().message()), HasSubstr("cannot be preloaded"));
  EXPECT_TRUE(IsRealAllocator("tbbmalloc"));
  EXPECT_TRUE(IsRealAllocator("./x.so"));
  EXPECT_FALSE(IsRealAllocator("slub"));
}

TEST(Answering, WhoAnswersIsAFileThatHasTheCode) {
  ASSERT_EQ(WhoAnswers().size(), 5u);
  for (const Answer& a : WhoAnswers()) EXPECT_EQ(access(a.file.c_str(), R_OK), 0) << a.function << " " << a.file;
  const int local = 0;
  EXPECT_EQ(FileOfCode(&local), "");
  EXPECT_EQ(FileOfCode(reinterpret_cast<const void*>(&RealPath)), RealPath("/proc/self/exe"));
}

}  // namespace
}  // namespace ordeal::stress
