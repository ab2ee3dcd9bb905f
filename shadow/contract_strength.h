// What do the strengths of publishes and consumes mean to the contract clock? Internal to it.
#pragma once
#include "program/program.h"

namespace ordeal::contract_detail {

// A program's messages form no circle; the events of a broken runner might.
inline constexpr int kMaxHops = kMaxOps;

inline bool IsMarked(Publish p) { return p != Publish::kPlain; }
inline bool IsMarked(Consume c) { return c != Consume::kPlain; }
inline bool Acquires(Consume c) { return c == Consume::kAcquire || c == Consume::kXchg || c == Consume::kXchgAcquire || c == Consume::kLocked; }
inline bool OneSideLocks(Publish p, Consume c) { return (p == Publish::kLocked) != (c == Consume::kLocked); }

}  // namespace ordeal::contract_detail
