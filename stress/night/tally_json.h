// How does a tally get into a file and out again, unchanged?
#pragma once
#include <string_view>

#include "absl/status/statusor.h"
#include "stress/night/json.h"
#include "stress/night/tally.h"

namespace ordeal::stress {

// {"v":1,"scenarios":[...],"canaries":[...]}; a member is called as in tally.h.
Json TallyToJson(const NightTally& tally);

// What TallyToJson wrote, and nothing less: a missing member is an error. `what` begins the message. Unknown members are passed over.
absl::StatusOr<NightTally> TallyFromJson(const Json& json, std::string_view what);

}  // namespace ordeal::stress
