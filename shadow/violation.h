// What can go wrong? One enum of all symptoms; each has a page in docs/violations/.
#pragma once
#include "memory/order.h"

namespace ordeal {

enum class Violation : u8 {
  kNone,
  kOverlap,          // an object was handed out while a live one covers the same bytes
  kDoubleFree,       // free of an object that is free
  kUseAfterFree,     // an access to an object that is free, through a pointer of its old life
  kStaleContents,    // a read returned something else than the newest write of this lifetime
  kMetadataAddress,  // two live objects have one accounting record, or a record lies outside its vector
  kLedger,           // charged and uncharged bytes do not balance
  kLostObject,       // at quiescence an object is neither live nor on a list
  kLostSlab,         // at quiescence a slab is not known to its allocator any more
  kWildAccess,       // an access outside the arena
  kDeadlock,         // every CPU waits for a lock
  kLivelock,         // the step budget ended
  kRace,             // a data race by the LKMM's definition
  kContract,         // an access to an object does not happen before its free through edges that the users made
  kObjcgUse,         // an obj_cgroup was used after the last reference to it was put
};
inline constexpr int kViolations = 15;

constexpr const char* ViolationName(Violation v) {
  constexpr const char* kNames[kViolations] = {
      "none",      "overlap",     "double-free", "use-after-free", "stale-contents", "metadata-address", "charge-ledger",      "lost-object",
      "lost-slab", "wild-access", "deadlock",    "livelock",       "data-race",      "contract",         "objcg-use-after-put"};
  return kNames[static_cast<int>(v)];
}

// An effect is something that went wrong; a race or a broken contract is a finding even where nothing did.
constexpr bool IsEffect(Violation v) { return v != Violation::kNone && v != Violation::kRace && v != Violation::kContract; }

}  // namespace ordeal
