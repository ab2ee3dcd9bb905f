// Is this thread where its placement says, and is it still there an hour later?
//
// Pinning can be undone behind a thread's back: a cpuset that shrinks moves it and leaves no error and no signal. So the mask is read back when
// it is set, and again at checkpoints; rounds that ran elsewhere do not count for their placement.
#pragma once
#include "absl/status/status.h"
#include "stress/placement/topology.h"

namespace ordeal::stress {

// Binds the calling thread to the seat's PU alone, reads the mask back and sees that it runs there. FailedPrecondition where that cannot be, and
// always on a topology that is not this system: there hwloc would say yes and do nothing.
absl::Status PinThisThread(const Topology& topology, const Seat& seat);

// Is the calling thread bound to the seat's PU alone, and was it there when it last ran? False on a topology that is not this system.
bool StillThere(const Topology& topology, const Seat& seat);

}  // namespace ordeal::stress
