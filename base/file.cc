#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <utility>

#include "absl/strings/str_format.h"

namespace ordeal {
namespace {

absl::Status Failed(std::string_view path, std::string_view what) {
  const int error = errno;
  return absl::ErrnoToStatus(error, absl::StrFormat("%s: %s", path, what));
}

// Closes on every way out; Close() for those who must know whether that went well (a full disk may show only there).
class File {
 public:
  File(const std::string& path, int flags, mode_t mode = 0) {
    do fd_ = open(path.c_str(), flags | O_CLOEXEC, mode);
    while (fd_ < 0 && errno == EINTR);
  }
  ~File() {
    if (fd_ >= 0) close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  int fd() const { return fd_; }
  bool Close() { return close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_ = -1;
};

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

std::string DirectoryOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// Unique among processes and threads; beside the target, since rename does not cross file systems.
std::string TemporaryName(const std::string& path) {
  static std::atomic<unsigned> counter{0};
  return absl::StrFormat("%s.tmp.%d.%u", path, getpid(), counter.fetch_add(1, std::memory_order_relaxed));
}

absl::Status WriteNew(const std::string& path, std::string_view contents) {
  File file(path, O_WRONLY | O_CREAT | O_EXCL, 0666);
  if (file.fd() < 0) return Failed(path, "open for writing");
  if (!WriteAll(file.fd(), contents)) return Failed(path, "write");
  if (fsync(file.fd()) != 0) return Failed(path, "fsync");
  if (!file.Close()) return Failed(path, "close");
  return absl::OkStatus();
}

// A device, a pipe, a socket: to be written to, not to be replaced by a file.
bool IsSpecial(const std::string& path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
}

absl::Status WriteInto(const std::string& path, std::string_view contents) {
  File file(path, O_WRONLY);
  if (file.fd() < 0) return Failed(path, "open for writing");
  if (!WriteAll(file.fd(), contents)) return Failed(path, "write");
  return file.Close() ? absl::OkStatus() : Failed(path, "close");
}

bool IsDirectory(const std::string& path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::string& path, size_t limit) {
  File file(path, O_RDONLY);
  if (file.fd() < 0) return Failed(path, "open");
  std::string contents;
  char buffer[1 << 16];
  for (;;) {
    const ssize_t n = read(file.fd(), buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Failed(path, "read");
    if (n == 0) return contents;
    contents.append(buffer, static_cast<size_t>(n));
    if (contents.size() > limit) {
      return absl::ResourceExhaustedError(absl::StrFormat("%s: longer than the limit of %u bytes", path, limit));
    }
  }
}

absl::Status WriteFile(const std::string& path, std::string_view contents) {
  if (IsSpecial(path)) return WriteInto(path, contents);
  const std::string temporary = TemporaryName(path);
  absl::Status written = WriteNew(temporary, contents);
  if (written.ok() && rename(temporary.c_str(), path.c_str()) != 0) written = Failed(path, "rename to");
  if (!written.ok()) {
    unlink(temporary.c_str());
    return written;
  }
  return SyncDirectory(DirectoryOf(path));  // without this a power cut may undo the rename
}

absl::Status SyncDirectory(const std::string& path) {
  File directory(path, O_RDONLY | O_DIRECTORY);
  // One that can be written to and not read; and some file systems cannot sync a directory (EINVAL): then so be it.
  if (directory.fd() < 0 && errno == EACCES) return absl::OkStatus();
  if (directory.fd() < 0) return Failed(path, "open");
  if (fsync(directory.fd()) != 0 && errno != EINVAL) return Failed(path, "fsync");
  return absl::OkStatus();
}

absl::Status EnsureDirectory(const std::string& path) {
  if (path.empty()) return absl::InvalidArgumentError("\"\": not a path");
  for (size_t end = 1; end <= path.size(); ++end) {
    if (end != path.size() && path[end] != '/') continue;
    const std::string part = path.substr(0, end);
    if (mkdir(part.c_str(), 0777) == 0 || IsDirectory(part)) continue;
    errno = errno == EEXIST ? ENOTDIR : errno;  // something is there, and it is no directory
    return Failed(path, "make directory " + part);
  }
  return absl::OkStatus();
}

}  // namespace ordeal
