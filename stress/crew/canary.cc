#include "stress/crew/canary.h"

#include <atomic>

#include "stress/crew/evict.h"

namespace ordeal::stress {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;  // the point of the tests: nothing orders these accesses

// Two variables and two results, each on lines of their own.
struct alignas(256) Cell {
  std::atomic<u32> x = 0;
  alignas(256) std::atomic<u32> y = 0;
  alignas(256) u32 r0 = 0;
  alignas(256) u32 r1 = 0;
};

struct StoreBuffering {
  static void Run(int part, Cell& c) {
    if (part == 0) c.x.store(1, kRelaxed), c.r0 = c.y.load(kRelaxed);
    else c.y.store(1, kRelaxed), c.r1 = c.x.load(kRelaxed);
  }
  static bool Weak(const Cell& c) { return c.r0 == 0 && c.r1 == 0; }
};

struct MessagePassing {
  static void Run(int part, Cell& c) {
    if (part == 0) c.x.store(1, kRelaxed), c.y.store(1, kRelaxed);
    else c.r0 = c.y.load(kRelaxed), c.r1 = c.x.load(kRelaxed);
  }
  static bool Weak(const Cell& c) { return c.r0 == 1 && c.r1 == 0; }
};

struct LoadBuffering {
  static void Run(int part, Cell& c) {
    if (part == 0) c.r0 = c.x.load(kRelaxed), c.y.store(1, kRelaxed);
    else c.r1 = c.y.load(kRelaxed), c.x.store(1, kRelaxed);
  }
  static bool Weak(const Cell& c) { return c.r0 == 1 && c.r1 == 1; }
};

template <class Test>
class Canary final : public Workload {
 public:
  explicit Canary(u32 cells) : cells_(cells) {}
  int parts() const override { return 2; }
  u32 cells() const override { return static_cast<u32>(cells_.size()); }
  u32 ops() const override { return 4; }
  void Reset(u32 cell) override {
    Cell& c = cells_[cell];
    c.x = c.y = 0;
    c.r0 = c.r1 = 0;
  }
  void Begin(int) override {}
  void Run(int part, u32 cell) override { Test::Run(part, cells_[cell]); }
  void Lost(int, u32, int) override {}
  void Evict(int, u32 cell) override {
    EvictLine(reinterpret_cast<u64>(&cells_[cell].x));
    EvictLine(reinterpret_cast<u64>(&cells_[cell].y));
  }
  RoundOutcome Judge(u32 cell) override {
    RoundOutcome o;
    o.name = Test::Weak(cells_[cell]) ? "weak" : "strong";
    return o;
  }

 private:
  std::vector<Cell> cells_;
};

}  // namespace

std::vector<CanaryTest> CanariesHere() {
  std::vector<CanaryTest> tests = {{"SB", "a load passes an earlier store", true}};
#if !defined(__x86_64__)
  tests.push_back({"MP", "a store or a load passes an earlier one", true});
  tests.push_back({"LB", "a store passes an earlier load", false});
#endif
  return tests;
}

std::unique_ptr<Workload> MakeCanary(std::string_view name, u32 cells) {
  if (name == "SB") return std::make_unique<Canary<StoreBuffering>>(cells);
  if (name == "MP") return std::make_unique<Canary<MessagePassing>>(cells);
  if (name == "LB") return std::make_unique<Canary<LoadBuffering>>(cells);
  return nullptr;
}

}  // namespace ordeal::stress
