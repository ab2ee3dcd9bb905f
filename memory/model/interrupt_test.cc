// An interrupt is another op of the same thread: where it comes, where it may not come, and that nobody else can tell the two apart.
#include <string>

#include "memory/model/engine_testing.h"
#include "memory/model/exact.h"

namespace ordeal::model {
namespace {

Word* X() { return At(4096); }
Word* Y() { return At(8192); }

// What stood in X, access by access, when the interrupt came: the op below stores 1, 2, 3 there.
u64 g_interrupted_at;
void Look(void*, int) {
  BeginInterruptOp(50);
  g_interrupted_at = X()->read_once(kOnce).raw();
  (void)Y()->read_once(kOnce);
}

void Three() {
  X()->write_once(1, kOnce);
  X()->write_once(2, kOnce);
  X()->write_once(3, kOnce);
  RunInterrupt();
}

u64 At3(u16 k) {
  static u16 at;
  at = k;
  ClearImage();
  Threads{{[] {
    InterruptAt(at, Look, nullptr);
    Three();
  }}}.Run();
  return g_interrupted_at;
}

TEST(Interrupt, ComesBeforeTheAccessOfItsNumberOrAfterTheLast) {
  EXPECT_EQ(At3(1), 0u);
  EXPECT_EQ(At3(2), 1u);
  EXPECT_EQ(At3(3), 2u);
  EXPECT_EQ(At3(4), 3u);
  EXPECT_EQ(At3(99), 3u);
}

TEST(Interrupt, WaitsUntilInterruptsAreOn) {
  ClearImage();
  Threads{{[] {
    InterruptAt(2, Look, nullptr);
    X()->write_once(1, kOnce);
    Model::irqs_off();
    Model::irqs_off();  // nests
    X()->write_once(2, kOnce);
    Model::irqs_on();
    X()->write_once(3, kOnce);
    Model::irqs_on();
    X()->write_once(4, kOnce);
  }}}.Run();
  EXPECT_EQ(g_interrupted_at, 3u);
}

TEST(Interrupt, DoesNotComeIntoACriticalSection) {
  ClearImage();
  Threads{{[] {
    InterruptAt(2, Look, nullptr);
    auto* const lock = At<Model::Spinlock>(16384);
    lock->lock();
    X()->write_once(1, kOnce);
    X()->write_once(2, kOnce);
    lock->unlock();
    X()->write_once(3, kOnce);
  }}}.Run();
  EXPECT_EQ(g_interrupted_at, 2u);
}

TEST(Interrupt, LeavesTheKeysOfTheOpThatItComesInto) {
  ClearImage();
  RunOptions o;
  o.record = true;
  Threads{{[] {
    InterruptAt(2, Look, nullptr);
    Three();
  }}}.Run(o);
  std::string keys;
  for (const TraceEvent& e : RecordedTrace().events) keys += std::to_string(e.key.op) + "." + std::to_string(e.key.k) + " ";
  EXPECT_EQ(keys, "0.1 50.1 50.2 0.2 0.3 ");
}

// To the other CPUs it is one thread: the executions are those of the accesses in one row.
TEST(Interrupt, HasTheExecutionsOfOneThread) {
  const auto count = [](Thread first) {
    ClearImage();
    Threads threads{{first, [] {
                       g_seen[0] = Y()->read_once(kOnce).raw();
                       g_seen[1] = X()->read_once(kOnce).raw();
                     }}};
    u64 n = 0, passed = 0;
    const ExactResult r = Explore(
        2,
        [](void* self, int cpu) {
          BeginOp(static_cast<u16>(cpu));
          static_cast<Threads*>(self)->body[static_cast<size_t>(cpu)]();
        },
        &threads, {},
        [&](const Execution&) {
          ++n;
          passed += g_seen[0] == 1 && g_seen[1] == 0;
        });
    EXPECT_TRUE(r.complete);
    return std::pair(n, passed);
  };
  const auto in_a_row = count([] {
    X()->write_once(1, kOnce);
    Y()->write_once(1, kOnce);
  });
  const auto interrupted = count([] {
    InterruptAt(
        1,
        [](void*, int) {
          BeginInterruptOp(50);
          X()->write_once(1, kOnce);
        },
        nullptr);
    Y()->write_once(1, kOnce);
  });
  EXPECT_EQ(in_a_row, interrupted);
  EXPECT_GT(in_a_row.second, 0u);  // no order between plain WRITE_ONCEs, of an op and its interrupt neither
}

}  // namespace
}  // namespace ordeal::model
