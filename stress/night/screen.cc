#include "stress/night/screen.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "stress/night/judgement.h"
#include "stress/night/numbers.h"
#include "stress/night/utf8.h"

namespace ordeal::stress {
namespace {

constexpr char kRed[] = "\x1b[31m", kGreen[] = "\x1b[32m", kPlain[] = "\x1b[0m";

Meters AllMeters(const NightTally& t) {
  Meters all;
  for (const ScenarioTally& s : t.scenarios) {
    all.rounds += s.meters.rounds;
    all.ops += s.meters.ops;
    all.overlapped += s.meters.overlapped;
    all.drifted += s.meters.drifted;
    all.starved += s.meters.starved;
    for (size_t b = 0; b < all.skew.bucket.size(); ++b) all.skew.bucket[b] += s.meters.skew.bucket[b];
  }
  return all;
}

bool CanaryIsSilent(const NightTally& t) {
  return std::none_of(t.canaries.begin(), t.canaries.end(), [](const CanaryTally& c) { return c.expected; }) ||
         std::any_of(t.canaries.begin(), t.canaries.end(), [](const CanaryTally& c) { return c.expected && c.weak == 0; });
}

std::string Canaries(const NightTally& t) {
  std::vector<std::string> each;
  for (const CanaryTally& c : t.canaries)
    each.push_back(c.rounds == 0 ? absl::StrCat(c.name, " -")
                                 : absl::StrFormat("%s %.2g%%", c.name, 100 * static_cast<double>(c.weak) / static_cast<double>(c.rounds)));
  return absl::StrCat(absl::StrJoin(each, " "), each.empty() ? "" : "  ", CanaryIsSilent(t) ? "SILENT" : "OK");
}

std::string ProgressBar(double done, const ScreenStyle& style) {
  const size_t cells = std::clamp<size_t>(style.width, 24, 80) - 12,
               full = static_cast<size_t>(std::clamp(done, 0.0, 1.0) * static_cast<double>(cells));
  std::string bar;
  for (size_t i = 0; i < cells; ++i) bar += i < full ? (style.utf8 ? "\u2588" : "#") : (style.utf8 ? "\u2591" : ".");
  return absl::StrFormat("[%s] %s", bar, Percent(done));
}

// What a terminal would take for more than a character becomes '?'; then it is cut to the width.
std::string Fitted(const std::string& line, const ScreenStyle& style) {
  std::string out;
  size_t used = 0;
  for (size_t i = 0; i < line.size() && used < style.width; ++used) {
    const size_t length = CharacterLength(std::string_view(line).substr(i));
    const bool shown = length == 1 ? line[i] >= 0x20 : length > 1 && style.utf8;
    out += shown ? line.substr(i, length) : "?";
    i += std::max<size_t>(length, 1);
  }
  return out;
}

}  // namespace

std::string ScreenText(const NightStatus& s, const ScreenStyle& style) {
  const Meters m = AllMeters(s.tally);
  const size_t findings = AllFindings(s.tally).size();
  struct Line {
    std::string text;
    const char* colour = "";
  };
  const std::string of = s.planned_seconds > 0 ? absl::StrCat(" of ", Clock(s.planned_seconds)) : "";
  std::vector<Line> lines = {
      {absl::StrCat(" ordeal stress ", s.version, "  ", s.host, "  ", s.machine)},
      {absl::StrCat(" ", ProgressBar(s.plan_done, style))},
      {absl::StrCat(" run time ", Clock(s.seconds), of, s.ends.empty() ? "" : "   ends " + s.ends, s.shard.empty() ? "" : "   shard " + s.shard,
                    "   seed ", s.seed)},
      {absl::StrCat(" scenario ", s.scenario, " (", s.scenario_number, "/", s.scenarios, ")   placement ", s.placement, "   sync ", s.sync)},
      {absl::StrCat(" rounds ", Short(m.rounds), "  ", Short(s.rounds_per_second), "/s   ops ", Short(m.ops))},
      {absl::StrFormat(" overlap %.1f%%   skew p50 %u p99 %u ticks", 100 * Overlap(m), m.skew.Quantile(0.5), m.skew.Quantile(0.99)),
       m.rounds > 0 && m.overlapped == 0 ? kRed : ""},
      {absl::StrCat(" canary ", Canaries(s.tally)), CanaryIsSilent(s.tally) ? kRed : kGreen},
      {absl::StrCat(" findings ", findings, findings == 0 ? "" : " (!!!)",
                    s.last_finding.empty() ? "" : absl::StrCat("   last ", Age(s.last_finding_age), " ago   ", s.last_finding)),
       findings == 0 ? kGreen : kRed},
      {absl::StrCat(" pin drift ", m.drifted, "   starved ", m.starved, "   hangs ", s.hangs,
                    s.load < 0 ? "" : absl::StrFormat("   load %.1f", s.load), "   checkpoint ", Age(s.checkpoint_age), " ago")},
      {" Ctrl-C: finish the round and write the summary (again: stop on the spot)"},
  };
  if (lines.size() > style.height) lines.resize(style.height);
  std::string out;
  for (const Line& line : lines) {
    const bool coloured = style.colour && *line.colour != 0;
    absl::StrAppend(&out, coloured ? line.colour : "", Fitted(line.text, style), coloured ? kPlain : "", "\n");
  }
  return out;
}

std::string StatusLine(const NightStatus& s) {
  const Meters m = AllMeters(s.tally);
  const size_t findings = AllFindings(s.tally).size();
  const std::string line = absl::StrFormat("[%s] %s %s rounds/s overlap %.1f%% canary %s findings %u%s drift %u plan %s", Clock(s.seconds),
                                           s.scenario, Short(s.rounds_per_second), 100 * Overlap(m), CanaryIsSilent(s.tally) ? "SILENT" : "ok",
                                           findings, findings == 0 ? "" : " !!!", m.drifted, Percent(s.plan_done));
  return Fitted(line, {.width = 400}) + "\n";
}

absl::StatusOr<StatusMode> StatusModeFor(const std::string& flag, bool is_terminal, const char* term) {
  const bool can_paint = is_terminal && term != nullptr && *term != 0 && std::string(term) != "dumb";
  if (flag == "auto" || flag == "screen") return can_paint ? StatusMode::kScreen : StatusMode::kLines;
  if (flag == "lines") return StatusMode::kLines;
  if (flag == "none") return StatusMode::kNone;
  return absl::InvalidArgumentError(absl::StrCat("--status: expected auto, screen, lines or none, got ", flag));
}

ScreenStyle StyleFromEnvironment() {
  ScreenStyle style;
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == 0) continue;
    const std::string lower = absl::AsciiStrToLower(value);
    style.utf8 = absl::StrContains(lower, "utf-8") || absl::StrContains(lower, "utf8");
    break;
  }
  const char* no_colour = std::getenv("NO_COLOR");
  style.colour = no_colour == nullptr || *no_colour == 0;
  return style;
}

void StatusDisplay::Show(const NightStatus& status) {
  if (mode_ == StatusMode::kNone) return;
  if (mode_ == StatusMode::kLines) {
    std::fputs(StatusLine(status).c_str(), to_);
  } else {
    const std::string text = ScreenText(status, style_);
    if (painted_ != 0) std::fprintf(to_, "\x1b[%zuA", painted_);  // up
    painted_ = 0;
    for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
      std::fprintf(to_, "%s\x1b[K\n", std::string(line).c_str());  // and clear what is left of the old line
      ++painted_;
    }
  }
  std::fflush(to_);
}

}  // namespace ordeal::stress
