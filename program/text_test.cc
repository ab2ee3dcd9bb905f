#include "program/text.h"

#include <regex>

#include "gtest/gtest.h"
#include "base/share_testing.h"
#include "program/random_reproducer_testing.h"

namespace ordeal {
namespace {

// Written by hand, so that a change of the format cannot go unseen: old files must stay readable.
constexpr std::string_view kExample = R"(ordeal 1
allocator slub
model lkmm
bug user.publish_relaxed
geometry page=64K order=1 object=65536 exts=in-object cpus=2 slabs=1
op 0 cpu 0 alloc a charged
op 1 cpu 0 write a.1
op 2 cpu 0 publish a s0 release
op 7 cpu 1 forward s0 s1 once mb
op 3 cpu 1 consume b s1 acquire
op 4 cpu 1 read b.1
op 6 cpu 1 free b
decision 3.1 switch cpu 1
decision 4.2 read 1.1
decision 4.3 read init
decision 6.1 insert 2.1
decision 6.2 promise 7.3 value 0xc0de
expect violation stale-contents
expect headline ordering/LKMM
expect owner user
)";

std::string ErrorOf(std::string_view text) {
  const absl::StatusOr<Reproducer> r = Parse(text, "f.ordeal");
  return r.ok() ? "no error" : std::string(r.status().message());
}

TEST(Text, ExampleBothWays) {
  EXPECT_EQ(Format(ExampleReproducer()), kExample);
  EXPECT_EQ(Parse(kExample, "f.ordeal").value(), ExampleReproducer());
}

// The ops that came later, by hand as well.
constexpr std::string_view kLaterOps = R"(ordeal 1
allocator slub
model lkmm
geometry page=4K order=0 object=256 exts=late cpus=2 slabs=1 cgroups=2
op 0 cpu 0 alloc a counted
op 1 cpu 0 alloc b charged=2 counted
op 2 cpu 0 share a s0 release
op 3 cpu 0 publish b s1 locked
op 4 cpu 1 consume a s1 locked
op 5 cpu 1 put a refcount
op 6 cpu 0 put a shortcut
op 7 cpu 0 lend c s2 mb
op 8 cpu 0 link c d
op 9 cpu 1 take_next b c
op 10 cpu 1 drain
op 11 cpu 1 offline 2
op 12 cpu 0 stats
op 13 cpu 0 shrink
op 14 cpu 1 free e later
op 15 cpu 1 free f later irq 2
op 16 cpu 0 flush 1
op 17 cpu 0 flush 0 irq 3
op 18 cpu 0 migrate 1
op 19 cpu 1 migrate 0 irq 4
op 20 cpu 1 destroy
op 21 cpu 0 destroy
)";

TEST(Text, LaterOpsBothWays) {
  const Reproducer r = Parse(kLaterOps, "f").value();
  EXPECT_EQ(Format(r), kLaterOps);
  const std::vector<Op>& ops = r.program.ops;
  EXPECT_EQ(ops[1], (Op{.id = 1, .kind = OpKind::kAlloc, .reg = 1, .charge = 2, .counted = true}));
  EXPECT_EQ(ops[2], (Op{.id = 2, .kind = OpKind::kShare, .slot = 0, .publish = Publish::kRelease}));
  EXPECT_EQ(ops[5], (Op{.id = 5, .cpu = 1, .kind = OpKind::kPut, .put = Put::kRefcount}));
  EXPECT_EQ(ops[9], (Op{.id = 9, .cpu = 1, .kind = OpKind::kTakeNext, .reg = 1, .reg2 = 2}));
  EXPECT_EQ(ops[11], (Op{.id = 11, .cpu = 1, .kind = OpKind::kOffline, .cgroup = 2}));
  EXPECT_EQ(ops[14], (Op{.id = 14, .cpu = 1, .kind = OpKind::kFree, .reg = 4, .later = true}));
  EXPECT_EQ(ops[17], (Op{.id = 17, .kind = OpKind::kFlush, .to = 0, .irq = 3}));
  EXPECT_EQ(ops[19], (Op{.id = 19, .cpu = 1, .kind = OpKind::kMigrate, .to = 0, .irq = 4}));
  EXPECT_EQ(ops[20], (Op{.id = 20, .cpu = 1, .kind = OpKind::kDestroy}));
}

TEST(Text, LosslessAndCanonical) {
  Rng rng(1);
  for (int i = 0; i < ShareOf(5'000); ++i) {
    const Reproducer r = RandomReproducer(rng);
    ASSERT_TRUE(Validate(r).ok()) << Validate(r);
    const std::string text = Format(r);
    const absl::StatusOr<Reproducer> back = Parse(text, "f.ordeal");
    ASSERT_TRUE(back.ok()) << back.status() << "\n" << text;
    ASSERT_EQ(*back, r) << text;
    ASSERT_EQ(Format(*back), text);
  }
}

// Comments, blank lines, DOS line ends, tabs, keys in any order, and defaults for what is left out.
TEST(Text, ForgivesWhatEditorsDo) {
  const std::string_view edited =
      "# found on a Tuesday\r\n"
      "\r\n"
      "  ordeal\t1   # version\r\n"
      "geometry cpus=2 object=64K page=65536 order=1\r\n"
      "op 5 cpu 1 free b#at once\r\n"
      "bug x\r\n"
      "model power";
  Reproducer expected;
  expected.model = "power";
  expected.bugs = {"x"};
  expected.program.geometry = {.page_bytes = 65536, .page_order = 1, .object_bytes = 65536};
  expected.program.ops = {{.id = 5, .cpu = 1, .kind = OpKind::kFree, .reg = 1}};
  EXPECT_EQ(Parse(edited, "f").value(), expected);
  EXPECT_EQ(Parse("ordeal 1", "f").value(), Reproducer());
}

TEST(Text, ErrorsSayWhereWhatAndWhatInstead) {
  const struct {
    std::string_view text, error;
  } kCases[] = {
      {"", "f.ordeal:1: got end of file, expected \"ordeal 1\" as the first line"},
      {"op 0 cpu 0 free a", "f.ordeal:1: got \"op\", expected \"ordeal 1\" as the first line"},
      {"ordeal 2", "f.ordeal:1: got version \"2\", expected 1"},
      {"ordeal 1\naloc", "f.ordeal:2: got \"aloc\", expected allocator, model, bug, geometry, op, decision or expect"},
      {"ordeal 1\n\ndecison 1.1 read init",
       "f.ordeal:3: got \"decison\", expected allocator, model, bug, geometry, op, decision or expect (did you mean \"decision\"?)"},
      {"ordeal 1\nop 0 cpu 0 publish a s0 relase",
       "f.ordeal:2: got \"relase\", expected plain, once, wmb, release, mb, xchg or locked (did you mean \"release\"?)"},
      {"ordeal 1\nop 0 cpu 0 publish a s0", "f.ordeal:2: got end of line, expected plain, once, wmb, release, mb, xchg or locked"},
      {"ordeal 1\nop 0 cpu 2 free a", "f.ordeal:2: got cpu 2, expected 0..1"},
      {"ordeal 1\nop 65535 cpu 0 free a", "f.ordeal:2: got \"65535\", expected an op id 0..65534"},
      {"ordeal 1\nop -1 cpu 0 free a", "f.ordeal:2: got \"-1\", expected an op id 0..65534"},
      {"ordeal 1\nop 99999999999999999999 cpu 0 free a", "f.ordeal:2: got \"99999999999999999999\", expected an op id 0..65534"},
      {"ordeal 1\nop 0 cpu 0 free i", "f.ordeal:2: got \"i\", expected a register a..h"},
      {"ordeal 1\nop 0 cpu 0 free a b", "f.ordeal:2: got \"b\", expected later, irq ACCESS or end of line"},
      {"ordeal 1\nop 0 cpu 0 flush 2", "f.ordeal:2: got cpu 2 to name, expected 0..1"},
      {"ordeal 1\nop 0 cpu 0 destroy irq 2", "f.ordeal:2: got \"irq\", expected end of line"},
      {"ordeal 1\nop 0 cpu 0 destroy\nop 1 cpu 0 drain", "f.ordeal:3: op 0: got destroy before op 1 of its CPU, expected nothing after it"},
      {"ordeal 1\nop 0 cpu 0 destroy\nop 1 cpu 1 drain", "f.ordeal:3: cpu 1: got no destroy, expected one on every CPU that has ops, or on none"},
      {"ordeal 1\nop 0 cpu 0 alloc a chraged", "f.ordeal:2: got \"chraged\", expected charged, charged=CGROUP, counted, irq ACCESS or end of line"},
      {"ordeal 1\nop 0 cpu 0 consume a s8 once", "f.ordeal:2: got \"s8\", expected a slot s0..s7"},
      {"ordeal 1\nop 0 cpu 0 write a", "f.ordeal:2: got \"a\", expected REGISTER.FIELD, as in a.1"},
      {"ordeal 1\nop 0 cpu 0 write a.3", "f.ordeal:2: got \"3\", expected a field 0..2"},
      {"ordeal 1\nop 0 cpu 0 free a\nop 0 cpu 0 free b", "f.ordeal:3: got op 0 again, expected each id once"},
      {"ordeal 1\ngeometry page=8K", "f.ordeal:2: got page=8192, expected 4K, 16K or 64K"},
      {"ordeal 1\ngeometry order=3", "f.ordeal:2: got order=3, expected 0..2"},
      {"ordeal 1\ngeometry object=36", "f.ordeal:2: got object=36, expected a multiple of 8 in 32..4096 (the slab)"},
      {"ordeal 1\ngeometry object=24", "f.ordeal:2: got object=24, expected a multiple of 8 in 32..4096 (the slab)"},
      {"ordeal 1\ngeometry object=8192", "f.ordeal:2: got object=8192, expected a multiple of 8 in 32..4096 (the slab)"},
      {"ordeal 1\ngeometry cpus=9", "f.ordeal:2: got cpus=9, expected 1..8"},
      {"ordeal 1\ngeometry cpus=0", "f.ordeal:2: got cpus=0, expected 1..8"},
      {"ordeal 1\ngeometry slabs=3", "f.ordeal:2: got slabs=3, expected 1..2"},
      {"ordeal 1\ngeometry exts=inobject", "f.ordeal:2: got \"inobject\", expected none, late, in-object or early (did you mean \"in-object\"?)"},
      {"ordeal 1\ngeometry page 4K",
       "f.ordeal:2: got \"page\", expected KEY=VALUE with page, order, object, exts, cpus, slabs, nodes, cgroups, dwcas or stride"},
      {"ordeal 1\ngeometry pages=4K",
       "f.ordeal:2: got \"pages\", expected page, order, object, exts, cpus, slabs, nodes, cgroups, dwcas or stride (did you mean \"page\"?)"},
      {"ordeal 1\ngeometry cpus=2 cpus=2", "f.ordeal:2: got \"cpus\" twice, expected each key once"},
      {"ordeal 1\nop 0 cpu 0 free a\ngeometry cpus=2", "f.ordeal:3: got geometry, expected it before the first op and decision"},
      {"ordeal 1\nmodel sc\nmodel sc", "f.ordeal:3: got a second model, expected one"},
      {"ordeal 1\nbug a\nbug a", "f.ordeal:3: got bug a again, expected each once"},
      {"ordeal 1\nbug a@b", "f.ordeal:2: got \"a@b\", expected a bug: 1..64 letters, digits and _ . - / + : ="},
      {"ordeal 1\ndecision 3 read init", "f.ordeal:2: got \"3\", expected OP.ACCESS, as in 3.1"},
      {"ordeal 1\ndecision 3.1 red init", "f.ordeal:2: got \"red\", expected switch, read, insert or promise (did you mean \"read\"?)"},
      {"ordeal 1\ndecision 3.1 switch cpu 2", "f.ordeal:2: got cpu 2, expected 0..1"},
      {"ordeal 1\ndecision 3.0 read init",
       "f.ordeal:2: got access 0, expected 1 or more: accesses count from 1, only a switch may come before the first"},
      {"ordeal 1\ndecision 3.1 promise init value 0x1", "f.ordeal:2: got init, expected the store of an op: the initial value needs no promise"},
      {"ordeal 1\ndecision 3.1 promise 2.1", "f.ordeal:2: got end of line, expected value"},
      {"ordeal 1\ndecision 3.1 promise 2.1 value 12", "f.ordeal:2: got \"12\", expected what the load returns, as in 0x2a"},
      {"ordeal 1\ndecision 3.1 promise 2.1 value 0x12345678123456781",
       "f.ordeal:2: got \"0x12345678123456781\", expected what the load returns, as in 0x2a"},
      {"ordeal 1\ndecision 3.1 insert init", "f.ordeal:2: got init, expected the store of an op: nothing comes before the initial value"},
      {"ordeal 1\ndecision 3.1 read 2.0", "f.ordeal:2: got store 2.0, expected init or an access of an op, from 1"},
      {"ordeal 1\ndecision 3.1 read 1.1\ndecision 3.1 read 2.1", "f.ordeal:3: got decision 3.1 read again, expected one"},
      {"ordeal 1\nexpect verdict x", "f.ordeal:2: got \"verdict\", expected violation, headline or owner"},
      {"ordeal 1\nexpect ownr x", "f.ordeal:2: got \"ownr\", expected violation, headline or owner (did you mean \"owner\"?)"},
      {"ordeal 1\nexpect owner x\nexpect owner x", "f.ordeal:3: got expect owner again, expected each once"},
      {"ordeal 1\nop 0 cpu 0 fr\x01\xffthing-that-is-much-longer-than-anybody-would-type a",
       "f.ordeal:2: got \"fr\\x01\\xffthing-that-is-much-longer-than-anybo...\", expected alloc, free, write, read, publish, consume, "
       "forward, share, put, lend, link, take_next, drain, offline, stats, shrink, flush, destroy or migrate"},
      {"ordeal 1\nop 0 cpu 0 alloc a counted charged",
       "f.ordeal:2: got \"charged\", expected charged, charged=CGROUP, counted, irq ACCESS or end of line"},
      {"ordeal 1\nop 0 cpu 0 alloc a charged twice",
       "f.ordeal:2: got \"twice\", expected charged, charged=CGROUP, counted, irq ACCESS or end of line"},
      {"ordeal 1\nop 0 cpu 0 alloc a irq", "f.ordeal:2: got end of line, expected an access 0..99"},
      {"ordeal 1\nop 0 cpu 0 free a irq 0", "f.ordeal:2: got irq 0, expected an access from 1"},
      {"ordeal 1\nop 0 cpu 0 drain irq 100", "f.ordeal:2: got \"100\", expected an access 0..99"},
      {"ordeal 1\nop 0 cpu 0 read a.1 irq 3", "f.ordeal:2: got \"irq\", expected end of line"},
      {"ordeal 1\nop 0 cpu 0 put a", "f.ordeal:2: got end of line, expected full, refcount or shortcut"},
      {"ordeal 1\nop 0 cpu 0 link a", "f.ordeal:2: got end of line, expected a register a..h"},
      {"ordeal 1\nop 0 cpu 0 offline 0", "f.ordeal:2: got cgroup 0, expected 1..1"},
      {"ordeal 1\ngeometry cgroups=2\nop 0 cpu 0 offline 3", "f.ordeal:3: got \"3\", expected a cgroup 0..2"},
      {"ordeal 1\nop 0 cpu 0 drain 1", "f.ordeal:2: got \"1\", expected end of line"},
  };
  for (const auto& c : kCases) EXPECT_EQ(ErrorOf(c.text), c.error) << c.text;
}

TEST(Text, Limits) {
  std::string text = "ordeal 1\n";
  for (int i = 0; i < kMaxOps; ++i) text += "op " + std::to_string(i) + " cpu 0 free a\n";
  EXPECT_EQ(ErrorOf(text), "no error");
  EXPECT_EQ(ErrorOf(text + "op 999 cpu 0 free a"), "f.ordeal:258: got one more op, expected at most 256");
  text = "ordeal 1\n";
  for (size_t i = 0; i < kMaxDecisions; ++i) text += "decision 1.1 switch cpu 1\n";
  EXPECT_EQ(ErrorOf(text), "no error");
  EXPECT_EQ(ErrorOf(text + "decision 1.1 switch cpu 1"), "f.ordeal:4098: got one more decision, expected at most 4096");
  EXPECT_EQ(ErrorOf("ordeal 1\nmodel " + std::string(64, 'm')), "no error");
  EXPECT_NE(ErrorOf("ordeal 1\nmodel " + std::string(65, 'm')), "no error");
  EXPECT_EQ(ErrorOf("ordeal 1\n" + std::string(kMaxTextBytes, '#')), "f.ordeal:1: got 1048585 bytes, expected at most 1048576");
}

TEST(Text, FileNameCannotBreakTheLine) {
  EXPECT_EQ(Parse("", "a\nb").status().message(), "a\\nb:1: got end of file, expected \"ordeal 1\" as the first line");
}

// Every byte replaced by every value that matters, and every truncation: an exact reproducer or a one-line error.
TEST(Text, DamageIsAnErrorOrAnotherReproducer) {
  const std::regex one_line("f\\.ordeal:[0-9]+: got [ -~]+, expected [ -~]+");
  int accepted = 0, refused = 0;
  const auto check = [&](const std::string& text) {
    const absl::StatusOr<Reproducer> r = Parse(text, "f.ordeal");
    if (r.ok()) {
      ++accepted;
      ASSERT_EQ(Parse(Format(*r), "f").value(), *r) << text;
    } else {
      ++refused;
      ASSERT_TRUE(std::regex_match(std::string(r.status().message()), one_line)) << r.status() << "\n" << text;
    }
  };
  const std::string whole(kExample);
  for (size_t i = 0; i < whole.size(); ++i) {
    check(whole.substr(0, i));
    check(whole.substr(i));
    check(whole.substr(0, i) + whole.substr(i + 1));
    for (char c : std::string_view("\0\n\r\t #.,=-019azAZsK\x7f\x80\xff", 22)) {
      std::string damaged = whole;
      damaged[i] = c;
      check(damaged);
    }
  }
  EXPECT_GT(accepted, 500);
  EXPECT_GT(refused, 5'000);
}

TEST(Text, InvalidValuesArePrintedNotFollowed) {
  Reproducer r;
  r.program.ops = {{.kind = static_cast<OpKind>(99)}, {.kind = OpKind::kPublish, .reg = 200, .publish = static_cast<Publish>(77)}};
  r.decisions = {{.at = {}, .kind = static_cast<DecisionKind>(9)}};
  r.program.geometry.page_bytes = 4097;
  EXPECT_EQ(Format(r),
            "ordeal 1\nallocator slub\nmodel lkmm\ngeometry page=4097 order=0 object=256 exts=late cpus=2 slabs=1\n"
            "op 0 cpu 0 ? ?\nop 0 cpu 0 publish ? s0 ?\ndecision 0.0 ? init\n");
}

}  // namespace
}  // namespace ordeal
