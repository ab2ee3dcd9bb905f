// How does a test write a few CPUs as lambdas, and hold what they see to the judge?
#pragma once
#include <algorithm>
#include <iterator>
#include <vector>

#include <gtest/gtest.h>

#include "memory/model/engine.h"
#include "memory/model/judge.h"
#include "memory/model/model.h"
#include "memory/model/trace_to_graph.h"

namespace ordeal::model {

using Word = Model::Word<u64>;
inline constexpr Site<Order::kOnce> kOnce{kTestSites};
inline constexpr Site<Order::kRelease> kRelease{kTestSites + 2};
inline constexpr Site<Order::kFull> kFull{kTestSites + 3};
inline constexpr Site<Order::kWmb> kWmb{kTestSites + 4};
inline constexpr Site<Order::kMb> kMb{kTestSites + 5};
inline constexpr Site<Order::kRmb> kRmb{kTestSites + 6};
inline constexpr Site<Order::kAcquire> kAcquire{kTestSites + 7};

template <class T = Word>
T* At(u64 offset) {
  return reinterpret_cast<T*>(kArenaBase + offset);
}

// Runs one lambda a CPU.
using Thread = void (*)();
struct Threads {
  std::vector<Thread> body;
  RunResult Run(RunOptions o = {}) const {
    return model::Run(
        static_cast<int>(body.size()),
        [](void* self, int cpu) {
          BeginOp(static_cast<u16>(cpu));
          static_cast<const Threads*>(self)->body[cpu]();
        },
        const_cast<Threads*>(this), o);
  }
};
inline RunOptions Seed(u64 seed) {
  RunOptions o;
  o.seed = seed;
  return o;
}
inline u64 g_seen[4];

// Some execution leaves `wanted` in g_seen, and each is one that the judge allows.
inline void ExpectAllowedAndSeen(const Threads& t, std::vector<u64> wanted) {
  int seen = 0;
  for (u64 s = 0; s < 4000; ++s) {
    RunOptions o = Seed(s);
    o.record = true;
    std::fill(std::begin(g_seen), std::end(g_seen), 99);
    t.Run(o);
    const Judgement j = Judge(TraceToGraph(RecordedTrace()).graph, false);
    ASSERT_TRUE(j.allowed()) << "seed " << s << ": " << AxiomName(j.broken);
    // What is not recorded takes other paths and has to come to the same.
    o.record = false;
    t.Run(o);
    seen += std::equal(wanted.begin(), wanted.end(), g_seen);
  }
  EXPECT_GT(seen, 0);
}
inline void ExpectNeverSeen(const Threads& t, std::vector<u64> unwanted) {
  for (u64 s = 0; s < 4000; ++s) {
    std::fill(std::begin(g_seen), std::end(g_seen), 99);
    t.Run(Seed(s));
    ASSERT_FALSE(std::equal(unwanted.begin(), unwanted.end(), g_seen)) << "seed " << s;
  }
}

}  // namespace ordeal::model
