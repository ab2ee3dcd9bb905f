#include "stress/night/directory_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/file.h"

namespace ordeal::stress {

absl::StatusOr<DirectoryLock> DirectoryLock::Take(const std::string& directory) {
  const std::string path = directory + "/lock";
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (fd < 0) return absl::ErrnoToStatus(errno, absl::StrCat(path, ": open"));
  DirectoryLock lock(path, fd);
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return absl::ErrnoToStatus(errno, absl::StrCat(path, ": flock"));
    const std::string holder = ReadFile(path, 100).value_or("");
    return absl::FailedPreconditionError(absl::StrCat(directory, ": another process is at work here (", absl::StripAsciiWhitespace(holder), ")"));
  }
  // For people only: a full disk must not keep a run from being resumed.
  const std::string me = absl::StrCat("pid ", getpid(), "\n");
  if (ftruncate(fd, 0) == 0) (void)!write(fd, me.data(), me.size());
  return lock;
}

DirectoryLock::~DirectoryLock() {
  if (fd_ >= 0) close(fd_);
}

absl::Status DirectoryLock::StillHeld() const {
  struct stat mine, there;
  if (fstat(fd_, &mine) == 0 && stat(path_.c_str(), &there) == 0 && mine.st_ino == there.st_ino && mine.st_dev == there.st_dev)
    return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(path_, ": gone, or another one: the run directory was removed or replaced"));
}

}  // namespace ordeal::stress
