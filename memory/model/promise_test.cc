// Which store keeps a promise, and what becomes of an execution in which none does?
#include "memory/model/buffering_testing.h"

namespace ordeal::model {
namespace {

TEST(Promises, AnRmwKeepsItToo) {
  const Threads t{{kLoadThenStore, [] {
                     (void)At(kY)->read_once(kOnce);
                     (void)At(kX)->xchg(3, kOnce);
                   }}};
  const Decisions found = InTurn(t);
  ASSERT_EQ(found, (Decisions{Promise({0, 1}, {1, 2}, 3)}));
  EXPECT_EQ(Promised(t, found).ending, Ending::kFinished);
  EXPECT_EQ(g_seen[0], 3u);
}

TEST(Promises, WhatNobodyStoresIsNoExecution) {
  EXPECT_EQ(Promised(kBuffering, {Promise({0, 1}, {1, 2}, 8)}).ending, Ending::kUnkept) << "another value";
  EXPECT_EQ(Promised(kBuffering, {Promise({0, 1}, {1, 9}, 1)}).ending, Ending::kUnkept) << "no such store";
  EXPECT_EQ(Promised(kBuffering, {Promise({0, 1}, {0, 2}, 1)}).ending, Ending::kUnkept) << "a store to another place";
  const RunResult none = Promised(kBuffering, {Promise({0, 7}, {1, 2}, 1)});
  EXPECT_EQ(none.ending, Ending::kFinished) << "no such load";
  EXPECT_EQ(none.unmet, 1u);
}

TEST(Promises, OnlyTheStoreThatWasNamedKeepsIt) {
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

TEST(Promises, ALoadThatHappensBeforeTheStoreCannotReadIt) {
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
TEST(Promises, TheLoadHasReadTheStore) {
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
TEST(Promises, StopsWhenItIsKept) {
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

// A file may ask for as many as there can be decisions.
TEST(Promises, MoreThanThereIsRoomForAreReads) {
  const Threads t{{[] {
    for (int i = 0; i < 100; ++i) (void)At(kX)->read_once(kOnce);
  }}};
  Decisions many;
  for (u16 k = 1; k <= 100; ++k) many.push_back(Promise({0, k}, {1, 1}, 1));
  const RunResult r = Promised(t, many);
  EXPECT_EQ(r.ending, Ending::kUnkept);
  EXPECT_EQ(r.promised, 64u);
  EXPECT_EQ(r.unmet, 36u);
}

}  // namespace
}  // namespace ordeal::model
