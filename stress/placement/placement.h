// Which PU does each thread get?
#pragma once
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "memory/order.h"
#include "stress/placement/crews.h"

namespace ordeal::stress {

struct PlacementSpec {
  Policy policy = Policy::kRotate;
  std::vector<int> list = {};  // kList alone: OS numbers
  int reserve = 0;             // usable PUs that no thread gets: the first ones, where kernels like to do their own work
  bool oversubscribe = false;  // more threads than PUs: some PUs get several. Rounds then hardly overlap
};

struct Placement {
  Policy policy = Policy::kSpread;    // what was done; never kRotate
  int crews_wanted = 0;               // as asked; 0: as many as fit
  std::vector<Crew> crews;            // at least one
  std::vector<Seat> left_free;        // usable PUs without a thread
  std::vector<std::string> left_out;  // of kRotate: policies that this machine cannot do, and why
  bool shared = false;                // a PU has more than one thread
  bool this_system = false;           // threads can really be bound so
};

// A function of its arguments. As many crews as were wanted, or as fit with each of the policy's shape. Epochs differ in who meets whom: `random`
// draws anew, `smt`, `cache`, `package` and `node` change partners within their shape (epoch 0 has the plain order), `spread` and `compact` stay.
//
// InvalidArgument for a request that no machine could serve. FailedPrecondition (exit 2) where this one cannot: more threads than usable PUs, with
// both numbers; a shape that it has not, with the reason; PUs of a list that it has not, or that may not be used.
absl::StatusOr<Placement> Place(const Topology& topology, const PlacementSpec& spec, int threads_per_crew, int crews_wanted, u64 seed, u64 epoch);

// A line that sums up, a line for each of the first `most_crews` crews with L# and P# of every thread's seat, what is left free, what was left out.
std::string PlacementText(const Placement& placement, size_t most_crews);

}  // namespace ordeal::stress
