// How does a test get files to work on, when Bazel hands them over on its command line?
#pragma once
#include <cstdio>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace ordeal {

// The whole of such a test's main: `files` is filled, `prepare` called, the tests are run. Without files it is an error: a test of nothing.
inline int RunTestsOnFiles(int argc, char** argv, std::vector<std::string>& files, void (*prepare)() = nullptr) {
  testing::InitGoogleTest(&argc, argv);
  files.assign(argv + 1, argv + argc);
  if (files.empty()) {
    std::fprintf(stderr, "no files on the command line\n");
    return 1;
  }
  if (prepare != nullptr) prepare();
  if (testing::Test::HasFailure()) return 1;  // in prepare()
  return RUN_ALL_TESTS();
}

}  // namespace ordeal
