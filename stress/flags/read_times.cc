#include <cstdlib>
#include <iterator>
#include <limits>

#include "absl/flags/flag.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "stress/flags/read.h"
#include "stress/flags/table.h"

namespace ordeal::stress {
namespace {

absl::StatusOr<double> Seconds(const char* flag, const std::string& text) {
  absl::Duration d;
  if (!absl::ParseDuration(text, &d) || d <= absl::ZeroDuration())
    return Bad(absl::StrCat("--", flag, "=", text, ": expected a length of time like 90s, 30m or 8h"));
  return absl::ToDoubleSeconds(d);
}

absl::Status ReadDuration(const std::string& program, NightFlags* f) {
  std::string mode = absl::GetFlag(FLAGS_mode);
  if (mode.empty()) mode = program == "quick" ? "quick" : "overnight";
  const bool otherwise_bounded = f->rounds != 0 || !absl::GetFlag(FLAGS_stop_at).empty();
  if (absl::Status s = Choose<double>("mode", mode, {{"quick", 20.0}, {"default", 300.0}, {"tough", 3600.0}, {"overnight", 8 * 3600.0}}, &f->seconds);
      !s.ok())
    return s;
  if (absl::GetFlag(FLAGS_mode).empty() && otherwise_bounded) f->seconds = std::numeric_limits<double>::infinity();
  if (const std::string d = absl::GetFlag(FLAGS_duration); !d.empty()) {
    const absl::StatusOr<double> seconds = Seconds("duration", d);
    if (!seconds.ok()) return seconds.status();
    f->seconds = *seconds;
  }
  if (const std::string at = absl::GetFlag(FLAGS_stop_at); !at.empty()) {
    absl::Time t;
    std::string error;
    if (!absl::ParseTime(absl::RFC3339_full, at, &t, &error))
      return Bad(absl::StrCat("--stop_at=", at, ": expected a time like 2026-11-28T07:00:00+01:00"));
    f->stop_at = absl::ToDoubleSeconds(t - absl::UnixEpoch());
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadTimes(const std::string& program, NightFlags* f) {
  f->rounds = absl::GetFlag(FLAGS_rounds);
  if (absl::Status s = ReadDuration(program, f); !s.ok()) return s;
  const std::pair<const char*, double*> times[] = {
      {"canary_every", &f->canary_every}, {"status_every", &f->status_every}, {"hang_after", &f->hang_after}};
  const std::string texts[] = {absl::GetFlag(FLAGS_canary_every), absl::GetFlag(FLAGS_status_every), absl::GetFlag(FLAGS_hang_after)};
  for (size_t i = 0; i < std::size(times); ++i) {
    const absl::StatusOr<double> seconds = Seconds(times[i].first, texts[i]);
    if (!seconds.ok()) return seconds.status();
    *times[i].second = *seconds;
  }
  f->slice_seconds = 0;
  if (const std::string slice = absl::GetFlag(FLAGS_slice); !slice.empty()) {
    const absl::StatusOr<double> seconds = Seconds("slice", slice);
    if (!seconds.ok()) return seconds.status();
    f->slice_seconds = *seconds;
  }
  return absl::OkStatus();
}

absl::Status ReadShard(NightFlags* f) {
  std::string text = absl::GetFlag(FLAGS_shard);
  if (text.empty()) {
    for (const auto [i, n] : {std::pair{"TEST_SHARD_INDEX", "TEST_TOTAL_SHARDS"}, std::pair{"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT"}}) {
      const char* index = std::getenv(i);
      const char* count = std::getenv(n);
      if (index != nullptr && count != nullptr) text = absl::StrCat(index, "/", count);
    }
  }
  if (text.empty()) return absl::OkStatus();
  const std::vector<std::string> parts = absl::StrSplit(text, '/');
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &f->shard) || !absl::SimpleAtoi(parts[1], &f->shards) || f->shard < 0 || f->shard >= f->shards)
    return Bad(absl::StrCat("--shard=", text, ": expected I/N, I from 0 to N-1"));
  return absl::OkStatus();
}

}  // namespace ordeal::stress
