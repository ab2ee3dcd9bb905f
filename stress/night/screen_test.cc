#include "stress/night/screen.h"

#include <stdlib.h>

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "base/random.h"
#include "gtest/gtest.h"
#include "stress/night/tally_testing.h"

namespace ordeal::stress {
namespace {

NightStatus Status() {
  NightStatus s;
  s.version = "0.1";
  s.host = "power9a";
  s.machine = "2 pkg x 16 core x SMT4 = 128 PU (allowed 120)";
  s.seed = "7";
  s.shard = "2/6";
  s.placement = "smt";
  s.sync = "timebase";
  s.seconds = 11564;
  s.planned_seconds = 8 * 3600;
  s.plan_done = 0.4015;
  s.ends = "07:00";
  s.scenario = "xfree";
  s.scenario_number = 5;
  s.scenarios = 12;
  s.rounds_per_second = 165000;
  ScenarioTally t;
  t.name = "xfree";
  t.meters.rounds = 1'910'000'000;
  t.meters.overlapped = 733'440'000;
  t.meters.ops = 61'000'000'000;
  t.meters.skew.bucket[5] = 99;
  t.meters.skew.bucket[8] = 1;
  t.findings = {"ledger-1f"};
  s.tally = {{t}, {{"SB", true, 401, 1000}, {"LB", false, 2, 100000}}};
  s.last_finding = "ledger-1f xfree";
  s.last_finding_age = 67;
  s.load = 121;
  s.checkpoint_age = 12;
  return s;
}

TEST(Screen, IsThis) {
  EXPECT_EQ(ScreenText(Status(), {}), R"( ordeal stress 0.1  power9a  2 pkg x 16 core x SMT4 = 128 PU (allowed 120)
 [###########################.........................................] 40%
 run time 03:12:44 of 08:00:00   ends 07:00   shard 2/6   seed 7
 scenario xfree (5/12)   placement smt   sync timebase
 rounds 1.91 G  165 k/s   ops 61 G
 overlap 38.4%   skew p50 31 p99 31 ticks
 canary SB 40% LB 0.002%  OK
 findings 1 (!!!)   last 67 s ago   ledger-1f xfree
 pin drift 0   starved 0   hangs 0   load 121.0   checkpoint 12 s ago
 Ctrl-C: finish the round and write the summary (again: stop on the spot)
)");
}

TEST(StatusLine, IsThis) {
  EXPECT_EQ(StatusLine(Status()), "[03:12:44] xfree 165 k rounds/s overlap 38.4% canary ok findings 1 !!! drift 0 plan 40%\n");
  NightStatus silent = Status();
  silent.tally.canaries[0].weak = 0;
  silent.tally.scenarios[0].findings.clear();
  EXPECT_EQ(StatusLine(silent), "[03:12:44] xfree 165 k rounds/s overlap 38.4% canary SILENT findings 0 drift 0 plan 40%\n");
}

size_t Characters(absl::string_view line) {
  return static_cast<size_t>(std::count_if(line.begin(), line.end(), [](unsigned char c) { return (c & 0xc0) != 0x80; }));
}

// Whatever the names are and however small the terminal: it fits, and what is not asked for is not in it.
TEST(Screen, FitsAndHoldsNoEscapeCodes) {
  Rng rng(1);
  for (int i = 0; i < 2000; ++i) {
    NightStatus s = Status();
    s.tally = RandomTally(rng);
    for (std::string* text : {&s.version, &s.host, &s.machine, &s.seed, &s.placement, &s.scenario, &s.last_finding, &s.ends})
      *text = RandomText(rng) + RandomText(rng) + "\x1b[2J\r\u2603\xff";
    s.plan_done = static_cast<double>(rng.Below(12)) / 10;
    ScreenStyle style{1 + rng.Below(100), rng.Below(25), rng.Percent(50), false};
    const std::string text = ScreenText(s, style), line = StatusLine(s);
    const std::vector<absl::string_view> lines = absl::StrSplit(text, absl::ByAnyChar("\n"), absl::SkipEmpty());
    EXPECT_LE(lines.size(), style.height);
    for (const absl::string_view l : lines) EXPECT_LE(Characters(l), style.width) << l;
    for (const std::string& t : {text, line}) {
      EXPECT_TRUE(std::none_of(t.begin(), t.end(), [](unsigned char c) { return (c < 0x20 && c != '\n') || c == 0x7f; })) << t;
    }
    if (!style.utf8) {
      EXPECT_TRUE(std::none_of(text.begin(), text.end(), [](unsigned char c) { return c >= 0x80; })) << text;
    }
    EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
    style.colour = true;
    if (style.height >= 7) {
      EXPECT_TRUE(absl::StrContains(ScreenText(s, style), "\x1b[3"));
    }
  }
}

TEST(StatusMode, IsAScreenOnlyOnATerminal) {
  EXPECT_EQ(StatusModeFor("auto", true, "xterm").value(), StatusMode::kScreen);
  for (const char* flag : {"auto", "screen"}) {
    EXPECT_EQ(StatusModeFor(flag, false, "xterm").value(), StatusMode::kLines) << flag;
    EXPECT_EQ(StatusModeFor(flag, true, "dumb").value(), StatusMode::kLines) << flag;
    EXPECT_EQ(StatusModeFor(flag, true, nullptr).value(), StatusMode::kLines) << flag;
  }
  EXPECT_EQ(StatusModeFor("screen", true, "xterm").value(), StatusMode::kScreen);
  EXPECT_EQ(StatusModeFor("lines", true, "xterm").value(), StatusMode::kLines);
  EXPECT_EQ(StatusModeFor("none", true, "xterm").value(), StatusMode::kNone);
  EXPECT_EQ(StatusModeFor("fancy", true, "xterm").status().message(), "--status: expected auto, screen, lines or none, got fancy");
}

TEST(ScreenStyle, FollowsTheEnvironment) {
  unsetenv("LC_ALL"), unsetenv("LC_CTYPE"), unsetenv("NO_COLOR");
  setenv("LANG", "en_GB.UTF-8", 1);
  EXPECT_TRUE(StyleFromEnvironment().utf8);
  setenv("LC_ALL", "C", 1);
  EXPECT_FALSE(StyleFromEnvironment().utf8) << "LC_ALL wins over LANG";
  EXPECT_TRUE(StyleFromEnvironment().colour);
  setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(StyleFromEnvironment().colour);
}

std::string Shown(StatusMode mode, int times) {
  char* text = nullptr;
  size_t size = 0;
  std::FILE* to = open_memstream(&text, &size);
  StatusDisplay display(mode, {}, to);
  for (int i = 0; i < times; ++i) display.Show(Status());
  std::fclose(to);
  std::string out(text, size);
  std::free(text);
  return out;
}

TEST(StatusDisplay, PaintsOverTheLastScreenAndAppendsLines) {
  EXPECT_EQ(Shown(StatusMode::kNone, 3), "");
  EXPECT_EQ(Shown(StatusMode::kLines, 2), StatusLine(Status()) + StatusLine(Status()));
  const std::string screen = Shown(StatusMode::kScreen, 2);
  EXPECT_TRUE(absl::StartsWith(screen, " ordeal stress"));
  EXPECT_TRUE(absl::StrContains(screen, "\x1b[10A ordeal stress")) << "up by the ten lines that there are";
}

}  // namespace
}  // namespace ordeal::stress
