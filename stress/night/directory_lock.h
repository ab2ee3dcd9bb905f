// Is anyone else at work in this directory? A lock that dies with its process, however that ends.
#pragma once
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace ordeal::stress {

class DirectoryLock {
 public:
  // DIR/lock by flock(2), without waiting. FailedPrecondition, with the number of the other process, where it is taken.
  static absl::StatusOr<DirectoryLock> Take(const std::string& directory);

  DirectoryLock(DirectoryLock&& other) noexcept : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)) {}
  DirectoryLock& operator=(DirectoryLock&&) = delete;
  ~DirectoryLock();

  // Whether what is at DIR now is still what was locked: it may have been removed, and another run made in its place.
  absl::Status StillHeld() const;

 private:
  DirectoryLock(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}

  std::string path_;
  int fd_;
};

}  // namespace ordeal::stress
