// One epoch of a night (night.h): placement, controls, a slice for each scenario, what is kept of it.
#include <algorithm>
#include <cmath>

#include "base/hash.h"
#include "base/signals.h"
#include "stress/crew/canary.h"
#include "stress/crew/disturb.h"
#include "stress/crew/timebase.h"
#include "stress/night.h"
#include "stress/night/batch_seed.h"
#include "stress/night/summary.h"
#include "shadow/violation.h"
#include "stress/placement/binding.h"

namespace ordeal::stress {
namespace {

constexpr double kCanarySeconds = 0.25;
constexpr double kCheckpointEvery = 5;

ScenarioTally& TallyOf(NightTally* tally, const Scenario& scenario) {
  for (ScenarioTally& s : tally->scenarios)
    if (s.name == scenario.name) return s;
  ScenarioTally& s = tally->scenarios.emplace_back();
  s.name = scenario.name;
  s.not_run = scenario.not_run;
  s.wanted = scenario.wanted();
  s.model_allows = scenario.model_allows();
  return s;
}

// Does the shadow see what the scenario is there for without hearing the allocator?
bool SeenInResults(const Scenario& s) {
  constexpr Violation kSeen[] = {Violation::kOverlap, Violation::kDoubleFree, Violation::kUseAfterFree, Violation::kStaleContents};
  if (s.kind != ScenarioKind::kCorpus) return true;  // a program that is drawn anew has no rate
  return std::ranges::any_of(kSeen, [&](Violation v) { return s.wanted() == ViolationName(v); });
}

int PartsOf(const Scenario& s, int most) { return s.kind == ScenarioKind::kCorpus ? s.reproducer.program.geometry.cpus : most; }

}  // namespace

absl::Status Night::Epoch() {
  epoch_began_ = Now();
  NightTally tally;
  const u64 epoch = directory_.state().next_epoch;
  if (absl::Status s = Place(plan_.threads, epoch); !s.ok()) return s;
  PlacementEvent placed{epoch, PolicyName(placement_.policy), {}, placement_.this_system};
  for (const std::vector<Seat>& crew : placement_.crews)
    for (const Seat& seat : crew) placed.cpus.push_back(static_cast<u64>(seat.os));
  if (absl::Status s = journal_.Write(placed); !s.ok()) return s;
  if (Now() - canary_ >= flags_.canary_every)
    if (absl::Status s = RunCanaries(&tally); !s.ok()) return s;
  for (const Scenario& scenario : plan_.scenarios) {
    if (stop_ || (Over() && !tally.scenarios.empty())) break;
    if (absl::Status s = RunScenario(scenario, epoch, &tally); !s.ok()) return s;
  }
  if (absl::Status s = directory_.Add(tally, Now() - epoch_began_); !s.ok()) return OfTheDisk(s);
  epoch_began_ = Now();
  if (Now() - checkpoint_ < kCheckpointEvery) return absl::OkStatus();
  checkpoint_ = Now();
  if (absl::Status s = Progress(); !s.ok()) return s;
  return OfTheDisk(directory_.Checkpoint(Done()));
}

// The crews of this epoch, each of so many threads.
absl::Status Night::Place(int threads, u64 epoch) {
  absl::StatusOr<Placement> p = stress::Place(topology_, flags_.placement, threads, plan_.crews, seed(), epoch);
  if (!p.ok()) return p.status();
  placement_ = *std::move(p);
  return absl::OkStatus();
}

SliceOptions Night::Options(u64 seed, double seconds) {
  SliceOptions o;
  o.seed = seed;
  o.seconds = seconds;
  o.crews = static_cast<int>(placement_.crews.size());
  o.threads_each = static_cast<int>(placement_.crews[0].size());
  o.sync = flags_.sync;
  o.watch = flags_.watch.value_or(Watch::kFull);
  o.delays = flags_.delays;
  o.evict = flags_.evict;
  const auto seat = [this](int crew, int thread) -> const Seat& { return placement_.crews[static_cast<size_t>(crew)][static_cast<size_t>(thread)]; };
  o.pin = [this, seat](int crew, int thread) { return PinThisThread(topology_, seat(crew, thread)); };
  o.still_there = [this, seat](int crew, int thread) { return StillThere(topology_, seat(crew, thread)); };
  if (flags_.disturb.migrate) {
    // Another usable seat for each batch; where it is then is nobody's drift.
    o.move = [this, seed](int crew, int thread, u64 batch) {
      const std::vector<Seat>& usable = topology_.usable();
      return PinThisThread(topology_, usable[Mix64(seed ^ batch << 16 ^ static_cast<u64>(crew * kMaxCpus + thread)) % usable.size()]);
    };
    o.still_there = nullptr;
  }
  o.pulse = [this](int crew, int thread) -> WorkerPulse* {
    const size_t at = static_cast<size_t>(crew) * kMaxCpus + static_cast<size_t>(thread);
    return at < pulses_.size() ? &pulses_[at] : nullptr;
  };
  if (topology_.nodes() > 1 || flags_.memory.kind != MemoryPlacement::Kind::kLocal || !flags_.pages.empty()) {
    o.place = [this, seat](int crew, void* start, size_t bytes) {
      if (!flags_.pages.empty())
        if (absl::Status s = AdvisePages(flags_.pages, start, bytes); !s.ok()) return s;
      return PlaceMemory(topology_, flags_.memory, seat(crew, 0), start, bytes);
    };
  }
  return o;
}

absl::Status Night::RunCanaries(NightTally* tally) {
  if (absl::Status s = Place(2, directory_.state().next_epoch); !s.ok()) return s;
  canary_ = Now();
  for (const CanaryTest& test : CanariesHere()) {
    if (std::ranges::find(flags_.canaries, test.name) == flags_.canaries.end()) continue;
    const absl::StatusOr<CrewResult> r = RunCanary(test.name, Options(seed(), kCanarySeconds));
    if (!r.ok()) return r.status();
    const auto weak = r->outcomes.find("weak");
    CanaryTally& c = tally->canaries.emplace_back();
    c.name = std::string(test.name);
    c.expected = test.expected;
    c.weak = weak == r->outcomes.end() ? 0 : weak->second;
    c.rounds = r->meters.rounds;
    if (absl::Status s = journal_.Write(CanaryEvent{c.name, c.expected, c.weak, c.rounds}); !s.ok()) return s;
  }
  return absl::OkStatus();
}

absl::Status Night::RunScenario(const Scenario& scenario, u64 epoch, NightTally* tally) {
  ScenarioTally& t = TallyOf(tally, scenario);
  if (!scenario.not_run.empty()) return absl::OkStatus();
  if (absl::Status s = Place(PartsOf(scenario, plan_.threads), epoch); !s.ok()) {
    if (flags_.placement.policy != Policy::kRotate && s.code() != absl::StatusCode::kFailedPrecondition) return s;
    t.not_run = std::string(s.message());  // here, now: another epoch may place it
    return absl::OkStatus();
  }
  const double left = std::isfinite(flags_.seconds) ? std::max(0.01, flags_.seconds - Elapsed()) : plan_.slice_seconds;
  SliceOptions options = Options(BatchSeed(seed(), scenario.name, static_cast<u64>(flags_.shard), epoch), std::min(plan_.slice_seconds, left));
  if (flags_.rounds > 0) options.rounds = flags_.rounds;
  // Where it makes no difference to what counts as a hit, by turns.
  if (!flags_.watch && epoch % 2 != 0 && SeenInResults(scenario)) options.watch = Watch::kResults;
  const int noisy = static_cast<int>(std::max<size_t>(1, placement_.left_free.size()));
  const Disturber noise(flags_.disturb, noisy, [this](int n) {
    const std::vector<Seat>& free = placement_.left_free;
    return free.empty() ? absl::OkStatus() : PinThisThread(topology_, free[static_cast<size_t>(n) % free.size()]);
  });
  absl::StatusOr<SliceResult> r = RunSlice(scenario, options);
  if (!r.ok()) return r.status();
  for (const auto& [outcome, n] : r->result.outcomes) t.outcomes[outcome] += n;
  Add(t.meters, r->result.meters);
  Show(scenario.name);
  if (Interrupted()) stop_ = true, end_ = RunEnd::kInterrupted;
  for (const Hit& hit : r->hits)
    if (absl::Status s = Keep(scenario, hit, epoch, &t); !s.ok()) return s;
  return absl::OkStatus();
}

}  // namespace ordeal::stress
