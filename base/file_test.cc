#include "base/file.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "gtest/gtest.h"

namespace ordeal {
namespace {

namespace fs = std::filesystem;

class FileTest : public testing::Test {
 protected:
  void SetUp() override {
    dir_ = testing::TempDir() + "/ordeal_file_test." + std::to_string(getpid());
    ASSERT_TRUE(EnsureDirectory(dir_).ok());
  }
  void TearDown() override { fs::remove_all(dir_); }

  size_t FilesInDir() const { return static_cast<size_t>(std::distance(fs::directory_iterator(dir_), fs::directory_iterator())); }

  std::string dir_;
};

TEST_F(FileTest, WritesAndReadsBackEveryByte) {
  std::string all;
  for (int i = 0; i < 256 * 1024; ++i) all.push_back(static_cast<char>(i * 7 + i / 256));
  const std::string path = dir_ + "/all";
  ASSERT_TRUE(WriteFile(path, all).ok());
  EXPECT_EQ(ReadFile(path).value(), all);
  ASSERT_TRUE(WriteFile(path, "").ok());  // replaced, not appended or overlaid
  EXPECT_EQ(ReadFile(path).value(), "");
  EXPECT_EQ(FilesInDir(), 1u) << "a temporary file was left";
}

TEST_F(FileTest, ErrorsNameThePath) {
  const absl::Status missing = ReadFile(dir_ + "/none").status();
  EXPECT_TRUE(absl::IsNotFound(missing));
  EXPECT_EQ(missing.message().substr(0, dir_.size() + 5), dir_ + "/none") << missing;
  EXPECT_FALSE(ReadFile(dir_).ok()) << "a directory is not a file";
}

TEST_F(FileTest, RefusesWhatIsLongerThanTheLimit) {
  ASSERT_TRUE(WriteFile(dir_ + "/ten", "0123456789").ok());
  EXPECT_EQ(ReadFile(dir_ + "/ten", 10).value(), "0123456789");
  EXPECT_TRUE(absl::IsResourceExhausted(ReadFile(dir_ + "/ten", 9).status()));
}

// Holds for root too: what is in the way is a file.
TEST_F(FileTest, DirectoryThatCannotBe) {
  ASSERT_TRUE(WriteFile(dir_ + "/file", "x").ok());
  const absl::Status write = WriteFile(dir_ + "/file/inner", "y");
  EXPECT_FALSE(write.ok());
  EXPECT_NE(write.message().find(dir_ + "/file/inner"), std::string::npos) << write;
  const absl::Status make = EnsureDirectory(dir_ + "/file/inner/more");
  EXPECT_FALSE(make.ok());
  EXPECT_NE(make.message().find(dir_ + "/file"), std::string::npos) << make;
  EXPECT_FALSE(EnsureDirectory(dir_ + "/file").ok()) << "it exists, but it is not a directory";
  EXPECT_FALSE(EnsureDirectory("").ok());
}

TEST_F(FileTest, UnwritableDirectory) {
  if (geteuid() == 0) GTEST_SKIP() << "root may write anywhere; DirectoryThatCannotBe covers the path";
  const std::string closed = dir_ + "/closed";
  ASSERT_TRUE(EnsureDirectory(closed).ok());
  ASSERT_EQ(chmod(closed.c_str(), 0555), 0);
  EXPECT_TRUE(absl::IsPermissionDenied(WriteFile(closed + "/file", "x")));
  EXPECT_TRUE(absl::IsPermissionDenied(EnsureDirectory(closed + "/inner")));
}

TEST_F(FileTest, FailedWriteLeavesNothing) {
  ASSERT_TRUE(EnsureDirectory(dir_ + "/taken/inner").ok());
  EXPECT_FALSE(WriteFile(dir_ + "/taken", "x").ok()) << "a directory is in the way of the rename";
  EXPECT_EQ(FilesInDir(), 1u) << "a temporary file was left";
}

// As on a full disk, by a limit on the size of files.
TEST_F(FileTest, FailedWriteKeepsTheOldContents) {
  const std::string path = dir_ + "/file";
  ASSERT_TRUE(WriteFile(path, "old").ok());
  signal(SIGXFSZ, SIG_IGN);
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small = {1000, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const absl::Status status = WriteFile(path, std::string(100'000, 'x'));
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(ReadFile(path).value(), "old");
  EXPECT_EQ(FilesInDir(), 1u) << "a temporary file was left";
}

// A reader that holds the old file keeps all of it: the new one is another file, put in its place.
TEST_F(FileTest, ReplacesRatherThanOverwrites) {
  const std::string path = dir_ + "/file";
  ASSERT_TRUE(WriteFile(path, "old").ok());
  fs::create_hard_link(path, dir_ + "/reader");
  ASSERT_TRUE(WriteFile(path, "new").ok());
  EXPECT_EQ(ReadFile(path).value(), "new");
  EXPECT_EQ(ReadFile(dir_ + "/reader").value(), "old");
}

// /dev/null must still be a device afterwards, for root, too.
TEST_F(FileTest, WhatIsNoFileIsWrittenToAndNotReplaced) {
  const std::string path = dir_ + "/pipe";
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  const int reader = open(path.c_str(), O_RDONLY | O_NONBLOCK);
  ASSERT_GE(reader, 0);
  EXPECT_TRUE(WriteFile(path, "through").ok());
  char got[16] = {};
  EXPECT_EQ(read(reader, got, sizeof got), 7);
  EXPECT_STREQ(got, "through");
  struct stat info;
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_TRUE(S_ISFIFO(info.st_mode));
  close(reader);
}

TEST_F(FileTest, MakesParentsAndAcceptsWhatExists) {
  EXPECT_TRUE(EnsureDirectory(dir_ + "/a/b//c/").ok());
  EXPECT_TRUE(fs::is_directory(dir_ + "/a/b/c"));
  EXPECT_TRUE(EnsureDirectory(dir_ + "/a/b/c").ok());
  EXPECT_TRUE(EnsureDirectory("/").ok());
}

TEST_F(FileTest, RelativePath) {
  const fs::path before = fs::current_path();
  fs::current_path(dir_);
  EXPECT_TRUE(WriteFile("here", "x").ok());
  EXPECT_TRUE(EnsureDirectory("sub/sub").ok());
  fs::current_path(before);
  EXPECT_EQ(ReadFile(dir_ + "/here").value(), "x");
}

}  // namespace
}  // namespace ordeal
