// How are many numbers of processors written in little room? As taskset and the kernel write them: "0-7,64-71,80-94:2".
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace ordeal::stress {

// In the order given: "8,0-2" is 8 0 1 2. "FROM-TO:STEP" takes every STEP-th. InvalidArgument of one line for anything else, the empty list,
// and numbers beyond kHighestCpu.
absl::StatusOr<std::vector<int>> ParseCpuList(std::string_view text);
inline constexpr int kHighestCpu = 1 << 20;

// Of rising numbers; ParseCpuList reads it back. "none" if there are none.
std::string CpuListText(const std::vector<int>& rising);

}  // namespace ordeal::stress
