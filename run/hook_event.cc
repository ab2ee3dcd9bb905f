#include "run/hook_event.h"

namespace ordeal {
namespace {

EventKind KindOf(HookKind k) {
  switch (k) {
    case HookKind::kSlabNew: return EventKind::kSlabNew;
    case HookKind::kSlabGone: return EventKind::kSlabGone;
    case HookKind::kExtLookup: return EventKind::kExtLookup;
    case HookKind::kCharge: return EventKind::kCharge;
    case HookKind::kUncharge: return EventKind::kUncharge;
    case HookKind::kCounter: return EventKind::kCounter;
    case HookKind::kHeldBack: return EventKind::kHeldBack;
    case HookKind::kStatistic: return EventKind::kStatistic;
    case HookKind::kObjcgUse: return EventKind::kObjcgUse;
    case HookKind::kObjcgGone: return EventKind::kObjcgGone;
    case HookKind::kListed: return EventKind::kListed;
    case HookKind::kSlabListed: return EventKind::kSlabListed;
  }
  return EventKind::kListed;
}

}  // namespace

ShadowEvent EventOf(const HookEvent& h, u64 origin) {
  ShadowEvent e{KindOf(h.kind)};
  e.cpu = h.cpu;
  e.site = h.site;
  e.cgroup = h.cgroup;
  e.bytes = h.bytes;
  e.value = h.kind == HookKind::kExtLookup ? h.object - origin : h.value;
  const u64 address = h.kind == HookKind::kListed ? h.object : h.address;
  if (address != 0) e.offset = address - origin;
  return e;
}

}  // namespace ordeal
