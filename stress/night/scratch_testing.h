// Where does a test put its files? In a folder of its own, gone with it; and one on a disk that is soon full.
#pragma once
#include <stdlib.h>
#include <sys/mount.h>

#include <filesystem>
#include <string>

#include "gtest/gtest.h"

namespace ordeal::stress {

class Scratch {
 public:
  Scratch() {
    std::string pattern = testing::TempDir() + "/ordeal_night_XXXXXX";
    path_ = mkdtemp(pattern.data());
  }
  ~Scratch() {
    if (mounted_) umount2(path_.c_str(), MNT_DETACH);
    std::filesystem::remove_all(path_);
  }
  Scratch(const Scratch&) = delete;

  // From now on no more than so many bytes fit in. False where the machine does not let us.
  bool Limit(size_t bytes) { return mounted_ = mount("tmpfs", path_.c_str(), "tmpfs", 0, ("size=" + std::to_string(bytes)).c_str()) == 0; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
  bool mounted_ = false;
};

}  // namespace ordeal::stress
