#include "stress/crew/watcher.h"

#include "run/hook_event.h"

namespace ordeal::stress {

thread_local Watching g_watching;

void Watcher::Tell(void*, const HookEvent& h) {
  Watching& w = g_watching;
  if (w.aside != nullptr) return w.aside->push_back(h);
  if (w.watch != Watch::kFull) return;
  ShadowEvent e = EventOf(h, Origin());
  e.op = w.op;
  e.object = w.object;
  // The end of an obj_cgroup concerns all CPUs: told when it happens, as its uses are.
  const bool at_once = h.kind == HookKind::kObjcgUse || h.kind == HookKind::kObjcgGone;
  w.log->Add({w.tick, e, w.allocating && !at_once});
}

}  // namespace ordeal::stress
