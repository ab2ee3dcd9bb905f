#include "stress/night/whats_up.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "stress/night/judgement.h"
#include "stress/night/numbers.h"

namespace ordeal::stress {
namespace {

namespace fs = std::filesystem;

constexpr double kStaleAfter = 300;

using Cells = std::array<std::string, 10>;

bool HoldsRun(const std::string& directory) {
  struct stat info;
  return stat((directory + "/state.json").c_str(), &info) == 0;
}

// Of those that this machine must show.
std::string CanaryWord(const NightTally& t) {
  std::string silent;
  bool any = false;
  for (const CanaryTally& c : t.canaries) {
    if (!c.expected || c.rounds == 0) continue;
    any = true;
    if (c.weak == 0) absl::StrAppend(&silent, silent.empty() ? "" : ",", c.name);
  }
  return !silent.empty() ? absl::StrCat("SILENT ", silent) : any ? "ok" : "none";
}

std::string OverlapWord(const NightTally& t) { return TotalRounds(t) == 0 ? "-" : absl::StrFormat("%.1f%%", 100 * Overlap(t)); }

std::string FindingsWord(size_t findings) { return absl::StrCat(findings, findings == 0 ? "" : " !!!"); }

Cells RowOf(const SeenRun& run, double now) {
  const RunState& s = run.state;
  return {s.host,
          s.architecture,
          s.shard.empty() ? "-" : s.shard,
          absl::StrCat(s.tally.scenarios.size()),
          StateWords(s, now),
          Percent(s.plan_done),
          Short(TotalRounds(s.tally)),
          OverlapWord(s.tally),
          CanaryWord(s.tally),
          absl::StrCat(FindingsWord(AllFindings(s.tally).size()), "  ", run.directory)};
}

Cells Sum(const std::vector<SeenRun>& runs) {
  NightTally all;
  double done = 0;
  for (const SeenRun& run : runs) {
    all = Merged(all, run.state.tally);
    done += run.state.plan_done / static_cast<double>(runs.size());
  }
  return {"total",
          "",
          "",
          absl::StrCat(all.scenarios.size()),
          CountOf(runs.size(), "run"),
          Percent(done),
          Short(TotalRounds(all)),
          OverlapWord(all),
          "",
          FindingsWord(AllFindings(all).size())};
}

}  // namespace

absl::StatusOr<std::vector<std::string>> RunsIn(const std::string& directory) {
  if (HoldsRun(directory)) return std::vector<std::string>{directory};
  std::vector<std::string> runs;
  std::error_code error;
  for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error))
    if (HoldsRun(it->path().string())) runs.push_back(it->path().string());
  if (error) return absl::NotFoundError(absl::StrCat(directory, ": ", error.message()));
  if (runs.empty()) return absl::NotFoundError(absl::StrCat(directory, ": expected a run's directory (with a state.json), or one of runs"));
  std::sort(runs.begin(), runs.end());
  return runs;
}

std::string StateWords(const RunState& s, double now) {
  std::string words = RunStatusName(s.status);
  if (s.status == RunStatus::kRunning) {
    const double age = std::max(0.0, now - s.written);  // the clocks of two machines may differ
    words = absl::StrCat(age > kStaleAfter ? "stale" : "running", " (", Age(age), ")");
  }
  return s.resumed == 0 ? words : absl::StrCat(words, " resumed x", s.resumed);
}

std::string WhatsUpTable(const std::vector<SeenRun>& runs, double now) {
  std::vector<Cells> rows = {{"host", "arch", "shard", "scenarios", "state", "plan", "rounds", "overlap", "canary", "findings"}};
  for (const SeenRun& run : runs) rows.push_back(RowOf(run, now));
  if (runs.size() > 1) rows.push_back(Sum(runs));
  std::array<size_t, 10> width{};
  for (const Cells& row : rows)
    for (size_t c = 0; c < row.size(); ++c) width[c] = std::max(width[c], row[c].size());
  std::string out;
  for (const Cells& row : rows) {
    std::string line;
    for (size_t c = 0; c < row.size(); ++c) absl::StrAppendFormat(&line, "%-*s  ", static_cast<int>(width[c]), row[c]);
    absl::StrAppend(&out, absl::StripTrailingAsciiWhitespace(line), "\n");
  }
  return out;
}

}  // namespace ordeal::stress
