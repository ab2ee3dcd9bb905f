#include "stress/crew/crew.h"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <thread>

#include "base/random.h"
#include "base/signals.h"
#include "stress/crew/escape.h"
#include "stress/crew/onlooker.h"

namespace ordeal::stress {
namespace {

constexpr u64 kStartDelayNs = 400;  // from the last arrival at the gate to the start: longer than a wake-up from a spinning loop takes
constexpr unsigned kEvictPercent = 25;
constexpr int kLookEveryMs = 20;

struct alignas(256) Member {
  Watched watched;
  std::vector<u64> start, end;  // by cell: ticks
  CrewResult result;
};

class Crew {
 public:
  Crew(Workload& workload, const CrewOptions& options)
      : workload_(workload),
        options_(options),
        gate_(workload.parts(), gave_up_),
        members_(static_cast<size_t>(workload.parts())),
        part_(members_.size()),
        rng_(options.seed) {
    std::iota(part_.begin(), part_.end(), 0);
    for (Member& m : members_) m.start.resize(workload.cells()), m.end.resize(workload.cells());
  }

  CrewResult Run();

 private:
  int threads() const { return static_cast<int>(members_.size()); }
  void Work(int me);
  void Batch(int me, u64& meeting);
  void WalkOver(int me, u64& meeting);
  void Judge(int me);
  void Measure(u32 cell, CrewResult* result);
  void Decide();
  void LookAfter(std::vector<std::thread>& threads);

  Workload& workload_;
  const CrewOptions& options_;
  std::atomic<bool> gave_up_ = false;
  Gate gate_;
  std::vector<Member> members_;
  std::vector<int> part_;  // of each thread, in this batch
  Rng rng_;                // of thread 0, while the others wait
  u32 stride_ = 1;         // of the walk over the cells
  u64 batch_ = 0;
  double began_ = 0;
  bool stop_ = false, interrupted_ = false;
  std::atomic<bool> drifted_ = false, starved_ = false;
  std::atomic<int> running_ = 0;
};

// Between two batches: everybody else is at the gate.
void Crew::Decide() {
  Meters& meters = members_[0].result.meters;
  const u64 cells = workload_.cells();
  if (batch_ > 0) {
    meters.rounds += cells;
    meters.ops += cells * workload_.ops();
    if (drifted_.exchange(false)) meters.drifted += cells;
    if (starved_.exchange(false)) meters.starved += cells;
  }
  ++batch_;
  interrupted_ = Interrupted();
  stop_ = interrupted_ || gave_up_ || meters.rounds >= options_.rounds || Now() - began_ >= options_.seconds;
  for (size_t i = part_.size(); i > 1; --i) std::swap(part_[i - 1], part_[rng_.Below(i)]);
  // Neighbouring cells one after the other, or far ones: the hardware's prefetchers see both.
  do stride_ = static_cast<u32>(rng_.Between(1, cells));
  while (std::gcd(stride_, static_cast<u32>(cells)) != 1);
}

void Crew::Work(int me) {
  Member& self = members_[static_cast<size_t>(me)];
  self.watched.thread = pthread_self();
  if (options_.pin != nullptr) self.result.status = options_.pin(me);
  if (!self.result.status.ok()) gave_up_ = true;
  WorkerPulse* pulse = options_.pulse != nullptr ? options_.pulse(me) : nullptr;
  if (pulse != nullptr) pulse->Begin();
  u64 meeting = 0;
  for (;;) {
    if (pulse != nullptr) pulse->Beat();
    gate_.Meet(++meeting, 0);
    if (me == 0) Decide();
    gate_.Meet(++meeting, 0);
    if (stop_ || gave_up_) break;
    Batch(me, meeting);
  }
  if (pulse != nullptr) pulse->End();
  --running_;
}

void Crew::Batch(int me, u64& meeting) {
  const auto threads = static_cast<u32>(this->threads());
  if (options_.move != nullptr && !options_.move(me, batch_).ok()) drifted_ = true;
  const double wall = Now(), processor = ProcessorSeconds(CLOCK_THREAD_CPUTIME_ID);
  for (u32 cell = static_cast<u32>(me); cell < workload_.cells(); cell += threads) workload_.Reset(cell);
  gate_.Meet(++meeting, 0);
  WalkOver(me, meeting);
  gate_.Meet(++meeting, 0);
  Judge(me);
  if (options_.still_there != nullptr && !options_.still_there(me)) drifted_ = true;
  if (ProcessorSeconds(CLOCK_THREAD_CPUTIME_ID) - processor < 0.5 * (Now() - wall)) starved_ = true;
}

void Crew::WalkOver(int me, u64& meeting) {
  Member& self = members_[static_cast<size_t>(me)];
  const int part = part_[static_cast<size_t>(me)];
  const u64 delay = options_.sync == Sync::kTimebase ? TicksOfNanoseconds(kStartDelayNs) : 0;
  Rng rng(options_.seed ^ (batch_ << 8 | static_cast<u64>(me)));
  workload_.Begin(part);
  u32 cell = 0;
  const u32 cells = workload_.cells();
  for (u32 i = 0; i < cells; ++i, cell = static_cast<u32>((u64{cell} + stride_) % cells)) {
    if (options_.evict && rng.Percent(kEvictPercent)) workload_.Evict(part, cell);
    if (options_.sync != Sync::kNone) gate_.Meet(++meeting, delay);
    const u64 number = batch_ * cells + i;
    self.watched.round.store(number, std::memory_order_relaxed);  // for the onlooker, who looks again before it acts
    self.start[cell] = Ticks();
    const Left left = Guarded([&] { workload_.Run(part, cell); });
    self.end[cell] = Ticks();
    self.watched.round.store(0, std::memory_order_relaxed);
    if (left == Left::kDone) continue;
    // Thrown out of a round that had just begun, when the one before was meant: nothing is known of it.
    const bool meant = left != Left::kStuck || self.watched.thrown.load() == number;
    workload_.Lost(part, cell, meant ? static_cast<int>(left) : 0);
  }
}

// What began in the tick that another ended in may have met it or not: not counted, so that a slow timebase says too little and never too much.
void Crew::Measure(u32 cell, CrewResult* result) {
  u64 first = ~u64{0}, last = 0, last_start = 0;
  bool together = false;
  for (const Member& m : members_) {
    first = std::min(first, m.start[cell]);
    last_start = std::max(last_start, m.start[cell]);
    last = std::max(last, m.end[cell]);
    for (const Member& other : members_)
      together |= &m != &other && m.start[cell] <= other.start[cell] && static_cast<i64>(m.end[cell] - other.start[cell]) > 0;
  }
  result->meters.overlapped += together;
  result->meters.skew.Add(last_start - first);
}

void Crew::Judge(int me) {
  CrewResult& result = members_[static_cast<size_t>(me)].result;
  for (u32 cell = static_cast<u32>(me); cell < workload_.cells(); cell += static_cast<u32>(threads())) {
    Measure(cell, &result);
    RoundOutcome o = workload_.Judge(cell);
    ++result.outcomes[o.name];
    result.meters.undecided += o.undecided;
    result.contract_broken += o.contract_broken;
    if (!o.wrong) continue;
    std::vector<std::string>& kept = result.kept[o.name];
    if (kept.size() < options_.kept) kept.push_back(std::move(o.text));
  }
}

// Until all threads are back.
void Crew::LookAfter(std::vector<std::thread>& threads) {
  std::vector<Watched*> watched;
  for (Member& m : members_) watched.push_back(&m.watched);
  Onlooker onlooker(watched, options_.stuck_seconds);
  while (running_ > 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds(kLookEveryMs));
    onlooker.Look();
  }
  for (std::thread& t : threads) t.join();
}

CrewResult Crew::Run() {
  began_ = Now();
  running_ = threads();
  std::vector<std::thread> workers;
  workers.reserve(members_.size());
  for (int i = 0; i < threads(); ++i) workers.emplace_back([this, i] { Work(i); });
  LookAfter(workers);
  CrewResult all;
  for (Member& m : members_) AddTo(all, std::move(m.result), options_.kept);
  all.meters.seconds = Now() - began_;
  all.interrupted = interrupted_;
  return all;
}

}  // namespace

void AddTo(CrewResult& all, CrewResult more, u32 kept) {
  if (all.status.ok()) all.status = more.status;
  for (const auto& [name, n] : more.outcomes) all.outcomes[name] += n;
  Add(all.meters, more.meters);
  all.contract_broken += more.contract_broken;
  all.interrupted |= more.interrupted;
  for (auto& [name, texts] : more.kept) {
    std::vector<std::string>& mine = all.kept[name];
    for (std::string& text : texts)
      if (mine.size() < kept) mine.push_back(std::move(text));
  }
}

CrewResult RunCrew(Workload& workload, const CrewOptions& options) { return Crew(workload, options).Run(); }

}  // namespace ordeal::stress
