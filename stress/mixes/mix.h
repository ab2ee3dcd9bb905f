// Does a real allocator keep its promises while threads hand blocks to each other, for hours? Mixes: kinds of work that are known to strain
// allocators, done by a crew of threads that look at every block they get.
//
// What is asked of every block: it is nobody else's, it is aligned and as large as was asked for, calloc's is zero, realloc's keeps its contents, and
// what its holders wrote stays until they free it. stamp.h says how that is seen without adding order.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "stress/mixes/malloc_family.h"
#include "stress/night/tally.h"

namespace ordeal::stress {

struct MixInfo {
  std::string_view name, what;
};
// "producer_consumer", "xmalloc", "larson", "mstress", "mstress_full".
const std::vector<MixInfo>& Mixes();

inline constexpr int kMostMixThreads = 64;
inline constexpr u64 kOpsOfARound = 64;  // of each thread

struct MixOptions {
  int threads = 2;
  double seconds = 1;    // ends with them ...
  u64 rounds = ~u64{0};  // ... or with these rounds of each thread; and when Interrupted() (base/signals.h)
  u64 seed = 1;
  MallocFamily family = ProcessMalloc();
  std::function<absl::Status(int thread)> pin;  // called first by each thread that takes this place; null: the kernel places them
  std::function<bool(int thread)> still_there;  // called by each now and then; null: it is
  double stuck_seconds = 60;                    // RunMixesApart: without an op of any thread
};

struct MixResult {
  // An op is one call of the allocator. Overlapped: rounds during which another thread got on. Undecided: the run ended without a word about the
  // allocator.
  Meters meters;
  u64 allocations = 0, frees = 0;
  u64 refused = 0;  // allocations that gave null
  // What went wrong first; empty: nothing. A violation's name, or
  //   "misaligned": a block that does not begin where it must; the mix goes on, and anything else comes before it,
  //   "abort": the allocator itself ended the process, as it does when it finds its own records wrong.
  std::string outcome;
  std::string text;  // line by line
  bool interrupted = false;
};

// With threads of this process: InstallEscape() first. What a fault leaves of the allocator is anybody's guess: for tests, with allocators of their
// own. InvalidArgument or NotFound: options. What `pin` said. ResourceExhausted: most allocations were refused.
absl::StatusOr<MixResult> RunMix(const std::string& name, const MixOptions& options);

// At the same time, and each in a process of its own: a fault, an abort or a lock that is never given back ends that process, and this one goes on.
// To be called while no other thread of this process is inside the allocator.
absl::StatusOr<std::vector<MixResult>> RunMixesApart(const std::string& name, const std::vector<MixOptions>& options);

}  // namespace ordeal::stress
