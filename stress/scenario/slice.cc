#include "stress/scenario/slice.h"

#include <algorithm>
#include <mutex>
#include <thread>

#include "absl/strings/str_cat.h"
#include "base/hash.h"
#include "base/random.h"
#include "base/signals.h"
#include "finding/bugs.h"
#include "program/generate.h"
#include "stress/crew/canary.h"
#include "stress/crew/timebase.h"
#include "stress/scenario/mix_slice.h"

namespace ordeal::stress {
namespace {

constexpr int kMostOpsDrawn = 24;
constexpr u64 kRoundsOfADrawnProgram = 2000;
constexpr u64 kCrewMemory = 4 << 20;

CrewOptions OptionsOf(const SliceOptions& o, int crew) {
  CrewOptions c;
  c.sync = o.sync;
  c.seed = Mix64(o.seed + static_cast<u64>(crew));
  c.seconds = o.seconds;
  c.rounds = o.rounds == ~u64{0} ? o.rounds : std::max<u64>(1, o.rounds / static_cast<u64>(o.crews));
  c.evict = o.evict;
  if (o.pin != nullptr) c.pin = [&o, crew](int thread) { return o.pin(crew, thread); };
  if (o.still_there != nullptr) c.still_there = [&o, crew](int thread) { return o.still_there(crew, thread); };
  if (o.move != nullptr) c.move = [&o, crew](int thread, u64 batch) { return o.move(crew, thread, batch); };
  if (o.pulse != nullptr) c.pulse = [&o, crew](int thread) { return o.pulse(crew, thread); };
  return c;
}

// run(crew) for each crew, at the same time.
void SideBySide(int crews, const std::function<void(int)>& run) {
  std::vector<std::thread> others;
  for (int crew = 1; crew < crews; ++crew) others.emplace_back([&run, crew] { run(crew); });
  run(0);
  for (std::thread& t : others) t.join();
}

// Adds up what crews come to. Thread-safe.
class Sum {
 public:
  void Add(CrewResult more, const Reproducer* r) {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, texts] : more.kept) {
      const bool known = std::ranges::any_of(slice_.hits, [&n = name](const Hit& h) { return h.outcome == n; });
      if (r != nullptr && !known && !texts.empty()) slice_.hits.push_back({name, *r, texts[0]});
    }
    AddTo(slice_.result, std::move(more), 1);
  }
  void Fail(const absl::Status& s) {
    const std::lock_guard lock(mutex_);
    slice_.result.status.Update(s);
  }
  absl::StatusOr<SliceResult> Take() {
    if (!slice_.result.status.ok()) return slice_.result.status;
    return std::move(slice_);
  }

 private:
  std::mutex mutex_;
  SliceResult slice_;
};

void RunOne(const Reproducer& r, const SliceOptions& options, int crew, Sum* sum) {
  ProgramOptions p;
  p.watch = options.watch;
  p.memory_bytes = kCrewMemory;
  p.delays = options.delays;
  p.seed = Mix64(options.seed ^ static_cast<u64>(crew));
  if (options.place != nullptr) p.place = [&options, crew](void* start, size_t bytes) { return options.place(crew, start, bytes); };
  absl::StatusOr<std::unique_ptr<Workload>> w = MakeProgramWorkload(r, p);
  if (!w.ok()) return sum->Fail(w.status());
  sum->Add(RunCrew(**w, OptionsOf(options, crew)), &r);
}

// What threads can run: no interrupts, and no more CPUs than there are threads.
Program Drawn(Rng& rng, const std::vector<std::string>& bugs, int threads) {
  Program p = Generate(rng, {.max_ops = kMostOpsDrawn, .max_cpus = std::max(2, threads)});
  if (!bugs.empty()) Focus(bugs, p);
  for (Op& op : p.ops) op.irq = 0;
  return p;
}

void RunDrawn(const Scenario& scenario, const SliceOptions& options, int crew, Sum* sum) {
  Rng rng(Mix64(options.seed + 77 * static_cast<u64>(crew)));
  Reproducer r = scenario.reproducer;
  const double end = Now() + options.seconds;
  SliceOptions one = options;
  const u64 most = options.rounds == ~u64{0} ? options.rounds : options.rounds / static_cast<u64>(options.crews);
  for (u64 rounds = 0; rounds < most && Now() < end && !Interrupted(); rounds += kRoundsOfADrawnProgram) {
    r.program = Drawn(rng, r.bugs, options.threads_each);
    if (r.program.geometry.cpus > std::max(2, options.threads_each)) continue;
    one.seed = rng.Next();
    one.seconds = end - Now();
    one.rounds = kRoundsOfADrawnProgram * static_cast<u64>(options.crews);
    RunOne(r, one, crew, sum);
  }
}

}  // namespace

absl::StatusOr<SliceResult> RunSlice(const Scenario& scenario, const SliceOptions& options) {
  if (scenario.kind == ScenarioKind::kMix) return RunMixSlice(scenario.name.substr(scenario.name.find('/') + 1), options);
  if (absl::Status s = PlantBugs(scenario.reproducer.bugs); !s.ok()) return s;
  Sum sum;
  const double began = Now();
  SideBySide(options.crews, [&](int crew) {
    if (scenario.kind == ScenarioKind::kDrawn) RunDrawn(scenario, options, crew, &sum);
    else RunOne(scenario.reproducer, options, crew, &sum);
  });
  absl::StatusOr<SliceResult> result = sum.Take();
  if (result.ok()) result->result.meters.seconds = Now() - began;
  return result;
}

absl::StatusOr<CrewResult> RunCanary(std::string_view name, const SliceOptions& options) {
  Sum sum;
  const double began = Now();
  SideBySide(options.crews, [&](int crew) {
    const std::unique_ptr<Workload> w = MakeCanary(name);
    if (w == nullptr) return sum.Fail(absl::NotFoundError("no such canary"));
    sum.Add(RunCrew(*w, OptionsOf(options, crew)), nullptr);
  });
  absl::StatusOr<SliceResult> result = sum.Take();
  if (!result.ok()) return result.status();
  result->result.meters.seconds = Now() - began;
  return std::move(result->result);
}

}  // namespace ordeal::stress
