// How many executions a second of whole programs: interpreter, slub, hooks and shadow included?
#include <benchmark/benchmark.h>

#include "memory/site.h"
#include "program/text.h"
#include "run/machine.h"

namespace ordeal {
namespace {

// 2 CPUs x 4 ops: each allocates, writes, publishes; takes the other's object and frees it.
constexpr const char* kHandOver = R"(ordeal 1
geometry page=4K order=0 object=256 exts=in-object cpus=2 slabs=1
op 0 cpu 0 alloc a charged
op 1 cpu 0 publish a s0 release
op 2 cpu 0 consume b s1 acquire
op 3 cpu 0 free b
op 4 cpu 1 alloc a charged
op 5 cpu 1 publish a s1 release
op 6 cpu 1 consume b s0 acquire
op 7 cpu 1 free b
)";

// The same on the full machine: slabs that wander, a bit lock, the stride in the packed word, cgroups with stocks.
Program HandOver(bool full) {
  Program p = Parse(kHandOver, "benchmark")->program;
  if (full) {
    p.geometry.nodes = 1;
    p.geometry.cgroups = 2;
    p.geometry.dwcas = false;
    p.geometry.stride = StrideAt::kSubWord;
  }
  return p;
}

void BM_Program(benchmark::State& state, const char* allocator, bool full) {
  g_sites.Clear();
  auto machine = *MakeMachine(allocator);
  machine->Load(HandOver(full));
  model::RunOptions options;
  u64 accesses = 0;
  for (auto _ : state) {
    ++options.seed;
    accesses += machine->Run(options).run.accesses;
  }
  const double n = static_cast<double>(state.iterations());
  state.counters["executions/s"] = benchmark::Counter(n, benchmark::Counter::kIsRate);
  state.counters["accesses"] = static_cast<double>(accesses) / n;
}
BENCHMARK_CAPTURE(BM_Program, slub_2x4, "slub", false);
BENCHMARK_CAPTURE(BM_Program, slub_2x4_full, "slub", true);
BENCHMARK_CAPTURE(BM_Program, locked_2x4, "locked", false);

}  // namespace
}  // namespace ordeal
