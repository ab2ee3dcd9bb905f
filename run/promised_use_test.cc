// What a CPU does with an object that a promised load gave it, before the object's time, is no use after its free.
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "program/text.h"
#include "run/machine.h"

namespace ordeal {
namespace {

constexpr const char* kProgram =
    "ordeal 1\ngeometry page=4K order=0 object=64 exts=none cpus=2 slabs=1\n"
    "op 0 cpu 0 alloc a\nop 1 cpu 0 publish a s0 mb\nop 2 cpu 1 consume a s0 once\n";

// What the first load of op 2 sees in an execution in order: a message with an address.
u64 Published(Machine& machine) {
  model::RunOptions o;
  o.record = true;
  machine.Run(o);
  u64 value = 0;
  for (const model::TraceEvent& e : model::RecordedTrace().events)
    if (e.type == model::EventType::kLoad && e.key.op == 2) value = e.read[0];
  return value;
}

Outcome WithThePromise(const std::string& use) {
  auto machine = *MakeMachine("slub");
  const std::string program = absl::StrCat(kProgram, use);
  machine->Load(Parse(program, "test")->program);
  const u64 value = Published(*machine);
  EXPECT_NE(value, 0u);
  // Before anything else.
  const Reproducer r = *Parse(absl::StrCat(program, "decision 0.1 switch cpu 1\ndecision 2.1 promise 1.2 value 0x", absl::Hex(value), "\n"), "test");
  model::RunOptions o;
  o.replay = &r.decisions;
  return machine->Run(o);
}

TEST(PromisedUse, BeforeTheAllocationIsNotJudged) {
  for (const char* use : {"op 3 cpu 1 read a.0\n", "op 3 cpu 1 write a.0\n", "op 3 cpu 1 free a\n"}) {
    const Outcome o = WithThePromise(use);
    EXPECT_EQ(o.run.promised, 1u) << use;
    EXPECT_EQ(o.run.ending, model::Ending::kStopped) << use;
    EXPECT_TRUE(o.unjudged) << use;
    EXPECT_TRUE(o.reports.empty()) << use;
  }
}

}  // namespace
}  // namespace ordeal
