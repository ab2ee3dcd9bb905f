// Where did an exhaustive search stop, as one word of a command line?
//
//   BOUND:COUNTED:FLAGS:ANSWERS:ROUND:LONGEST:ATOMS:VALUES     8:4:1:0.2.1:0:6:200/ff.400/ff:0/1/2a/1
//
// Flags are bits; the answers are decimal, apart by '.'; an atom is granule/bytes, a value atom/cpu/value/round, all in hexadecimal.
#pragma once
#include <string>

#include "absl/status/statusor.h"
#include "memory/litmus/run.h"

namespace ordeal::litmus {

std::string RestText(const Rest& rest);

// An error: one line, on how it should look. Whether a test has such a place only a search can say (RunReport::no_such_place).
absl::StatusOr<Rest> ParseRest(const std::string& text);

}  // namespace ordeal::litmus
