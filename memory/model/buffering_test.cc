// A load that returns what is stored after it: found in a recorded execution, promised, kept, and left to the judge.
#include "memory/model/buffering.h"

#include "memory/model/engine_testing.h"
#include "memory/model/ladder.h"

namespace ordeal::model {
namespace {

constexpr u64 kX = 4096, kY = 4160;

constexpr Thread kLoadThenStore = [] {
  g_seen[0] = At(kX)->read_once(kOnce).raw();
  At(kY)->write_once(1, kOnce);
};
// Load buffering: both may see the other's store, as long as one of them does not depend on its load.
const Threads kBuffering{{kLoadThenStore, [] {
                            const Tracked<u64> y = At(kY)->read_once(kOnce);
                            g_seen[1] = y.raw();
                            At(kX)->write_once(y, kOnce);
                          }}};

// One CPU after the other.
Decisions InTurn(const Threads& t) {
  const Decisions nothing;
  RunOptions o;
  o.replay = &nothing;
  o.record = true;
  std::fill(std::begin(g_seen), std::end(g_seen), 99);
  t.Run(o);
  return PromisesIn(RecordedTrace(), 100);
}

RunResult Promised(const Threads& t, const Decisions& decisions) {
  RunOptions o;
  o.replay = &decisions;
  const RunResult unrecorded = t.Run(o);
  o.record = true;
  std::fill(std::begin(g_seen), std::end(g_seen), 99);
  const RunResult r = t.Run(o);
  EXPECT_EQ(r.hash, unrecorded.hash);
  EXPECT_EQ(r.ending, unrecorded.ending);
  return r;
}

Decision Promise(AccessKey at, AccessKey store, u64 value) { return {.at = at, .kind = DecisionKind::kPromise, .store = store, .value = value}; }

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

TEST(Buffering, AnRmwKeepsAPromiseToo) {
  const Threads t{{kLoadThenStore, [] {
                     (void)At(kY)->read_once(kOnce);
                     (void)At(kX)->xchg(3, kOnce);
                   }}};
  const Decisions found = InTurn(t);
  ASSERT_EQ(found, (Decisions{Promise({0, 1}, {1, 2}, 3)}));
  EXPECT_EQ(Promised(t, found).ending, Ending::kFinished);
  EXPECT_EQ(g_seen[0], 3u);
}

TEST(Buffering, WhatNobodyStoresIsNoExecution) {
  EXPECT_EQ(Promised(kBuffering, {Promise({0, 1}, {1, 2}, 8)}).ending, Ending::kUnkept) << "another value";
  EXPECT_EQ(Promised(kBuffering, {Promise({0, 1}, {1, 9}, 1)}).ending, Ending::kUnkept) << "no such store";
  EXPECT_EQ(Promised(kBuffering, {Promise({0, 1}, {0, 2}, 1)}).ending, Ending::kUnkept) << "a store to another place";
  const RunResult none = Promised(kBuffering, {Promise({0, 7}, {1, 2}, 1)});
  EXPECT_EQ(none.ending, Ending::kFinished) << "no such load";
  EXPECT_EQ(none.unmet, 1u);
}

TEST(Buffering, OnlyTheStoreThatWasNamedKeepsIt) {
  const auto ending = [](Thread second, AccessKey store) {
    return Promised(Threads{{[] {
                               kLoadThenStore();
                               At(kX + 64)->write_once(1, kOnce);
                             },
                             second}},
                    {Promise({0, 1}, store, 1)})
        .ending;
  };
  EXPECT_EQ(ending([] { At(kX)->write_once(1, kOnce); }, {1, 1}), Ending::kFinished);
  EXPECT_EQ(ending([] { At(kX + 128)->write_once(1, kOnce); }, {1, 1}), Ending::kUnkept) << "another place";
  EXPECT_EQ(ending([] { At<Model::Word<u32>>(kX)->write_once(1, kOnce); }, {1, 1}), Ending::kUnkept) << "a part of it";
  const Threads own{{[] {
    g_seen[0] = At(kX)->read_once(kOnce).raw();
    At(kX)->write_once(1, kOnce);
  }}};
  EXPECT_EQ(Promised(own, {Promise({0, 1}, {0, 2}, 1)}).ending, Ending::kUnkept) << "one's own";
}

TEST(Buffering, ALoadThatHappensBeforeTheStoreCannotReadIt) {
  const Threads t{{[] {
                     g_seen[0] = At(kX)->read_once(kOnce).raw();
                     At(kY)->store_release(1, kRelease);
                   },
                   [] {
                     (void)At(kY)->load_acquire(kAcquire);
                     At(kX)->write_once(1, kOnce);
                   }}};
  EXPECT_EQ(Promised(t, {Promise({0, 1}, {1, 2}, 1)}).ending, Ending::kUnkept);
}

// Who knows of the load reads nothing older: coherence.
TEST(Buffering, TheLoadHasReadTheStore) {
  const Threads t{{[] {
                     kLoadThenStore();
                     At(kY + 64)->store_release(1, kRelease);
                   },
                   kBuffering.body[1],
                   [] {
                     (void)At(kY + 64)->load_acquire(kAcquire);
                     g_seen[2] = At(kX)->read_once(kOnce).raw();
                   }}};
  const RunResult r = Promised(t, {Promise({0, 1}, {1, 2}, 1), {.at = {2, 2}, .kind = DecisionKind::kReadFrom}});
  EXPECT_EQ(r.ending, Ending::kFinished);
  EXPECT_EQ(r.unmet, 1u);
  EXPECT_EQ(g_seen[2], 1u);
}

// A CPU that finds something wrong goes on until it is known whether it was an execution.
TEST(Buffering, StopsWhenItIsKept) {
  const Threads t{{[] {
                     g_seen[0] = At(kX)->read_once(kOnce).raw();
                     if (g_seen[0] != 0) StopWhenKept();
                     At(kY)->write_once(1, kOnce);
                   },
                   [] {
                     const Tracked<u64> y = At(kY)->read_once(kOnce);
                     At(kX)->write_once(y, kOnce);
                     (void)At(kY)->read_once(kOnce);
                     g_seen[1] = 1;  // not reached
                   }}};
  EXPECT_EQ(Promised(t, {Promise({0, 1}, {1, 2}, 1)}).ending, Ending::kStopped);
  EXPECT_EQ(g_seen[0], 1u);
  EXPECT_EQ(g_seen[1], 99u);
  EXPECT_EQ(Promised(t, {Promise({0, 1}, {1, 9}, 1)}).ending, Ending::kUnkept);
  const Threads at_once{{[] {
    StopWhenKept();
    g_seen[0] = 1;
  }}};
  EXPECT_EQ(Promised(at_once, {}).ending, Ending::kStopped);
  EXPECT_EQ(g_seen[0], 99u);
}

}  // namespace
}  // namespace ordeal::model
