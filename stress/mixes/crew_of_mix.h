// How is a mix set up, worked and summed up? What RunMix and RunMixesApart have in common.
#pragma once
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "stress/mixes/mixes.h"

namespace ordeal::stress {

struct MixAtWork {
  Bench* bench;
  Mix* mix;
};

// On `ground`; the clock runs from now on. InvalidArgument, NotFound.
absl::StatusOr<MixAtWork> SetUp(const std::string& name, const MixOptions& options, Ground& ground);

// All threads, to the end; then what is left is freed by this one.
void WorkAndDrain(MixAtWork at);

// What the threads have left on the bench.
absl::StatusOr<MixResult> ResultOf(const Bench& bench, double seconds);

}  // namespace ordeal::stress
