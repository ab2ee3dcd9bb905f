// What do the mixes do? Each a way in which blocks are allocated by one thread and freed by another; written from what is known to strain allocators.
#pragma once
#include "stress/mixes/worker.h"

namespace ordeal::stress {

// Made on Ground, and never destroyed: a thread may leave Work at any instruction.
class Mix {
 public:
  // Of each worker, at the same time, until !w.GoOn(). What it holds then stays where the next worker of its place, or Drain, finds it.
  virtual void Work(Worker& w) = 0;
  // When all have come back: frees everything.
  virtual void Drain(Worker& w) = 0;

 protected:
  ~Mix() = default;
};

// Half of the threads allocate, half free: whole caches of free blocks travel one way.
Mix* MakeProducerConsumer(Ground& ground, int threads);
// Batches: what one thread allocated in a row, another frees in a row.
Mix* MakeXmalloc(Ground& ground, int threads);
// Random replacement in windows of slots, which outlive the thread: it ends, and its heap is left to others with all its blocks in use.
Mix* MakeLarson(Ground& ground, int threads);
inline constexpr u64 kOpsOfALarsonThread = 20'000;
// Sizes of all magnitudes, every function of the family, shelves of blocks that change hands.
Mix* MakeMstress(Ground& ground, int threads);

// Mostly small, with a tail: what programs ask for.
inline u64 UsualSize(Rng& rng) {
  const u64 most = rng.Percent(80) ? 128 : rng.Percent(90) ? 2048 : 32768;
  return rng.Between(1, most);
}

}  // namespace ordeal::stress
