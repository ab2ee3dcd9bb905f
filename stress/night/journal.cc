#include "stress/night/journal.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/file.h"
#include "nlohmann/json.hpp"

namespace ordeal::stress {
namespace {

absl::Status Failed(const std::string& path, const char* what) {
  const int error = errno;
  return absl::ErrnoToStatus(error, absl::StrCat(path, ": ", what));
}

double Now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

absl::Status CheckLine(std::string_view line, const std::string& what, Json* out) {
  absl::StatusOr<Json> json = ParseJson(line, what);
  if (!json.ok()) return json.status();
  JsonReader in(*json, what);
  in.Version(1);
  in.Number("t");
  in.Text("event");
  *out = *std::move(json);
  return in.status();
}

// All or nothing, so far as the file system lets us.
absl::Status Append(const std::string& path, int fd, std::string_view line) {
  struct stat before;
  if (fstat(fd, &before) != 0) return Failed(path, "stat");
  ssize_t n;
  do n = write(fd, line.data(), line.size());
  while (n < 0 && errno == EINTR);
  if (n == static_cast<ssize_t>(line.size())) return absl::OkStatus();
  if (n >= 0) errno = ENOSPC;  // a part only: the next write would say that
  absl::Status failed = Failed(path, "write");
  if (n > 0 && ftruncate(fd, before.st_size) != 0) return absl::Status(failed.code(), absl::StrCat(failed.message(), ", and its last line is torn"));
  return failed;
}

absl::Status Mend(const std::string& path, int fd) {
  const absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok()) return text.status();
  if (text->empty() || text->back() == '\n') return absl::OkStatus();
  const size_t last = text->rfind('\n') == std::string::npos ? 0 : text->rfind('\n') + 1;
  Json ignored;
  if (CheckLine(std::string_view(*text).substr(last), path, &ignored).ok()) return Append(path, fd, "\n");
  return ftruncate(fd, static_cast<off_t>(last)) == 0 ? absl::OkStatus() : Failed(path, "truncate");
}

}  // namespace

absl::StatusOr<Journal> Journal::Open(const std::string& path, double seconds) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (fd < 0) return Failed(path, "open for appending");
  Journal journal(path, fd, Now() - seconds);
  if (absl::Status s = Mend(path, fd); !s.ok()) return s;
  return journal;
}

Journal::Journal(Journal&& other) noexcept : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)), began_(other.began_) {}

Journal::~Journal() {
  if (fd_ >= 0) close(fd_);
}

std::string EventLine(double t, const NightEvent& event) {
  Json line = {{"v", 1}, {"t", std::round(t * 1000) / 1000}};
  std::visit(
      [&](const auto& e) {
        line["event"] = e.kName;
        for (const auto& [name, value] : e.Fields()) std::visit([&, n = name](const auto& v) { line[n] = v; }, value);
      },
      event);
  return JsonLine(line) + "\n";
}

absl::Status Journal::Write(const NightEvent& event) { return Append(path_, fd_, EventLine(Now() - began_, event)); }

absl::Status Journal::Sync() { return fsync(fd_) == 0 ? absl::OkStatus() : Failed(path_, "fsync"); }

absl::StatusOr<std::vector<Json>> ReadJournal(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok()) return text.status();
  std::vector<absl::string_view> lines = absl::StrSplit(*text, '\n');
  lines.pop_back();  // behind the last line's end: nothing, or a torn line
  std::vector<Json> out(lines.size());
  for (size_t i = 0; i < lines.size(); ++i)
    if (absl::Status s = CheckLine({lines[i].data(), lines[i].size()}, absl::StrCat(path, ":", i + 1), &out[i]); !s.ok()) return s;
  return out;
}

}  // namespace ordeal::stress
