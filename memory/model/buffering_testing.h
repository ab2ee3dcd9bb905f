// How does a test promise a load what a later store brings?
#pragma once
#include <algorithm>
#include <iterator>

#include "memory/model/buffering.h"
#include "memory/model/engine_testing.h"

namespace ordeal::model {

inline constexpr u64 kX = 4096, kY = 4160;

inline constexpr Thread kLoadThenStore = [] {
  g_seen[0] = At(kX)->read_once(kOnce).raw();
  At(kY)->write_once(1, kOnce);
};
// Load buffering: both may see the other's store, as long as one of them does not depend on its load.
inline const Threads kBuffering{{kLoadThenStore, [] {
                                   const Tracked<u64> y = At(kY)->read_once(kOnce);
                                   g_seen[1] = y.raw();
                                   At(kX)->write_once(y, kOnce);
                                 }}};

// One CPU after the other.
inline Decisions InTurn(const Threads& t) {
  const Decisions nothing;
  RunOptions o;
  o.replay = &nothing;
  o.record = true;
  std::fill(std::begin(g_seen), std::end(g_seen), 99);
  t.Run(o);
  return PromisesIn(RecordedTrace(), 100);
}

inline RunResult Promised(const Threads& t, const Decisions& decisions) {
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

inline Decision Promise(AccessKey at, AccessKey store, u64 value) {
  return {.at = at, .kind = DecisionKind::kPromise, .store = store, .value = value};
}

}  // namespace ordeal::model
