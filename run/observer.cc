#include "run/observer.h"

#include <algorithm>

#include "base/check.h"
#include "run/hook_event.h"

namespace ordeal {

void Observer::Begin() {
  for (Cpu& c : cpu_) c = Cpu();
  next_object_ = 1;
  stopping_ = unjudged_ = false;
  std::ranges::fill(object_of_, 0);
}

void Observer::StartFormat() {
  formatting_ = true;
  format_events_.clear();
}

ObjectId Observer::NewObject(int cpu) {
  cpu_[cpu].allocating = true;
  cpu_[cpu].held = 0;
  return next_object_++;
}

void Observer::InAllocator(bool inside, ObjectId object) {
  Cpu& c = cpu_[model::CurrentCpu()];
  c.object = inside ? object : 0;
  model::SetUser(!inside, inside ? 0 : object);
}

void Observer::Pass(const ShadowEvent& e) {
  // The first effect ends the execution, at once or when its promises are kept: what follows it would be consequences.
  if (stopping_) return shadow_.Listen(e);
  if (shadow_.On(e) && model::InRun()) WrongAt(IsEvidence(e));
}

void Observer::WrongAt(bool evidence) {
  unjudged_ = !evidence;
  stopping_ = true;
  model::StopWhenKept();
}

ObjectId Observer::ObjectOf(MessageId m) {
  const ObjectId object = m < kMaxMessages ? object_of_[m] : 0;
  const model::OpenPromises open = model::PromisesOpen();
  if (object == 0 && !stopping_ && (open.last || open.others)) WrongAt(false);
  return object;
}

// Where a promise is open only this is: the promised load itself returns what the object that it reads does not hold.
bool Observer::IsEvidence(const ShadowEvent& e) const {
  const model::OpenPromises open = model::PromisesOpen();
  if (open.others) return false;
  return !open.last || (e.kind == EventKind::kTouch && shadow_.first_effect()->violation == Violation::kStaleContents);
}

void Observer::Emit(const ShadowEvent& e) {
  Pass(e);
  if (e.kind != EventKind::kAlloc) return;
  Cpu& c = cpu_[e.cpu];
  c.allocating = false;
  for (int i = 0; i < c.held; ++i) {
    ShadowEvent late = c.hold[i];
    late.object = e.object;
    Pass(late);
  }
  c.held = 0;
}

void Observer::On(const HookEvent& h) {
  ShadowEvent e = EventOf(h, model::kArenaBase);
  if (formatting_) {
    format_events_.push_back(e);
    return;
  }
  if (!model::InRun()) {  // quiescence
    shadow_.On(e);
    return;
  }
  Cpu& c = cpu_[model::CurrentCpu()];
  e.cpu = static_cast<u8>(model::CurrentCpu());  // the task: it may be on another CPU
  e.op = c.op;
  e.object = c.object;
  // What concerns all CPUs, or an interrupt of this one: kept back, a use of an obj_cgroup from before its end would seem to come after it, and a slab
  // to be made where an object of it is live by now.
  const bool at_once =
      h.kind == HookKind::kObjcgUse || h.kind == HookKind::kObjcgGone || h.kind == HookKind::kSlabNew || h.kind == HookKind::kSlabGone;
  if (!c.allocating || at_once) return Pass(e);
  ORDEAL_CHECK(c.held < kMaxHeld, "an allocation told more than the observer can hold");
  c.hold[c.held++] = e;
}

}  // namespace ordeal
