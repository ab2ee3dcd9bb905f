// What a night says of itself while it goes on, and when it cannot go on (night.h).
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <unistd.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/exit_code.h"
#include "base/file.h"
#include "base/summary.h"
#include "base/version.h"
#include "stress/crew/timebase.h"
#include "stress/night.h"
#include "stress/night/compare_runs.h"
#include "stress/night/summary.h"
#include "stress/preflight/machine_files.h"

namespace ordeal::stress {
namespace {

constexpr double kScreenEvery = 1;
constexpr absl::string_view kArm = "+arm";  // as scenario.cc names them

double Load() {
  double load = -1;
  return getloadavg(&load, 1) == 1 ? load : -1;
}

}  // namespace

void Night::Show(const std::string& scenario) {
  const bool screen = isatty(STDERR_FILENO) != 0 && flags_.status != "lines";
  if (Now() - status_ < (screen ? kScreenEvery : flags_.status_every)) return;
  status_ = Now();
  NightStatus s;
  s.version = kVersion;
  s.host = directory_.state().host;
  s.machine = topology_.Describe();
  s.seed = absl::StrCat(seed());
  s.shard = directory_.state().shard;
  s.placement = PolicyName(placement_.policy);
  s.sync = flags_.sync == Sync::kTimebase ? "timebase" : flags_.sync == Sync::kSpin ? "spin" : "none";
  s.seconds = Elapsed();
  s.planned_seconds = Done() > 0 && flags_.rounds == 0 ? flags_.seconds : 0;
  s.plan_done = Done();
  s.scenario = scenario;
  s.scenarios = plan_.scenarios.size();
  for (const Scenario& other : plan_.scenarios) {
    ++s.scenario_number;
    if (other.name == scenario) break;
  }
  s.tally = directory_.state().tally;
  for (const ScenarioTally& t : s.tally.scenarios)
    if (t.name == scenario && t.meters.seconds > 0) s.rounds_per_second = static_cast<double>(t.meters.rounds) / t.meters.seconds;
  s.load = Load();
  s.checkpoint_age = Now() - checkpoint_;
  display_.Show(s);
}

// The kernel counts how often a core was slowed down for its heat, where the machine tells.
absl::Status Night::WatchHeat() {
  const MachineFiles files("");
  double throttled = 0;
  for (const Seat& s : topology_.usable())
    throttled += files.Number(absl::StrCat("/sys/devices/system/cpu/cpu", s.os, "/thermal_throttle/core_throttle_count")).value_or(0);
  const double before = std::exchange(throttled_, throttled);
  if (before < 0 || throttled <= before) return absl::OkStatus();
  return journal_.Write(WarningEvent{absl::StrCat("cores were throttled ", throttled - before, " times: rates before and after do not compare")});
}

absl::Status Night::Progress() {
  if (absl::Status s = WatchHeat(); !s.ok()) return s;
  for (const ScenarioTally& s : directory_.state().tally.scenarios) {
    const Meters& m = s.meters;
    if (m.rounds == 0) continue;
    ProgressEvent e;
    e.scenario = s.name;
    e.rounds = m.rounds;
    e.findings = s.findings.size();
    e.skew_p50 = m.skew.Quantile(0.5);
    e.skew_p99 = m.skew.Quantile(0.99);
    e.drifted = m.drifted;
    e.starved = m.starved;
    e.rounds_per_second = m.seconds > 0 ? static_cast<double>(m.rounds) / m.seconds : 0;
    e.overlap = Overlap(m);
    if (absl::Status status = journal_.Write(e); !status.ok()) return status;
  }
  if (absl::Status s = journal_.Write(CheckpointEvent{directory_.state().next_epoch, TotalRounds(directory_.state().tally), RssMib(), Done()});
      !s.ok())
    return s;
  return journal_.Sync();
}

// From the watchdog's thread, while a worker hangs: what can be said is said, the last checkpoint stays, and the process ends.
void Night::Alarmed(const Alarm& alarm) {
  end_ = alarm.exit_code == kExitHang ? RunEnd::kHang : RunEnd::kMemory;
  const std::string stacks = directory_.path() + "/stacks.txt";
  if (!alarm.stacks.empty())
    if (absl::Status s = WriteFile(stacks, alarm.stacks); !s.ok()) PrintError(s);
  const NightEvent event = end_ == RunEnd::kHang ? NightEvent(HangEvent{static_cast<u64>(alarm.hang.worker), alarm.hang.seconds, stacks})
                                                 : NightEvent(MemoryEvent{alarm.rss_mib, flags_.rss_limit_mb});
  if (absl::Status s = journal_.Write(event); !s.ok()) PrintError(s);
  const NightReport report = Report();
  if (absl::Status s = WriteSummaries(report, directory_.path()); !s.ok()) PrintError(s);
  display_.Leave();
  std::fprintf(stderr, "%s\n%s", alarm.text.c_str(), SummaryText(report).c_str());
  PrintSummary(absl::StrCat(Judge(report).word, " ", alarm.text));
  std::fflush(nullptr);
  _exit(Judge(report).exit);
}

// The arms beside what they were made from: is a barrier worth its name?
std::string Night::Arms() const {
  NightTally with, without;
  for (const ScenarioTally& s : directory_.state().tally.scenarios) {
    if (!absl::EndsWith(s.name, kArm)) continue;
    with.scenarios.push_back(s);
    with.scenarios.back().name = std::string(absl::StripSuffix(s.name, kArm));
    for (const ScenarioTally& other : directory_.state().tally.scenarios)
      if (other.name == with.scenarios.back().name) without.scenarios.push_back(other);
  }
  return with.scenarios.empty() ? ""
                                : absl::StrCat("with ", flags_.scenarios.arm[0], flags_.scenarios.arm.size() > 1 ? ", ..." : "",
                                               ", beside without:\n", CompareRuns(with, without));
}

// Every scenario that has the expected bug needs a weaker machine than this.
std::string Night::Hidden() const {
  std::string why;
  for (const Scenario& s : plan_.scenarios) {
    if (s.kind != ScenarioKind::kCorpus || s.reproducer.bugs != std::vector<std::string>{flags_.expect} || absl::EndsWith(s.name, kArm)) continue;
    if (MachineCanShow(s) && s.not_run.empty()) return "";
    why = !s.not_run.empty()         ? s.not_run
          : s.model_allows().empty() ? "nothing goes wrong by it, the contract alone is broken"
                                     : absl::StrCat("the model allows it on ", s.model_allows(), ", and this machine is ", RungOfThisMachine());
  }
  return why;
}

}  // namespace ordeal::stress
