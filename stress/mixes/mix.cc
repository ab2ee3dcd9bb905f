#include "stress/mixes/mix.h"

#include "base/signals.h"
#include "stress/crew/timebase.h"
#include "stress/mixes/crew_of_mix.h"

namespace ordeal::stress {

absl::StatusOr<MixResult> RunMix(const std::string& name, const MixOptions& options) {
  Ground ground;
  const absl::StatusOr<MixAtWork> at = SetUp(name, options, ground);
  if (!at.ok()) return at.status();
  const double began = Now();
  WorkAndDrain(*at);
  at->bench->interrupted = Interrupted();
  return ResultOf(*at->bench, Now() - began);
}

}  // namespace ordeal::stress
