// On which model does an execution run, or is it allowed? The ladder, strongest first.
//
//   sequential < SC < TSO < {ARMv8, POWER} < LKMM: whatever a rung allows, every rung right of it allows (smp_mb__before_atomic() and its
//   kin only stand where they belong, see ladder.h). ARMv8 (multi-copy atomic, RCpc acquires: LDAPR) and POWER are incomparable. ARMv8 with LDAR is beside the chain: it forbids the store buffering of a
//   release and an acquire, which x86 allows. So is RC11 (C11 as repaired by Lahav et al., PLDI 2017): it has no dependencies and no
//   load buffering. Below everything lies coherence alone: each location is in order, RMWs are atomic, nothing else holds.
#pragma once
#include <span>
#include <string_view>

#include "memory/order.h"

namespace ordeal::model {

enum class Rung : u8 { kSequential, kSc, kTso, kArmv8, kPower, kLkmm, kArmv8Ldar, kRc11, kCoherence };
inline constexpr int kRungs = 9;

// The names of flags, files and output. In the order of the enum.
inline constexpr std::string_view kRungNames[kRungs] = {"sequential", "sc", "tso", "armv8", "power", "lkmm", "armv8-ldar", "rc11", "coherence"};
constexpr std::string_view RungName(Rung r) { return kRungNames[static_cast<int>(r)]; }

// As people write it: in headlines.
inline constexpr std::string_view kRungTitles[kRungs] = {"sequential", "SC", "TSO", "ARMv8", "POWER", "LKMM", "ARMv8-LDAR", "RC11", "coherence"};
constexpr std::string_view RungTitle(Rung r) { return kRungTitles[static_cast<int>(r)]; }

// Does it allow what no interleaving gives?
constexpr bool IsWeak(Rung r) { return r != Rung::kSequential && r != Rung::kSc; }

// Is it of machines? To them all that follows a branch depends on it by control; in the source only what stands in its arms.
constexpr bool IsMachine(Rung r) { return r == Rung::kTso || r == Rung::kArmv8 || r == Rung::kArmv8Ldar || r == Rung::kPower; }

// May a load return what is stored after it (load buffering: po | rf has a cycle)?
constexpr bool BuffersLoads(Rung r) { return IsWeak(r) && r != Rung::kTso && r != Rung::kRc11; }

}  // namespace ordeal::model
