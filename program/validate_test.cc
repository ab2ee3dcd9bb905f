#include "program/validate.h"

#include "gtest/gtest.h"
#include "program/random_reproducer_testing.h"
#include "program/text.h"

namespace ordeal {
namespace {

std::string Message(const Reproducer& r) { return std::string(Validate(r).message()); }

TEST(Validate, DefaultsAndExample) {
  EXPECT_TRUE(Validate(Reproducer()).ok());
  EXPECT_TRUE(Validate(ExampleReproducer()).ok()) << Validate(ExampleReproducer());
}

// One change each to a valid reproducer, and what is said about it.
TEST(Validate, NamesThePlaceAndTheRange) {
  const struct {
    void (*change)(Reproducer&);
    const char* message;
  } kCases[] = {
      {[](Reproducer& r) { r.allocator = ""; }, "got an allocator of 0 bytes, expected 1..64 letters, digits and _ . - / + : ="},
      {[](Reproducer& r) { r.model = "l k"; }, "got a model of 3 bytes, expected 1..64 letters, digits and _ . - / + : ="},
      {[](Reproducer& r) { r.bugs.push_back("a\n"); }, "got a bug of 2 bytes, expected 1..64 letters, digits and _ . - / + : ="},
      {[](Reproducer& r) { r.bugs.push_back(r.bugs[0]); }, "got bug user.publish_relaxed twice, expected each once"},
      {[](Reproducer& r) { r.expect.owner = std::string(65, 'x'); }, "got an owner of 65 bytes, expected 1..64 letters, digits and _ . - / + : ="},
      {[](Reproducer& r) { r.program.geometry.page_bytes = 8192; }, "geometry: got page=8192, expected 4K, 16K or 64K"},
      {[](Reproducer& r) { r.program.geometry.object_bytes = 131080; },
       "geometry: got object=131080, expected a multiple of 8 in 32..131072 (the slab)"},
      {[](Reproducer& r) { r.program.geometry.exts = static_cast<Exts>(4); }, "geometry: got exts 4, expected 0..3"},
      {[](Reproducer& r) { r.program.geometry.nodes = 3; }, "geometry: got nodes=3, expected 0..2"},
      {[](Reproducer& r) { r.program.geometry.cgroups = 3; }, "geometry: got cgroups=3, expected 0..2"},
      {[](Reproducer& r) { r.program.geometry.stride = static_cast<StrideAt>(2); }, "geometry: got stride 2, expected 0..1"},
      {[](Reproducer& r) { r.program.ops[0].charge = 2; }, "op 0: got cgroup 2, expected 1..1"},
      {[](Reproducer& r) { r.program.ops[4].id = 0; }, "op 0: got this id twice, expected each once"},
      {[](Reproducer& r) { r.program.ops[0].id = 0xffff; }, "op 65535: got id 65535, expected 0..65534"},
      {[](Reproducer& r) { r.program.ops[2].cpu = 2; }, "op 2: got cpu 2, expected 0..1"},
      {[](Reproducer& r) { r.program.ops[2].reg = 8; }, "op 2: got register 8, expected 0..7"},
      {[](Reproducer& r) { r.program.ops[2].slot = 8; }, "op 2: got slot 8, expected 0..7"},
      {[](Reproducer& r) { r.program.ops[1].field = 3; }, "op 1: got field 3, expected 0..2"},
      {[](Reproducer& r) { r.program.ops[1].kind = static_cast<OpKind>(19); }, "op 1: got kind 19, expected 0..18"},
      {[](Reproducer& r) { r.program.ops[1].to = 2; }, "op 1: got cpu 2 to name, expected 0..1"},
      {[](Reproducer& r) { r.program.ops[1].later = true; }, "op 1: got a value in a field that write does not use, expected its default"},
      {[](Reproducer& r) { r.program.ops[1].publish = static_cast<Publish>(7); }, "op 1: got publish 7, expected 0..6"},
      {[](Reproducer& r) { r.program.ops[1].consume = static_cast<Consume>(8); }, "op 1: got consume 8, expected 0..7"},
      {[](Reproducer& r) { r.program.ops[1].put = static_cast<Put>(3); }, "op 1: got put 3, expected 0..2"},
      {[](Reproducer& r) { r.program.ops[1].reg2 = 8; }, "op 1: got second register 8, expected 0..7"},
      {[](Reproducer& r) { r.program.ops[1].counted = true; }, "op 1: got a value in a field that write does not use, expected its default"},
      {[](Reproducer& r) { r.program.ops[1] = {.id = 1, .kind = OpKind::kOffline}; }, "op 1: got cgroup 0, expected 1..1"},
      {[](Reproducer& r) { r.program.ops[1] = {.id = 1, .kind = OpKind::kOffline, .cgroup = 2}; }, "op 1: got cgroup 2, expected 1..1"},
      {[](Reproducer& r) { r.program.ops[1].slot = 1; }, "op 1: got a value in a field that write does not use, expected its default"},
      {[](Reproducer& r) { r.decisions[0].cpu = 2; }, "decision 3.1: got cpu 2, expected 0..1"},
      {[](Reproducer& r) { r.decisions[0].store = {1, 1}; }, "decision 3.1: got a store, expected none with switch"},
      {[](Reproducer& r) { r.decisions[1].cpu = 1; }, "decision 4.2: got cpu 1, expected none with read"},
      {[](Reproducer& r) { r.decisions[1].kind = static_cast<DecisionKind>(4); }, "decision 4.2: got kind 4, expected 0..3"},
      {[](Reproducer& r) { r.decisions[1].value = 1; }, "decision 4.2: got a value, expected none with read"},
      {[](Reproducer& r) { r.decisions[4].store = kInitialValue; },
       "decision 6.2: got init, expected the store of an op: the initial value needs no promise"},
      {[](Reproducer& r) { r.decisions[1].at.op = 0xffff; }, "decision 65535.2: got op 65535, expected 0..65534"},
      {[](Reproducer& r) { r.decisions[3].store = kInitialValue; },
       "decision 6.1: got init, expected the store of an op: nothing comes before the initial value"},
      {[](Reproducer& r) { r.decisions[1].store = {0xffff, 1}; }, "decision 4.2: got store 65535.1, expected init or an access of an op, from 1"},
      {[](Reproducer& r) { r.decisions.push_back(r.decisions[1]); }, "decision 4.2: got read twice, expected one"},
  };
  for (const auto& c : kCases) {
    Reproducer r = ExampleReproducer();
    c.change(r);
    EXPECT_EQ(Message(r), c.message);
    EXPECT_TRUE(absl::IsInvalidArgument(Validate(r)));
  }
}

TEST(Validate, Counts) {
  Reproducer r;
  for (int i = 0; i <= kMaxOps; ++i) r.program.ops.push_back({.id = static_cast<u16>(i)});
  EXPECT_EQ(Message(r), "got 257 ops, expected at most 256");
  r.program.ops.pop_back();
  EXPECT_EQ(Message(r), "");
  r.decisions.resize(kMaxDecisions + 1);
  EXPECT_EQ(Message(r), "got 4097 decisions, expected at most 4096");
  r.decisions.pop_back();
  EXPECT_EQ(Message(r), "") << "many switches at one access are fine";
  for (size_t i = 0; i <= kMaxBugs; ++i) r.bugs.push_back("b" + std::to_string(i));
  EXPECT_EQ(Message(r), "got 33 bugs, expected at most 32");
}

TEST(Validate, CanonicalIsIdempotentAndKeepsWhatTheKindUses) {
  Rng rng(1);
  for (int i = 0; i < 1'000; ++i) {
    const Op op = RandomOp(rng, {.cpus = kMaxCpus});
    EXPECT_EQ(Canonical(op), op);
  }
  const Op full = {.id = 1, .cpu = 2, .reg = 3, .slot = 4, .slot2 = 5, .field = 2, .charge = 1, .publish = Publish::kMb, .consume = Consume::kOnce};
  Op forward = full;
  forward.kind = OpKind::kForward;
  EXPECT_EQ(FormatOp(Canonical(forward)), "op 1 cpu 2 forward s4 s5 once mb");
  EXPECT_EQ(FormatOp(Canonical(full)), "op 1 cpu 2 alloc d charged");
}

// Ops without "op", ids by line: what follows "geometry cpus=3".
std::string Broken(const std::string& ops) {
  std::string text = "ordeal 1\ngeometry cpus=3\n";
  int id = 0;
  for (size_t at = 0; at < ops.size();) {
    const size_t end = std::min(ops.find("; ", at), ops.size());
    text += "op " + std::to_string(id++) + " cpu " + ops.substr(at, end - at) + "\n";
    at = end + 2;
  }
  const Program program = Parse(text, "f").value().program;
  EXPECT_EQ(KeepsDiscipline(program), BrokenDiscipline(program).empty());
  return BrokenDiscipline(program);
}

TEST(Discipline, CorrectUsers) {
  EXPECT_EQ(Broken(""), "");
  EXPECT_EQ(Broken("0 alloc a charged; 0 write a.1; 0 publish a s0 release; 1 consume b s0 once; 1 read b.1; 1 free b"), "");
  EXPECT_EQ(Broken("1 consume b s0 acquire; 1 free b; 0 alloc a; 0 publish a s0 mb"), "") << "the list gives no order between CPUs";
  EXPECT_EQ(Broken("0 alloc a; 0 publish a s3 xchg; 1 forward s3 s4 xchg_acquire release; 2 consume a s4 rmb; 2 free a"), "");
  EXPECT_EQ(Broken("0 alloc a; 0 alloc a; 0 free a"), "") << "a leak breaks no contract";
  EXPECT_EQ(Broken("0 alloc a; 0 publish a s0 release; 0 consume b s0 acquire; 0 free b"), "") << "to oneself";
  EXPECT_EQ(Broken("0 alloc a; 0 publish a s0 release"), "") << "never taken";
}

TEST(Discipline, Breaches) {
  EXPECT_EQ(Broken("0 alloc a; 0 free a irq 3; 0 alloc b"), "");
  EXPECT_EQ(Broken("0 alloc a; 0 free a irq 3; 0 write a.1"), "op 1: free: register a is that of op 2, which it interrupts");
  EXPECT_EQ(Broken("0 alloc a; 0 free a irq 3; 1 alloc a; 0 free a"), "op 1: free: register a is that of op 3, which it interrupts")
      << "of its own CPU";
  EXPECT_EQ(Broken("0 alloc a; 0 free a irq 3; 0 alloc b irq 3"), "") << "nothing to interrupt: by themselves";
  EXPECT_EQ(Broken("0 free a"), "op 0: free: register a is empty");
  EXPECT_EQ(Broken("0 alloc a; 1 free a"), "op 1: free: register a is empty") << "registers are each CPU's own";
  EXPECT_EQ(Broken("0 alloc a; 0 free a; 0 free a"), "op 2: free: register a is empty");
  EXPECT_EQ(Broken("0 alloc a; 0 publish a s0 release; 0 read a.0"), "op 2: read: register a is empty");
  EXPECT_EQ(Broken("0 write c.0"), "op 0: write: register c is empty");
  EXPECT_EQ(Broken("0 consume a s0 acquire"), "op 0: consume: slot s0 cannot have been published");
  EXPECT_EQ(Broken("0 consume a s0 acquire; 0 alloc b; 0 publish b s0 release"), "op 0: consume: slot s0 cannot have been published");
  EXPECT_EQ(Broken("0 consume a s0 once; 0 publish a s1 mb; 1 consume a s1 once; 1 publish a s0 mb"),
            "op 0: consume: slot s0 cannot have been published")
      << "each waits for the other";
  EXPECT_EQ(Broken("0 alloc a; 0 publish a s0 mb; 0 alloc a; 0 publish a s0 mb"), "op 3: publish: slot s0 is published twice");
  EXPECT_EQ(Broken("0 alloc a; 0 publish a s0 mb; 1 consume a s0 once; 2 consume a s0 once"), "op 3: consume: slot s0 is taken twice");
  EXPECT_EQ(Broken("0 alloc a; 0 publish a s0 mb; 1 forward s0 s0 once mb"), "op 2: forward: slot s0 is published twice");
}

TEST(Discipline, StrengthOfHandOvers) {
  const auto with = [](std::string_view publish, std::string_view consume, std::string_view consume2, std::string_view publish2) {
    return Broken("0 alloc a; 0 publish a s0 " + std::string(publish) + "; 1 forward s0 s1 " + std::string(consume2) + " " + std::string(publish2) +
                  "; 2 consume a s1 " + std::string(consume));
  };
  for (std::string_view publish : kPublishNames) {
    if (publish == "locked") continue;
    const bool good = publish == "release" || publish == "mb" || publish == "xchg";
    const std::string weak = "publish " + std::string(publish) + " is too weak";
    EXPECT_EQ(with(publish, "acquire", "acquire", "release"), good ? "" : "op 1: publish: " + weak);
    EXPECT_EQ(with("release", "acquire", "acquire", publish), good ? "" : "op 2: forward: " + weak);
  }
  for (std::string_view consume : kConsumeNames) {
    if (consume == "locked") continue;
    const bool good = consume != "plain" && consume != "xchg_relaxed";
    const std::string weak = "consume " + std::string(consume) + " is too weak";
    EXPECT_EQ(with("mb", consume, "acquire", "mb"), good ? "" : "op 3: consume: " + weak);
    EXPECT_EQ(with("mb", "acquire", consume, "mb"), good ? "" : "op 2: forward: " + weak);
  }
}

// Under the slot's lock on both sides, or on neither.
TEST(Discipline, LocksGoInPairs) {
  const std::string head = "0 alloc a; 0 publish a s0 ";
  EXPECT_EQ(Broken(head + "locked; 1 forward s0 s1 locked release; 2 consume a s1 acquire; 2 free a"), "");
  EXPECT_EQ(Broken(head + "release; 1 forward s0 s1 once locked; 2 consume a s1 locked; 2 free a"), "");
  EXPECT_EQ(Broken(head + "locked; 1 consume a s0 acquire"), "op 2: consume: slot s0 is published under its lock");
  EXPECT_EQ(Broken(head + "release; 1 consume a s0 locked"), "op 2: consume: slot s0 is published without its lock");
  EXPECT_EQ(Broken("1 consume a s0 acquire; 0 alloc a; 0 publish a s0 locked"), "op 0: consume: slot s0 is published under its lock");
}

TEST(Discipline, CountedObjectsEndByPut) {
  const std::string shared = "0 alloc a counted; 0 write a.1; 0 share a s0 release; 1 consume b s0 once; ";
  EXPECT_EQ(Broken(shared + "1 read b.1; 1 put b full; 0 read a.1; 0 put a refcount"), "");
  EXPECT_EQ(Broken(shared + "1 publish b s1 mb; 2 consume c s1 acquire; 2 share c s2 mb; 2 put c shortcut"), "")
      << "a reference is handed over as an object is";
  EXPECT_EQ(Broken("0 alloc a counted; 0 put a full"), "") << "one that nobody shares is counted all the same";
  EXPECT_EQ(Broken("0 alloc a counted; 0 free a"), "op 1: free: register a holds a counted object");
  EXPECT_EQ(Broken("0 alloc a; 0 put a full"), "op 1: put: register a holds an object without a count");
  EXPECT_EQ(Broken("0 alloc a; 0 share a s0 release"), "op 1: share: register a holds an object without a count");
  EXPECT_EQ(Broken("0 alloc a counted; 0 put a full; 0 read a.1"), "op 2: read: register a is empty");
  EXPECT_EQ(Broken(shared + "0 write a.1"), "op 4: write: register a holds a shared object");
  EXPECT_EQ(Broken(shared + "1 write b.1"), "op 4: write: register b holds a shared object");
  EXPECT_EQ(Broken(shared + "1 free b"), "op 4: free: register b holds a shared object");
}

TEST(Discipline, ListsAreTakenApartAsTheyAreLinked) {
  const std::string list = "0 alloc a; 0 write a.1; 0 lend a s0 release; 0 alloc b; 0 link a b; ", taken = list + "1 consume a s0 once; ";
  EXPECT_EQ(Broken(taken + "1 read a.1; 1 take_next a b; 1 read b.1; 1 write b.2; 1 free a"), "");
  EXPECT_EQ(Broken("1 consume a s0 once; 1 take_next a b; 1 free a; 0 alloc a; 0 lend a s0 release; 0 alloc b; 0 link a b"), "")
      << "the list gives no order";
  EXPECT_EQ(Broken(list + "0 read a.1"), "op 5: read: register a is empty");
  EXPECT_EQ(Broken(list + "0 read b.1"), "op 5: read: register b holds the tail of a list");
  EXPECT_EQ(Broken(list + "0 free b"), "op 5: free: register b holds the tail of a list");
  EXPECT_EQ(Broken(taken + "1 free a"), "op 6: free: register a holds the head of a list") << "its link may still be stored to";
  EXPECT_EQ(Broken(taken + "1 publish a s1 mb"), "op 6: publish: register a holds the head of a list");
  EXPECT_EQ(Broken(taken + "1 take_next a b; 1 take_next b c"), "op 7: take_next: nothing can have been linked to register b");
  EXPECT_EQ(Broken("0 alloc a; 0 alloc b; 0 link a b"), "op 2: link: register a holds an object without a count");
  EXPECT_EQ(Broken("0 alloc a; 0 lend a s0 mb; 0 alloc b counted; 0 link a b"), "op 3: link: register b holds a counted object");
  EXPECT_EQ(Broken("0 alloc a; 0 lend a s0 mb; 0 link a a"), "op 2: link: register a holds the tail of a list");
}

TEST(Discipline, ACgroupGoesOnce) {
  EXPECT_EQ(Broken("0 offline 1; 1 drain; 2 stats; 0 shrink; 1 drain"), "");
  EXPECT_EQ(Broken("0 offline 1; 1 offline 1"), "op 1: offline: cgroup 1 goes offline twice");
}

}  // namespace
}  // namespace ordeal
