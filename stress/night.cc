#include "stress/night.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "base/random.h"
#include "base/version.h"
#include "stress/crew/escape.h"
#include "stress/crew/timebase.h"
#include "stress/mixes/answering.h"
#include "stress/night/stacks.h"
#include "stress/night/test_id.h"

namespace ordeal::stress {
namespace {

u64 FreshSeed() {
  u64 state = static_cast<u64>(Now() * 1e9) ^ Ticks();
  return SplitMix64(state);
}

double UnixNow() {
  timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Night>> Night::Make(const NightFlags& flags, const Plan& plan, const Topology& topology) {
  auto directory = [&]() -> absl::StatusOr<RunDirectory> {
    if (!flags.resume.empty()) return RunDirectory::Resume(flags.resume, plan.hash, flags.resume_anyway);
    absl::StatusOr<std::string> xml = topology.ToXml();
    if (!xml.ok()) return xml.status();
    NewRun run;
    run.plan = plan.hash;
    run.seed = flags.seed != 0 ? flags.seed : FreshSeed();
    run.shard = flags.shards > 1 ? absl::StrCat(flags.shard, "/", flags.shards) : "";
    run.test_id = TestId(kVersion, flags.given, {absl::StrCat("machine: ", topology.Describe()), absl::StrCat("malloc: ", AnsweringLibrary())});
    run.flags = flags.given;
    run.topology_xml = *std::move(xml);
    return RunDirectory::Create(run, flags.run_dir);
  }();
  if (!directory.ok()) return directory.status();
  absl::StatusOr<Journal> journal = Journal::Open(directory->path() + "/events.jsonl", directory->state().seconds);
  if (!journal.ok()) return journal.status();
  const absl::StatusOr<StatusMode> mode = StatusModeFor(flags.status, isatty(STDERR_FILENO) != 0, std::getenv("TERM"));
  if (!mode.ok()) return mode.status();
  return std::unique_ptr<Night>(new Night(flags, plan, topology, std::move(*directory), *std::move(journal), *mode));
}

Night::Night(const NightFlags& flags, const Plan& plan, const Topology& topology, RunDirectory directory, Journal journal, StatusMode mode)
    : flags_(flags),
      plan_(plan),
      topology_(topology),
      directory_(std::move(directory)),
      journal_(std::move(journal)),
      pulses_((topology.usable().size() + 1) * kMaxCpus),
      display_(mode, StyleFromEnvironment(), stderr) {}

absl::StatusOr<NightReport> Night::Run() {
  checkpoint_ = status_ = epoch_began_ = Now();
  InstallEscape();
  PrepareStacks();
  const Watchdog watchdog({.hang_after = flags_.hang_after, .rss_limit_mib = flags_.rss_limit_mb}, pulses_, [this](const Alarm& a) { Alarmed(a); });
  std::vector<std::string> names;
  for (const Scenario& s : plan_.scenarios) names.push_back(s.name);
  PlanEvent plan;
  plan.scenarios = names;
  plan.seed = seed();
  plan.threads = static_cast<u64>(plan_.threads);
  plan.planned_seconds = std::isfinite(flags_.seconds) ? flags_.seconds : 0;
  plan.planned_rounds = flags_.rounds;
  if (absl::Status s = journal_.Write(plan); !s.ok()) return s;
  if (const RunState& state = directory_.state(); state.resumed > 0)
    if (absl::Status s = journal_.Write(ResumedEvent{state.resumed, state.next_epoch, state.host}); !s.ok()) return s;
  while (!stop_ && !Over())
    if (absl::Status s = Epoch(); !s.ok()) return s;
  if (absl::Status s = Close(); !s.ok()) return s;
  return Report();
}

// Of running, parts before this one included.
double Night::Elapsed() const { return directory_.state().seconds + Now() - epoch_began_; }

double Night::Done() const {
  double done = std::isfinite(flags_.seconds) ? Elapsed() / flags_.seconds : 0;
  if (flags_.rounds > 0) {
    // The scenario that has come least far.
    u64 least = ~u64{0};
    for (const Scenario& s : plan_.scenarios) {
      if (!s.not_run.empty()) continue;
      u64 rounds = 0;
      for (const ScenarioTally& t : directory_.state().tally.scenarios)
        if (t.name == s.name) rounds = t.meters.rounds;
      least = std::min(least, rounds);
    }
    done = std::max(done, static_cast<double>(least) / static_cast<double>(flags_.rounds));
  }
  return std::min(done, 1.0);
}

bool Night::Over() const { return Done() >= 1 || (flags_.stop_at > 0 && UnixNow() >= flags_.stop_at); }

}  // namespace ordeal::stress
