// The constants that both sides of bytes.h share.
#pragma once
#include "memory/order.h"

namespace ordeal {

inline constexpr char kMagic[] = {'O', 'R', 'D', 1};  // the last one is the version
inline constexpr unsigned kMoreKinds = 7;             // in the three bits of a kind: it follows, less 7
inline constexpr unsigned kInterrupt = 0x80;          // there, with the kind as a whole: an interrupt, and its access follows
inline constexpr u8 kCharged = 1 << 6;
inline constexpr u8 kCounted = 1 << 7;  // in the operands of an alloc
inline constexpr u8 kLater = 1 << 7;    // in those of a free
inline constexpr u8 kHasId = 1 << 7;
inline constexpr u8 kInit = 1 << 7;
inline constexpr u8 kMoreGeometry = 1 << 7;

}  // namespace ordeal
