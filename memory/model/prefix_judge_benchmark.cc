// What does one event cost, and what would the full judge take for the whole execution?
#include <benchmark/benchmark.h>

#include <random>
#include <vector>

#include "memory/model/judge.h"
#include "memory/model/prefix_judge.h"

namespace ordeal::model {
namespace {

constexpr int kCpus = 4, kLocations = 4;
using Kind = GraphEvent::Kind;

// An allowed execution, and where in coherence each write went when it came. Of twenty instructions one is a fence, two are
// RMWs, four an acquire or a release.
class Execution {
 public:
  Execution(int events, int backward_percent) : backward_percent_(backward_percent) {
    graph.co.resize(kLocations);
    for (int l = 0; l < kLocations; l++) Add(AccessTo(l, Kind::kWrite, kInitialThread, Order::kOnce), 0);
    while (graph.size() < events) Instruction();
  }

  Graph graph;
  std::vector<int> place;
  int backward = 0;

 private:
  int Below(int n) { return static_cast<int>(random_() % static_cast<u32>(n)); }

  static GraphEvent AccessTo(int location, Kind kind, int thread, Order order) {
    GraphEvent e;
    e.location = location;
    e.kind = kind;
    e.thread = thread;
    e.order = order;
    return e;
  }

  void Instruction() {
    const int what = Below(20);
    const Kind kind = what % 2 == 0 ? Kind::kRead : Kind::kWrite;
    GraphEvent e = AccessTo(Below(kLocations), kind, Below(kCpus), Order::kOnce);
    if (what < 1) {
      e.kind = Kind::kFence;
      e.location = kNotThere;
      e.fence = static_cast<FenceKind>(1 + Below(3));
      Add(e, 0);
    } else if (what < 3) {
      e.rmw = true;
      e.order = what == 1 ? Order::kFull : Order::kOnce;
      ReadModifyWrite(e);
    } else {
      if (what < 7) e.order = kind == Kind::kRead ? Order::kAcquire : Order::kRelease;
      const int newest = static_cast<int>(graph.co[e.location].size()) - 1;
      const bool in_order = backward * 100 >= backward_percent_ * graph.size();
      for (int older = 1; !in_order && older <= 8 && older <= newest; older++) {
        if (Access(e, newest - older)) return;
      }
      Access(e, newest);
    }
  }

  bool Access(GraphEvent e, int at) {
    const std::vector<int>& order = graph.co[e.location];
    const bool newest = at == static_cast<int>(order.size()) - 1;
    if (e.kind == Kind::kRead) e.rf = order[at];
    const bool allowed = Add(e, at + 1);
    backward += allowed && !newest;
    return allowed;
  }

  void ReadModifyWrite(GraphEvent e) {
    e.kind = Kind::kRead;
    e.rf = graph.co[e.location].back();
    e.partner = graph.size() + 1;
    Add(e, 0);
    e.kind = Kind::kWrite;
    e.rf = kNotThere;
    e.partner = graph.size() - 1;
    Add(e, static_cast<int>(graph.co[e.location].size()));
  }

  bool Add(const GraphEvent& e, int at) {
    const int id = graph.Add(e);
    if (e.kind == Kind::kWrite) graph.co[e.location].insert(graph.co[e.location].begin() + at, id);
    if (judge_.Append(graph, id)) {
      place.push_back(at);
      return true;
    }
    if (e.kind == Kind::kWrite) graph.co[e.location].erase(graph.co[e.location].begin() + at);
    graph.events.pop_back();
    return false;
  }

  const int backward_percent_;
  std::mt19937 random_{1};
  PrefixJudge judge_;
};

// Arguments: events, how many of a hundred of them are backward.
void BM_Append(benchmark::State& state) {
  const Execution execution(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
  Graph g = execution.graph;
  PrefixJudge judge;
  for (auto _ : state) {
    judge.Reset();
    for (std::vector<int>& order : g.co) order.clear();
    for (int id = 0; id < g.size(); id++) {
      if (g.events[id].kind == Kind::kWrite) {
        std::vector<int>& order = g.co[g.events[id].location];
        order.insert(order.begin() + execution.place[id], id);
      }
      benchmark::DoNotOptimize(judge.Append(g, id));
    }
  }
  const double events = static_cast<double>(state.iterations()) * g.size();
  state.counters["per_event"] = benchmark::Counter(events, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["backward"] = execution.backward;
}

// Takes the latest event back and appends it again.
void BM_RewindAppend(benchmark::State& state) {
  const Execution execution(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
  const Graph& g = execution.graph;
  Graph growing = g;
  for (std::vector<int>& order : growing.co) order.clear();
  PrefixJudge judge;
  for (int id = 0; id < g.size(); id++) {
    if (g.events[id].kind == Kind::kWrite) {
      std::vector<int>& order = growing.co[g.events[id].location];
      order.insert(order.begin() + execution.place[id], id);
    }
    judge.Append(growing, id);
  }
  for (auto _ : state) {
    judge.Rewind(g.size() - 1);
    benchmark::DoNotOptimize(judge.Append(growing, g.size() - 1));
  }
}

void BM_FullJudge(benchmark::State& state) {
  const Execution execution(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
  for (auto _ : state) benchmark::DoNotOptimize(Judge(execution.graph, false).broken);
}

void Sizes(benchmark::internal::Benchmark* b) {
  b->ArgNames({"events", "backward"});
  for (int events : {20, 100, 400}) {
    for (int backward : {0, 10, 30}) b->Args({events, backward});
  }
}
BENCHMARK(BM_Append)->Apply(Sizes)->Unit(benchmark::kMicrosecond);
BENCHMARK(BM_RewindAppend)->Apply(Sizes);
BENCHMARK(BM_FullJudge)->Apply(Sizes)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace ordeal::model
