// What is the shadow told? It never sees a pointer, a Word or an allocator type: objects and slabs are numbers, places are
// offsets in the arena, values are tokens that the program chose. So it judges any allocator on any memory.
#pragma once
#include "memory/order.h"

namespace ordeal {

using ObjectId = u32;   // one lifetime: a new number at each alloc, from 1; 0 none
using MessageId = u32;  // one publish; travels inside the published value, so reads-from is known on any memory

enum class EventKind : u8 {
  // From the interpreter of the program, on any memory.
  kAlloc,     // object, offset, bytes usable by the user; offset 0: refused (and object 0)
  kFree,      // object, offset; before the allocator is entered. message: by which the register got it (0: not told, or no message)
  kFreed,     // object; after it returned
  kPublish,   // object, message, strength in a (a Publish); b: the message by which the publisher had it (0: as in kFree). Before it is seen
  kConsume,   // object, message (0: the slot was empty), strength in a (a Consume)
  kPut,       // object: a reference is given back, by a decrement of the strength in a (a Publish); message as in kFree; value: the bit of this put.
              // Before it is seen
  kLastPut,   // object: that was the last one, told by an access of the strength in a (a Consume), which has seen the puts in value; kFree follows
  kCachePut,  // this CPU uses the cache no more, by a decrement of the strength in a (a Publish). Before it is seen
  kCacheEnd,  // nobody does, told by an access of the strength in a (a Consume): what the allocator gives up follows
  kNext,      // object: who makes a list longer loads its link, before the kPublish of the next object
  kTouch,     // object, field in a, is_write in b, token in value: written or seen
  // From the allocator's hooks, on any memory.
  kSlabNew,     // offset of the first object, bytes = object size, value = objects
  kSlabGone,    // offset of the first object: its pages were given back
  kExtLookup,   // object (0 if not live), offset = the ext record computed for it, value = offset of the object, bytes of the record (0: 8)
  kCharge,      // object, offset = ext, bytes
  kUncharge,    // object, offset = ext, bytes, value = what the record said
  kCounter,     // quiescence: value = the page counter in bytes; with cgroups one of each cgroup
  kHeldBack,    // quiescence: value = bytes of the cgroup's page counter that no object has: stocks, residue; before its kCounter
  kStatistic,   // quiescence: value = bytes charged in all, by the statistic
  kObjcgUse,    // the obj_cgroup of the cgroup is about to be used
  kObjcgGone,   // the last reference to it was put
  kListed,      // quiescence: offset of an object that is free
  kSlabListed,  // quiescence: offset of the first object of a slab
  // From the engine, on the modelled memory only.
  kRace,  // offset, bytes; a, b: ops of the two accesses; value: their Sites (first << 16 | second)
  kDeadlock,
  kLivelock,
  kWildAccess,  // value = the address
};

struct ShadowEvent {
  EventKind kind;
  u8 cpu = 0;
  u16 op = 0;
  u16 site = 0;
  u8 cgroup = 0;  // kCharge to kObjcgGone; 0: there are no cgroups, or none has this number
  ObjectId object = 0;
  MessageId message = 0;
  u32 a = 0, b = 0;
  u64 bytes = 0;
  u64 offset = 0;
  u64 value = 0;
};

}  // namespace ordeal
