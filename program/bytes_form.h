// The constants that both sides of bytes.h share.
#pragma once
#include "memory/order.h"

namespace ordeal {

inline constexpr char kMagic[] = {'O', 'R', 'D', 1};  // the last one is the version
inline constexpr u8 kCharged = 1 << 6;
inline constexpr u8 kHasId = 1 << 7;
inline constexpr u8 kInit = 1 << 7;
inline constexpr u8 kMoreGeometry = 1 << 7;

}  // namespace ordeal
