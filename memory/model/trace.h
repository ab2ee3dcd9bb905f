// What happened in one execution? Every access and fence, with where it read from and what it depended on.
//
// Kept only when recording (the second run of a finding): search keeps no events. Plain data, no pointers but source_location.
#pragma once
#include <source_location>
#include <vector>

#include "memory/decision.h"
#include "memory/order.h"

namespace ordeal::model {

// kAlloc and kFree are no accesses: they mark where a user got an object and where it gave it back, for the judgement of the contract.
enum class EventType : u8 { kLoad, kStore, kRmw, kRmwFailed, kFence, kLock, kUnlock, kAlloc, kFree };

inline constexpr u32 kNoEvent = 0xffffffff;

// One access. `bytes` is 1..16; a 16-byte access is one event over two granules (of 8 bytes).
struct TraceEvent {
  EventType type;
  Order order;
  u8 cpu;
  u8 bytes;
  u16 site;
  AccessKey key;
  u32 addr;        // offset in the arena
  u64 read[2];     // value loaded, by granule, in place (shifted down to bit 0 of the access)
  u64 written[2];  // value stored
  u32 rf[2];       // by granule: the store event that is newest among those composed into the value; kNoEvent: the initial value
  u32 newest[2];   // what `rf` would be without a stale read: differs from rf where the load was stale
  std::vector<u32> addr_deps, data_deps, ctrl_deps;  // load events it depends on, direct (without carry-dep)
  bool user;                                         // an access made by the program's ops rather than inside the allocator
  u32 object;                                        // user accesses to an object: its lifetime (ObjectId); else 0
  std::source_location where;
};

struct Trace {
  std::vector<TraceEvent> events;  // in execution order; per CPU this is program order
  // Modification order of each granule (addr >> 3): store events, oldest first, the initial value left out.
  struct Location {
    u32 granule;
    std::vector<u32> stores;
  };
  std::vector<Location> locations;
  int cpus = 0;
};

}  // namespace ordeal::model
