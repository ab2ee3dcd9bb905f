// How many executions a second? The two mixes of the design's budget: 2 CPUs x 10 accesses (1 M/s) and 4 CPUs x 100 accesses (50 k/s).
#include <benchmark/benchmark.h>

#include "memory/model/exact.h"
#include "memory/model/model.h"

namespace ordeal {
namespace {

using Word = Model::Word<u64>;
constexpr Site<Order::kOnce> kOnce{kTestSites};
constexpr Site<Order::kAcquire> kAcquire{kTestSites + 1};
constexpr Site<Order::kRelease> kRelease{kTestSites + 2};

Word* WordAt(u64 i) { return reinterpret_cast<Word*>(model::kArenaBase + 4096 + 64 * i); }

struct Mix {
  int accesses;
  u32 seed;
};

// Half of the accesses to eight shared words, half to four private ones; five of eight are loads.
void Body(void* self, int cpu) {
  const Mix& mix = *static_cast<Mix*>(self);
  model::BeginOp(static_cast<u16>(cpu));
  const u64 me = static_cast<u64>(cpu);
  u32 x = mix.seed * 2654435761u + static_cast<u32>(cpu) * 40503u + 1;
  for (int i = 0; i < mix.accesses; ++i) {
    x = x * 1664525u + 1013904223u;
    Word* w = x & 1u << 30 ? WordAt(8 + me * 8 + (x >> 16 & 3)) : WordAt(x >> 16 & 7);
    switch (x >> 20 & 7) {
      case 0:
      case 1: w->write_once(static_cast<u64>(i), kOnce); break;
      case 2: w->store_release(static_cast<u64>(i), kRelease); break;
      case 3:
      case 4: w->load_acquire(kAcquire); break;
      default: w->read_once(kOnce);
    }
  }
}

// Arguments: CPUs, accesses of each, rung, record.
void BM_Executions(benchmark::State& state) {
  Mix mix{static_cast<int>(state.range(1)), 0};
  model::RunOptions options;
  options.rung = state.range(2) != 0 ? model::Rung::kLkmm : model::Rung::kSc;
  options.record = state.range(3) != 0;
  u64 accesses = 0, stale = 0, switches = 0;
  for (auto _ : state) {
    options.seed = ++mix.seed;
    const model::RunResult r = model::Run(static_cast<int>(state.range(0)), &Body, &mix, options);
    accesses += r.accesses;
    stale += r.stale;
    switches += r.switches;
  }
  const double n = static_cast<double>(state.iterations());
  state.counters["executions/s"] = benchmark::Counter(n, benchmark::Counter::kIsRate);
  state.counters["accesses"] = static_cast<double>(accesses) / n;
  state.counters["switches"] = static_cast<double>(switches) / n;
  state.counters["stale"] = static_cast<double>(stale) / n;
}
BENCHMARK(BM_Executions)
    ->ArgNames({"cpus", "accesses", "lkmm", "record"})
    ->Args({2, 10, 1, 0})
    ->Args({4, 25, 1, 0})
    ->Args({4, 100, 1, 0})
    ->Args({2, 10, 0, 0})
    ->Args({4, 100, 0, 0})
    ->Args({2, 10, 1, 1});

// The same in exact mode: random executions, each choice that goes back in time judged. Arguments: CPUs, accesses of each.
void BM_ExactExecutions(benchmark::State& state) {
  Mix mix{static_cast<int>(state.range(1)), 0};
  model::ExactOptions options;
  options.runs = 20;
  options.promises = false;
  u64 executions = 0, refused = 0, events = 0;
  for (auto _ : state) {
    options.seed = ++mix.seed;
    const model::ExactResult r = model::Explore(static_cast<int>(state.range(0)), &Body, &mix, options,
                                                [&](const model::Execution& e) { events += static_cast<u64>(e.graph.size()); });
    executions += r.executions;
    refused += r.refused;
  }
  const double n = static_cast<double>(executions);
  state.counters["executions/s"] = benchmark::Counter(n, benchmark::Counter::kIsRate);
  state.counters["events"] = static_cast<double>(events) / n;
  state.counters["refused"] = static_cast<double>(refused) / n;
}
BENCHMARK(BM_ExactExecutions)->ArgNames({"cpus", "accesses"})->Args({2, 10})->Args({4, 25})->Args({4, 100});

}  // namespace
}  // namespace ordeal
