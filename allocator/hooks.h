// What does an allocator tell about itself, beside doing its work?
//
// Values are stripped of tracking before the call: telling is not an access and must not create an order, a dependency or
// (on the real memory) a fence. Allocators never see what listens; run/ turns these into shadow events.
#pragma once
#include "memory/order.h"

namespace ordeal {

enum class HookKind : u8 {
  kSlabNew,     // address = first object, bytes = object size, value = number of objects: when formatted, or made of pages
  kSlabGone,    // address = first object: its pages were given back, nothing of it is in use
  kExtLookup,   // object, address = the ext record computed for it: injective over the live objects, inside the vector or object
  kCharge,      // object, address = ext, bytes charged
  kUncharge,    // object, address = ext, bytes; value = what the ext record said
  kCounter,     // quiescence: value = the page counter, bytes charged in all; with cgroups one for each: the bytes of its pages
  kHeldBack,    // quiescence: value = bytes of the cgroup's pages that no object has: a residue, or what a CPU's stock holds
  kStatistic,   // quiescence: value = bytes charged in all, by the statistic and what CPUs have not added to it yet
  kObjcgUse,    // cgroup: its obj_cgroup is about to be used
  kObjcgGone,   // cgroup: the last reference to its obj_cgroup was put
  kListed,      // quiescence: object is free, found on a list
  kSlabListed,  // quiescence: address = first object of a slab that the allocator still knows
};

struct HookEvent {
  HookKind kind;
  u8 cpu = 0;
  u16 site = 0;    // the Site that led here, 0 if none
  u8 cgroup = 0;   // who pays; 0: there are no cgroups, or (kUncharge) the record names none
  u64 object = 0;  // an address; 0: none
  u64 address = 0;
  u64 bytes = 0;
  u64 value = 0;
};

struct Hooks {
  void (*tell)(void* self, const HookEvent& event) = nullptr;
  void* self = nullptr;
  void operator()(const HookEvent& event) const {
    if (tell != nullptr) tell(self, event);
  }
};

}  // namespace ordeal
