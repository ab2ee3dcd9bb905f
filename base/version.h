// Which Ordeal is this? What files and reports say; a checkout's commit is told by who has one.
#pragma once

namespace ordeal {

inline constexpr const char* kVersion = "0.1";

}  // namespace ordeal
