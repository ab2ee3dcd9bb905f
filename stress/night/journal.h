// What happened, and when? events.jsonl: one JSON object a line, only ever appended to.
//
//   {"v":1,"t":11564.2,"event":"progress","scenario":"xfree","rounds":1910000000,...}
//
// A line is one write(2), so that a kill leaves whole lines, and a machine that goes down at most one that is torn: opening the journal again mends
// that. A full disk is an error, and leaves whole lines, too.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "stress/night/events.h"
#include "stress/night/json.h"

namespace ordeal::stress {

class Journal {
 public:
  // `path` may be there: a torn last line gets its line end if it is all there, and is cut off otherwise. `t` of lines goes on from `seconds`.
  static absl::StatusOr<Journal> Open(const std::string& path, double seconds);

  Journal(Journal&& other) noexcept;
  Journal& operator=(Journal&&) = delete;
  ~Journal();

  // From one thread at a time.
  absl::Status Write(const NightEvent& event);
  // On disk when it returns: before each checkpoint.
  absl::Status Sync();

 private:
  Journal(std::string path, int fd, double began) : path_(std::move(path)), fd_(fd), began_(began) {}

  std::string path_;
  int fd_;
  double began_;  // the monotonic clock's seconds when `t` was 0
};

// As a line, with its end.
std::string EventLine(double t, const NightEvent& event);

// The lines of such a file, for those who include nlohmann/json.hpp. A torn last one is passed over; anything else that is no event of this
// version is an error that names its line.
absl::StatusOr<std::vector<Json>> ReadJournal(const std::string& path);

}  // namespace ordeal::stress
