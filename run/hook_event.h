// What does the shadow hear when an allocator tells something?
#pragma once
#include "allocator/hooks.h"
#include "shadow/event.h"

namespace ordeal {

// Addresses become offsets from `origin`; who it was, in which op and with which object, is the caller's to add.
ShadowEvent EventOf(const HookEvent& h, u64 origin);

}  // namespace ordeal
