// What does a thread of a mix do with the allocator? It calls it, writes stamps into what it gets, looks at what it is given and at what it frees,
// and counts.
//
// May be left at any instruction (stress/crew/escape.h): owns nothing.
#pragma once
#include "base/random.h"
#include "stress/mixes/bench.h"

namespace ordeal::stress {

class Worker {
 public:
  Worker(Bench& bench, int member);

  int member() const { return member_; }
  int threads() const { return bench_.options->threads; }
  Edge edge() const { return bench_.edge; }
  Rng& rng() { return rng_; }

  // False: the mix is over, or this thread's shift.
  bool GoOn() const { return !bench_.stop.load(std::memory_order_relaxed) && done_ < shift_end_; }
  // One turn of waiting for another thread.
  void Pause();

  // A block with this worker's stamps; start == nullptr: it was refused, or it is wrong. size >= 1.
  Block Allocate(u64 size);
  Block AllocateZeroed(u64 size);
  // Rounds the size up to a multiple of the alignment, as C wants it.
  Block AllocateAligned(u64 alignment, u64 size);
  void Reallocate(Block* block, u64 size);

  // Of a block that came from another thread: looks at it, and writes this worker's stamps. False: it is wrong.
  bool Use(Block* block);
  // Looks at it and frees it; nothing where start is null.
  void Free(Block* block);

  // The first thing that goes wrong ends the mix, but for kMisaligned. Printf's format.
  [[gnu::format(printf, 3, 4)]] void Wrong(const char* outcome, const char* format, ...);
  static constexpr const char* kMisaligned = "misaligned";

 private:
  Member& self() { return bench_.members[member_]; }
  Block Take(const char* call, void* start, u64 size, u64 alignment);
  bool Intact(const Block& block, u64 bytes, const char* when);
  void Stamp(Block* block);
  void Op();
  void EndRound();
  void Look();

  Bench& bench_;
  const MallocFamily& call_;
  const int member_;
  const u64 number_;
  Rng rng_;
  u64 sequence_ = 0, done_, shift_end_, turns_ = 0;
  u64 seen_[kMostMixThreads] = {};  // ops of the others, when the round began
  // Since the last look.
  u64 rounds_ = 0;
  double wall_, processor_;
  u64 looks_ = 0, rounds_unpinned_ = 0;
};

}  // namespace ordeal::stress
