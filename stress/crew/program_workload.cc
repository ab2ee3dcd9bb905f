#include "stress/crew/program_workload.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "allocator/registry.h"
#include "base/random.h"
#include "memory/native/native.h"
#include "run/hook_event.h"
#include "run/interpreter.h"
#include "stress/crew/cell_memory.h"
#include "stress/crew/escape.h"
#include "stress/crew/round_judge.h"
#include "stress/crew/watcher.h"

namespace ordeal::stress {
namespace {

constexpr u32 kLeastCells = 8, kMostCells = 256;
constexpr u32 kEventsOfAnOp = 12;  // users and allocator, retries included; a log that is full says so
constexpr u64 kPage = 4096;
constexpr unsigned kDelayPercent = 50;
constexpr unsigned kDelayBits = 8;  // 1 to 128 turns of a waiting loop, some microseconds at most

u32 CellsFor(u64 bytes_each, u64 bytes) { return static_cast<u32>(std::clamp<u64>(bytes / bytes_each, kLeastCells, kMostCells)); }

template <class A>
class ProgramWorkload final : public Workload {
 public:
  using M = typename A::Policy;

  ProgramWorkload(const Reproducer& r, const ProgramOptions& options)
      : program_(r.program),
        options_(options),
        memory_(CellsFor(A::Footprint(program_.geometry), options.memory_bytes), A::Footprint(program_.geometry),
                std::max<u64>(program_.geometry.slab_bytes(), kPage), sizeof(SharedSlots<M>), options.place) {
    if (!memory_.status().ok()) return;
    const auto events = static_cast<u32>(program_.ops.size() * kEventsOfAnOp);
    for (int cpu = 0; cpu < parts(); ++cpu) {
      logs_.emplace_back(cells(), options.watch == Watch::kNothing ? 0 : events);
      parts_.push_back(std::make_unique<Part>(options.seed + static_cast<u64>(cpu)));
      judges_.emplace_back(std::make_unique<RoundJudge>(program_, options.watch));
    }
    cells_.reserve(cells());
    for (u32 cell = 0; cell < cells(); ++cell) Format(cell);
    memory_.Keep();
  }
  const absl::Status& status() const { return memory_.status(); }

  int parts() const override { return program_.geometry.cpus; }
  u32 cells() const override { return memory_.cells(); }
  u32 ops() const override { return static_cast<u32>(program_.ops.size()); }
  void Reset(u32 cell) override { memory_.Restore(cell); }
  void Evict(int part, u32 cell) override { memory_.Evict(cell, options_.seed + cell * 0x9e3779b97f4a7c15 + static_cast<u64>(part)); }

  void Begin(int part) override {
    Log& log = logs_[static_cast<size_t>(part)];
    log.Begin();
    g_watching = {.log = &log, .watch = options_.watch};
  }

  void Run(int part, u32 cell) override {
    Watching& w = g_watching;
    w.base = memory_.region(cell);
    w.objects = 0;
    w.allocating = false;
    w.object = 0;
    w.log->BeginCell(cell);
    Part& p = *parts_[static_cast<size_t>(part)];
    const u32 at = p.PlanDelay();
    cells_[cell]->interpreter.RunCpu(part);
    p.accesses = std::max(p.accesses, at - native::g_delay.accesses);  // counted down, from 0 too
    w.log->EndCell();
  }

  void Lost(int part, u32 cell, int left) override {
    logs_[static_cast<size_t>(part)].Lost(cell, left,
                                          left == static_cast<int>(Left::kFault) ? FaultAddress() - memory_.region(cell) + kOffsetOfRegion : 0);
  }

  RoundOutcome Judge(u32 cell) override {
    RoundJudge& judge = *judges_[cell % judges_.size()];
    return judge.Judge(
        logs_, cell, cells_[cell]->format_events,
        [&](std::vector<HookEvent>* told) {
          g_watching.aside = told;
          const Left left = Guarded([&] { cells_[cell]->allocator.Enumerate(); });
          g_watching.aside = nullptr;
          return left == Left::kDone;
        },
        memory_.region(cell) - kOffsetOfRegion);
  }

 private:
  // What the thread that has this part remembers from round to round.
  struct alignas(256) Part {
    explicit Part(u64 seed) : rng(seed) {}
    // At which of its accesses the thread waits (native/delay.h); 0: at none. Native code does not count its accesses.
    u32 PlanDelay() {
      const bool wait = std::is_same_v<M, NativePlanted> && rng.Percent(kDelayPercent);
      native::g_delay = {wait ? static_cast<u32>(rng.Between(1, accesses)) : 0, 1u << rng.Below(kDelayBits)};
      return native::g_delay.accesses;
    }
    Rng rng;
    u32 accesses = 1;  // of a round, the most so far
  };
  struct Cell {
    A allocator;
    Watcher watcher;
    Interpreter<M, A, Watcher> interpreter;
    std::vector<ShadowEvent> format_events;
    Cell(const Program& p, u64 region, u64 slots)
        : allocator(region, p.geometry, Watcher::hooks()), interpreter(p, allocator, *reinterpret_cast<SharedSlots<M>*>(slots), watcher) {}
  };

  void Format(u32 cell) {
    cells_.push_back(std::make_unique<Cell>(program_, memory_.region(cell), memory_.slots(cell)));
    std::vector<HookEvent> told;
    g_watching.aside = &told;
    cells_[cell]->allocator.Format();
    g_watching.aside = nullptr;
    cells_[cell]->interpreter.Format();
    for (const HookEvent& h : told) cells_[cell]->format_events.push_back(EventOf(h, memory_.region(cell) - kOffsetOfRegion));
  }

  const Program program_;
  const ProgramOptions options_;
  CellMemory memory_;
  std::vector<std::unique_ptr<Part>> parts_;
  std::vector<Log> logs_;                            // by CPU of the program
  std::vector<std::unique_ptr<RoundJudge>> judges_;  // as many: cells are judged in parallel
  std::vector<std::unique_ptr<Cell>> cells_;
};

template <class M>
absl::StatusOr<std::unique_ptr<Workload>> Make(const Reproducer& r, const ProgramOptions& options) {
  absl::StatusOr<std::unique_ptr<Workload>> made = absl::InvalidArgumentError(absl::StrCat("no allocator '", r.allocator, "'"));
  WithAllocator<M>(r.allocator, [&]<class A>() {
    auto w = std::make_unique<ProgramWorkload<A>>(r, options);
    if (w->status().ok()) made = std::move(w);
    else made = w->status();
  });
  return made;
}

}  // namespace

std::string NotForThreads(const Program& program) {
  for (const Op& op : program.ops)
    if (op.irq != 0) return "needs interrupts in the middle of an op, which threads have not";
  return "";
}

absl::StatusOr<std::unique_ptr<Workload>> MakeProgramWorkload(const Reproducer& r, const ProgramOptions& options) {
  if (std::string why = NotForThreads(r.program); !why.empty()) return absl::InvalidArgumentError(why);
  // With nothing planted and no delays orders are constants, and cost what the hand-written code would.
  return r.bugs.empty() && !options.delays ? Make<Native>(r, options) : Make<NativePlanted>(r, options);
}

}  // namespace ordeal::stress
