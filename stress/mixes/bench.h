// What do the threads of a mix share, beside the blocks? Where each writes what it did, and a flag that says stop. On Ground, so that a parent
// process reads it when they are gone.
#pragma once
#include <atomic>

#include <sys/syscall.h>
#include <unistd.h>

#include "stress/mixes/ground.h"
#include "stress/mixes/handover.h"
#include "stress/mixes/mix.h"

namespace ordeal::stress {

struct WrongThing {
  u64 ticks = 0;
  char outcome[32] = "";  // empty: nothing went wrong
  char text[992] = "";
};

// A place in the crew: one thread at a time works there.
struct alignas(256) Member {
  // Ops. Written by the member, read by the others once a round to see whether it gets on: relaxed, it orders nothing.
  std::atomic<u64> done = 0;
  // For who watches from outside: turns of waiting for another thread, which is no hang; and the kernel's number of the thread that works here, or
  // begins or ends it, 0 when there is none any more.
  std::atomic<u64> turns = 0;
  std::atomic<int> thread = 0;
  alignas(256) u64 rounds = 0;
  u64 overlapped = 0, drifted = 0, starved = 0;
  u64 allocations = 0, frees = 0, remote_frees = 0, refused = 0;
  WrongThing wrong;
  WrongThing misaligned;  // which breaks nothing else: the mix goes on, and finds what more there is
  int pin_code = 0;       // of an absl::Status
  char pin_message[256] = "";
};

inline int ThisThread() { return static_cast<int>(syscall(SYS_gettid)); }

struct Bench {
  const MixOptions* options = nullptr;
  Edge edge = Edge::kContract;
  double end = 0;                // Now() when it is over
  u64 ops_of_a_shift = ~u64{0};  // after so many a member's thread ends, and another one takes its place
  Member* members = nullptr;
  std::atomic<bool> stop = false;  // relaxed: what the threads leave is read when they are joined
  std::atomic<u64> workers = 0;    // numbers given out
  std::atomic<int> begun = 0;      // members whose first worker is where it was pinned
  bool interrupted = false;        // the waiting thread's
};

}  // namespace ordeal::stress
