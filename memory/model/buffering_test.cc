// A load that returns what is stored after it: found in a recorded execution, and left to the judge.
#include "memory/model/buffering_testing.h"
#include "memory/model/ladder.h"

namespace ordeal::model {
namespace {

TEST(Buffering, IsFoundInARecordedExecution) {
  const Decisions found = InTurn(kBuffering);
  EXPECT_EQ(found, (Decisions{Promise({0, 1}, {1, 2}, 1)}));
  const RunResult r = Promised(kBuffering, found);
  EXPECT_EQ(r.ending, Ending::kFinished);
  EXPECT_EQ(r.promised, 1u);
  EXPECT_EQ(r.unmet, 0u);
  EXPECT_EQ(g_seen[0], 1u);
  EXPECT_EQ(g_seen[1], 1u);
}

TEST(Buffering, IsWhatTheRungsSayOfIt) {
  Promised(kBuffering, InTurn(kBuffering));
  const Graph graph = TraceToGraph(RecordedTrace()).graph;
  for (const Rung rung : {Rung::kArmv8, Rung::kArmv8Ldar, Rung::kPower, Rung::kLkmm}) EXPECT_TRUE(AllowedOn(rung, graph)) << RungName(rung);
  for (const Rung rung : {Rung::kSc, Rung::kTso, Rung::kRc11}) EXPECT_FALSE(AllowedOn(rung, graph)) << RungName(rung);
}

// The views make it, since the load knows nothing of the store to come; the judge does not allow it.
TEST(Buffering, OutOfThinAirIsForbidden) {
  const Threads t{{[] {
                     const Tracked<u64> x = At(kX)->read_once(kOnce);
                     At(kY)->write_once(x | u64{1}, kOnce);
                   },
                   kBuffering.body[1]}};
  Promised(t, InTurn(t));
  EXPECT_EQ(Judge(TraceToGraph(RecordedTrace()).graph, false).broken, Axiom::kHappensBefore);
}

TEST(Buffering, IsNotTriedWhereItCannotBe) {
  const Threads acquires{{[] {
                            g_seen[0] = At(kX)->load_acquire(kAcquire).raw();
                            At(kY)->write_once(1, kOnce);
                          },
                          kBuffering.body[1]}};
  EXPECT_EQ(InTurn(acquires), Decisions());
  const Threads says_nothing{{[] { g_seen[0] = At(kX)->read_once(kOnce).raw(); }, [] { At(kX)->write_once(1, kOnce); }}};
  EXPECT_EQ(InTurn(says_nothing), Decisions()) << "the load could simply have come later";
  const Threads same_value{{kLoadThenStore, [] {
                              (void)At(kY)->read_once(kOnce);
                              At(kX)->write_once(0, kOnce);
                            }}};
  EXPECT_EQ(InTurn(same_value), Decisions());
  const Threads looks_again{{[] {
                               kLoadThenStore();
                               g_seen[2] = At(kX)->read_once(kOnce).raw();
                             },
                             kBuffering.body[1]}};
  for (const Decision& d : InTurn(looks_again)) EXPECT_EQ(d.at.k, 3) << "the second load would read an older store";
}

TEST(Buffering, ReachesThroughOtherCpusAndOutOfWiderStores) {
  const Threads t{{kLoadThenStore, [] { At(kY + 64)->write_once(At(kY)->read_once(kOnce), kOnce); },
                   [] {
                     (void)At(kY + 64)->read_once(kOnce);
                     At(kX)->write_once(u64{7} << 32 | 5, kOnce);
                   }}};
  EXPECT_EQ(InTurn(t), (Decisions{Promise({0, 1}, {2, 2}, u64{7} << 32 | 5)}));
  const Threads narrow{{[] {
                          g_seen[0] = At<Model::Word<u32>>(kX + 4)->read_once(kOnce).raw();
                          At(kY)->write_once(1, kOnce);
                        },
                        t.body[1], t.body[2]}};
  const Decisions found = InTurn(narrow);
  ASSERT_EQ(found, (Decisions{Promise({0, 1}, {2, 2}, 7)}));
  EXPECT_EQ(Promised(narrow, found).ending, Ending::kFinished);
  EXPECT_EQ(g_seen[0], 7u);
  EXPECT_TRUE(AllowedOn(Rung::kLkmm, TraceToGraph(RecordedTrace()).graph));
  const Threads low{{[] {
                       g_seen[0] = At<Model::Word<u32>>(kX)->read_once(kOnce).raw();
                       At(kY)->write_once(1, kOnce);
                     },
                     t.body[1], t.body[2]}};
  EXPECT_EQ(InTurn(low), (Decisions{Promise({0, 1}, {2, 2}, 5)}));
}

}  // namespace
}  // namespace ordeal::model
