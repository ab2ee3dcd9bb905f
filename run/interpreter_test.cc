// What a program calls in its allocator: what it offers beside is called with the CPU, and an allocator without it is left alone.
#include "run/interpreter.h"

#include <gtest/gtest.h>

#include <string>

#include "memory/native/native.h"
#include "program/text.h"

namespace ordeal {
namespace {

using M = Native;

// Hands out one object, and writes down what it is asked.
struct Plain {
  u64 Alloc(int, int) { return reinterpret_cast<u64>(object); }
  void Free(int, u64) { log += "free "; }
  u32 UsableBytes() const { return sizeof object; }
  alignas(64) u64 object[8] = {};
  std::string log;
};
struct WithMore : Plain {
  void Drain(int cpu) { log += "drain" + std::to_string(cpu) + " "; }
  void Offline(int cpu, int cgroup) { log += "offline" + std::to_string(cpu) + "." + std::to_string(cgroup) + " "; }
  u64 Stats(int cpu) { return log += "stats" + std::to_string(cpu) + " ", 0; }
  void Shrink(int cpu) { log += "shrink" + std::to_string(cpu) + " "; }
  void FreeLater(int cpu, u64) { log += "later" + std::to_string(cpu) + " "; }
  void Flush(int cpu, int whose) { log += "flush" + std::to_string(cpu) + "." + std::to_string(whose) + " "; }
  void Destroy(int cpu) { log += "destroy" + std::to_string(cpu) + " "; }
};

struct Nobody {
  void BeginOp(const Op&) {}
  void InterruptAt(u16, void (*handler)(void*, int), void* self) { handler_ = handler, self_ = self; }
  void RunInterrupt() { handler_(self_, 0); }
  void BeginInterrupt(const Op&) {}
  void EndInterrupt(const Op&) {}
  void Emit(const ShadowEvent&) {}
  void InAllocator(bool inside, ObjectId object) { entered += inside && object == 0; }
  void UserAccess(ObjectId) {}
  void Allocated(u64, ObjectId) {}
  void Freeing(u64, ObjectId) {}
  ObjectId NewObject(int) { return 1; }
  ObjectId ObjectOf(MessageId) { return 1; }
  void Publish(MessageId, ObjectId) {}
  static u64 Offset(u64) { return 64; }
  int entered = 0;
  void (*handler_)(void*, int) = nullptr;
  void* self_ = nullptr;
};

template <class A>
std::string LogOf(const char* ops) {
  const auto r = Parse(std::string("ordeal 1\ngeometry cpus=2 cgroups=2\n") + ops, "program");
  EXPECT_TRUE(r.ok()) << r.status();
  A allocator;
  Nobody nobody;
  SharedSlots<M> slots = {};
  Interpreter<M, A, Nobody> interpreter(r->program, allocator, slots, nobody);
  interpreter.Format();
  for (int cpu = 0; cpu < 2; ++cpu) interpreter.RunCpu(cpu);
  const std::string text = ops;
  if (text.find("flush") == std::string::npos && text.find("destroy") == std::string::npos) {
    EXPECT_EQ(nobody.entered, text.find("drain") != std::string::npos ? 4 : 0);
  }
  return allocator.log;
}

constexpr const char* kBeside = "op 0 cpu 0 drain\nop 1 cpu 1 offline 2\nop 2 cpu 1 stats\nop 3 cpu 0 shrink\n";

TEST(Beside, IsCalledWhereItIsOffered) {
  EXPECT_EQ(LogOf<WithMore>(kBeside), "drain0 shrink0 offline1.2 stats1 ");
  EXPECT_EQ(LogOf<Plain>(kBeside), "");
}

TEST(FreeLater, IsAFreeWhereNothingCanBePutAside) {
  constexpr const char* kLater = "op 0 cpu 0 alloc a\nop 1 cpu 0 free a later\nop 2 cpu 1 flush 0\n";
  EXPECT_EQ(LogOf<WithMore>(kLater), "later0 flush1.0 ");
  EXPECT_EQ(LogOf<Plain>(kLater), "free ");
}

TEST(Destroy, IsCalledByTheLastUser) {
  EXPECT_EQ(LogOf<WithMore>("op 0 cpu 0 flush 0\nop 1 cpu 0 destroy\nop 2 cpu 1 flush 1\nop 3 cpu 1 destroy\n"), "flush0.0 flush1.1 destroy1 ");
  EXPECT_EQ(LogOf<WithMore>("op 0 cpu 0 destroy\n"), "destroy0 ");
}

// What waits for an op to come into, and finds the end of the cache, comes before it.
TEST(Destroy, IsNotInterrupted) { EXPECT_EQ(LogOf<WithMore>("op 0 cpu 0 flush 0 irq 2\nop 1 cpu 0 destroy\n"), "flush0.0 destroy0 "); }

TEST(Put, TheLastReferenceFrees) {
  for (const char* form : {"full", "refcount", "shortcut"}) {
    const std::string shared = "op 0 cpu 0 alloc a counted\nop 1 cpu 0 share a s0 locked\nop 2 cpu 1 consume b s0 locked\n";
    const std::string own = std::string("op 3 cpu 0 put a ") + form + "\n", other = std::string("op 4 cpu 1 put b ") + form + "\n";
    EXPECT_EQ(LogOf<Plain>((shared + own).c_str()), "") << form;
    EXPECT_EQ(LogOf<Plain>((shared + own + other).c_str()), "free ") << form;
    EXPECT_EQ(LogOf<Plain>((shared + own + other + "op 5 cpu 1 put b full\n").c_str()), "free ") << "the register is empty";
  }
}

}  // namespace
}  // namespace ordeal
