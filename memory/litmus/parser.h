// What does this text say? A litmus test in C, in herd7's format and with the primitives of the kernel's linux-kernel.def.
//
// Refused with the line, what was found and what was expected: RCU and SRCU, goto and its like, whatever is not a primitive.
#pragma once
#include <string_view>

#include "absl/status/statusor.h"
#include "memory/litmus/test.h"

namespace ordeal::litmus {

// file_name is for messages only.
absl::StatusOr<Test> ParseLitmus(std::string_view text, std::string_view file_name);

}  // namespace ordeal::litmus
