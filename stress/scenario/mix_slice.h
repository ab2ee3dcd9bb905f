// What does a mix come to in a slice of the night? As RunSlice (slice.h).
#pragma once
#include <string>

#include "absl/status/statusor.h"
#include "stress/scenario/slice.h"

namespace ordeal::stress {

// Crews side by side, each in a process of its own. `mix`: "larson".
absl::StatusOr<SliceResult> RunMixSlice(const std::string& mix, const SliceOptions& options);

}  // namespace ordeal::stress
