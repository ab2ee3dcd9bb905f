// How does a test write a few CPUs as lambdas and see all their executions, and are two of these the same?
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "memory/model/exact.h"
#include "memory/model/model.h"

namespace ordeal::model {

// One lambda a CPU.
using Thread = void (*)();
struct ExactThreads {
  std::vector<Thread> body;
  ExactResult Explore(ExactOptions options, const std::function<void(const Execution&)>& visit) const {
    return model::Explore(
        static_cast<int>(body.size()),
        [](void* self, int cpu) {
          BeginOp(static_cast<u16>(cpu));
          static_cast<const ExactThreads*>(self)->body[static_cast<size_t>(cpu)]();
        },
        const_cast<ExactThreads*>(this), options, visit);
  }
};
inline constexpr model::At kHere{0, std::source_location()};
inline constexpr u64 kX = kArenaBase + 4096, kY = kArenaBase + 4160, kZ = kArenaBase + 4224;
inline u64 Read(u64 at, Order o = Order::kOnce, u8 bytes = 8) {
  Dep d;
  return Load(at, bytes, o, kHere, 0, &d);
}
inline void Write(u64 at, u64 value, Order o = Order::kOnce, u8 bytes = 8) { Store(at, bytes, value, o, kHere, 0, 0); }
inline bool g_flag[4];
inline u64 g_value[4];

// Passes on to kZ + 64 what kX was promised, which its store to kY lets another CPU bring. So kZ, read first, may be promised what that one makes of it.
inline constexpr Thread kHeadOfAChain = [] {
  g_value[0] = Read(kZ);
  Dep d;
  const u64 x = Load(kX, 8, Order::kOnce, kHere, 0, &d);
  Write(kY, 1);
  Store(kZ + 64, 8, x, Order::kOnce, kHere, 0, d);
};

// What does not depend on the order in which it was built.
inline std::string NameOf(const Execution& e) {
  std::map<int, std::string> name;
  std::map<int, int> count;
  for (int id = 0; id < e.graph.size(); ++id) {
    const int t = e.graph.events[id].thread;
    name[id] = t < 0 ? "i" + std::to_string(e.events[id].address) : std::to_string(t) + "." + std::to_string(count[t]++);
  }
  std::set<std::string> lines;
  for (int id = 0; id < e.graph.size(); ++id) {
    const GraphEvent& v = e.graph.events[id];
    if (v.thread >= 0)
      lines.insert(name[id] + "@" + std::to_string(e.events[id].address) + "=" + std::to_string(e.events[id].value) +
                   (v.rf >= 0 ? "<" + name[v.rf] : ""));
  }
  for (const auto& order : e.graph.co) {
    std::string line;
    for (const int w : order) line += name[w] + " ";
    lines.insert(line);
  }
  std::string all;
  for (const std::string& l : lines) all += l + "\n";
  return all;
}

}  // namespace ordeal::model
