// How is the night going? One text for a terminal, one line for a log.
#pragma once
#include <cstdio>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "stress/night/tally.h"

namespace ordeal::stress {

// What both are made of.
struct NightStatus {
  std::string version, host, machine;  // "2 pkg x 16 core x SMT4 = 128 PU (allowed 120)"
  std::string seed, shard, placement, sync;
  double seconds = 0;          // of running
  double planned_seconds = 0;  // 0: bounded by rounds
  double plan_done = 0;
  std::string ends;      // "07:00"; empty: not known
  std::string scenario;  // at work now
  size_t scenario_number = 0, scenarios = 0;
  double rounds_per_second = 0;  // of late
  NightTally tally;
  std::string last_finding;     // "ledger-1f xfree"; empty: none
  double last_finding_age = 0;  // seconds
  u64 hangs = 0;
  double load = -1;           // load average; negative: not known
  double checkpoint_age = 0;  // seconds
};

struct ScreenStyle {
  size_t width = 80, height = 20;
  bool utf8 = false, colour = false;
};

// At most `height` lines of at most `width` characters, without escape codes unless there is colour.
std::string ScreenText(const NightStatus& status, const ScreenStyle& style);

// "[03:12:44] xfree 165 k rounds/s overlap 38.4% canary ok findings 1 !!! drift 0", with its end.
std::string StatusLine(const NightStatus& status);

enum class StatusMode { kScreen, kLines, kNone };

// --status: auto, screen, lines or none. A screen only on a terminal that can move its cursor; what is written into a file is lines.
absl::StatusOr<StatusMode> StatusModeFor(const std::string& flag, bool is_terminal, const char* term);

// Of this process's surroundings: LC_ALL, LC_CTYPE and LANG (the first that is set) say UTF-8; NO_COLOR is not set.
ScreenStyle StyleFromEnvironment();

// Shows one status after the other.
class StatusDisplay {
 public:
  StatusDisplay(StatusMode mode, const ScreenStyle& style, std::FILE* to) : mode_(mode), style_(style), to_(to) {}

  // A screen is painted over the last one.
  void Show(const NightStatus& status);
  // Something else is about to be printed: the screen stays where it is, the next one is painted below.
  void Leave() { painted_ = 0; }

 private:
  StatusMode mode_;
  ScreenStyle style_;
  std::FILE* to_;
  size_t painted_ = 0;  // lines
};

}  // namespace ordeal::stress
