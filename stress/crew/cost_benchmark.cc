// What does watching cost, and what does it do to what is watched? Ratios in one run.
//
//   bazel run //stress/crew:cost_benchmark [-- SECONDS]
#include <atomic>
#include <cstdio>
#include <cstdlib>

#include <sched.h>

#include "corpus/embedded.h"
#include "program/text.h"
#include "run/machine.h"
#include "stress/crew/crew.h"
#include "stress/crew/escape.h"
#include "stress/crew/log.h"
#include "stress/crew/program_workload.h"

namespace ordeal::stress {
namespace {

// A thread a processor, if there are so many.
absl::Status Pin(int thread) {
  cpu_set_t all, one;
  if (sched_getaffinity(0, sizeof all, &all) != 0) return absl::OkStatus();
  int nth = thread % CPU_COUNT(&all);
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &all) || nth-- > 0) continue;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    sched_setaffinity(0, sizeof one, &one);
    break;
  }
  return absl::OkStatus();
}

CrewOptions Options(Sync sync, double seconds) {
  CrewOptions o;
  o.sync = sync;
  o.seconds = seconds;
  o.evict = false;
  o.pin = &Pin;
  return o;
}

double Rate(const CrewResult& r) { return static_cast<double>(r.meters.rounds) / r.meters.seconds; }

void Cost(const Reproducer& r, double seconds) {
  constexpr std::pair<const char*, Watch> kWatches[] = {{"nothing", Watch::kNothing}, {"results", Watch::kResults}, {"full", Watch::kFull}};
  for (const auto [sync_name, sync] : {std::pair{"none", Sync::kNone}, std::pair{"timebase", Sync::kTimebase}}) {
    double bare = 0;
    for (const auto [name, watch] : kWatches) {
      ProgramOptions options;
      options.watch = watch;
      options.delays = false;
      const absl::StatusOr<std::unique_ptr<Workload>> w = MakeProgramWorkload(r, options);
      if (!w.ok()) return;
      const double rate = Rate(RunCrew(**w, Options(sync, seconds)));
      if (bare == 0) bare = rate;
      std::printf("  %d threads, sync %-8s  watch %-7s  %8.0f rounds/s  %.2f of bare\n", (*w)->parts(), sync_name, name, rate, rate / bare);
    }
  }
}

// SB, with so many events written down between the store and the load, and perhaps the time.
class LoggedStoreBuffering final : public Workload {
 public:
  LoggedStoreBuffering(int events, bool time) : events_(events), time_(time), cells_(kCells) {
    for (int part = 0; part < 2; ++part) logs_.emplace_back(kCells, 8);
  }
  int parts() const override { return 2; }
  u32 cells() const override { return kCells; }
  u32 ops() const override { return 4; }
  void Reset(u32 cell) override { cells_[cell].x = cells_[cell].y = 0; }
  void Begin(int part) override { logs_[static_cast<size_t>(part)].Begin(); }
  void Run(int part, u32 cell) override {
    Log& log = logs_[static_cast<size_t>(part)];
    Cell& c = cells_[cell];
    log.BeginCell(cell);
    (part == 0 ? c.x : c.y).store(1, std::memory_order_relaxed);
    const u64 tick = time_ ? Ticks() : 0;
    for (int i = 0; i < events_; ++i) log.Add({tick, ShadowEvent{EventKind::kPublish}, false});
    const u32 seen = (part == 0 ? c.y : c.x).load(std::memory_order_relaxed);
    (part == 0 ? c.r0 : c.r1) = seen;
    log.EndCell();
  }
  void Lost(int, u32, int) override {}
  void Evict(int, u32) override {}
  RoundOutcome Judge(u32 cell) override {
    RoundOutcome o;
    o.name = cells_[cell].r0 == 0 && cells_[cell].r1 == 0 ? "weak" : "strong";
    return o;
  }

 private:
  static constexpr u32 kCells = 256;
  struct alignas(256) Cell {
    std::atomic<u32> x = 0;
    alignas(256) std::atomic<u32> y = 0;
    alignas(256) u32 r0 = 0;
    alignas(256) u32 r1 = 0;
  };
  const int events_;
  const bool time_;
  std::vector<Cell> cells_;
  std::vector<Log> logs_;
};

void Perturbation(double seconds) {
  double bare = 0;
  for (const auto [events, time] : {std::pair{0, false}, std::pair{1, false}, std::pair{2, false}, std::pair{4, false}, std::pair{8, false},
                                    std::pair{0, true}, std::pair{4, true}}) {
    LoggedStoreBuffering w(events, time);
    const CrewResult r = RunCrew(w, Options(Sync::kTimebase, seconds));
    const auto weak = r.outcomes.find("weak");
    const double share = weak == r.outcomes.end() ? 0 : static_cast<double>(weak->second) / static_cast<double>(r.meters.rounds);
    if (bare == 0) bare = share;
    std::printf("  %d events%s between store and load: weak in %5.2f %% of %llu rounds, %.2f of bare\n", events,
                time ? " and a look at the time" : "", 100 * share, static_cast<unsigned long long>(r.meters.rounds), share / bare);
  }
}

}  // namespace
}  // namespace ordeal::stress

int main(int argc, char** argv) {
  using namespace ordeal::stress;
  const double seconds = argc > 1 ? std::atof(argv[1]) : 2;
  InstallEscape();
  ordeal::RegisterAllSites();
  for (const ordeal::EmbeddedFile& f : ordeal::EmbeddedCorpus()) {
    if (f.name != "user.double_free.ordeal" && f.name != "slub.exts_reader_order.ordeal") continue;
    ordeal::Reproducer r = *ordeal::Parse(f.text, f.name);
    r.bugs.clear();
    std::printf("%s without its bug\n", f.name.c_str());
    Cost(r, seconds);
  }
  std::printf("store buffering\n");
  Perturbation(seconds);
}
