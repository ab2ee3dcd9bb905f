#include "stress/crew/round_judge.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "program/text.h"
#include "run/hook_event.h"
#include "stress/crew/escape.h"
#include "stress/crew/timebase.h"

namespace ordeal::stress {
namespace {

RoundOutcome Undecided() {
  RoundOutcome o;
  o.name = "undecided";
  o.undecided = true;
  return o;
}

const char* KindName(EventKind k) {
  switch (k) {
    case EventKind::kAlloc: return "alloc";
    case EventKind::kFree: return "free";
    case EventKind::kFreed: return "freed";
    case EventKind::kPublish: return "publish";
    case EventKind::kConsume: return "consume";
    case EventKind::kPut: return "put";
    case EventKind::kLastPut: return "last put";
    case EventKind::kNext: return "next";
    case EventKind::kTouch: return "touch";
    case EventKind::kCachePut: return "put of the cache";
    case EventKind::kCacheEnd: return "end of the cache";
    case EventKind::kSlabNew: return "new slab";
    case EventKind::kSlabGone: return "slab gone";
    case EventKind::kExtLookup: return "record of";
    case EventKind::kCharge: return "charge";
    case EventKind::kUncharge: return "uncharge";
    case EventKind::kObjcgUse: return "use of objcg";
    case EventKind::kObjcgGone: return "end of objcg";
    default: return "";
  }
}

std::string Line(const Logged& l, int cpu, u64 first) {
  const double ns = static_cast<double>(l.tick - first) * 1e9 / TicksPerSecond();
  std::string s = absl::StrFormat("%8.0f ns  cpu %d  op %-3d %s", ns, cpu, l.e.op, KindName(l.e.kind));
  if (l.e.object != 0) absl::StrAppend(&s, " object ", l.e.object);
  if (l.e.offset != 0) absl::StrAppend(&s, " at 0x", absl::Hex(l.e.offset));
  if (l.e.bytes != 0) absl::StrAppend(&s, ", ", l.e.bytes, " bytes");
  if (l.e.kind == EventKind::kTouch) absl::StrAppend(&s, ".", l.e.a, l.e.b != 0 ? " := 0x" : " = 0x", absl::Hex(l.e.value));
  if (l.e.kind == EventKind::kConsume && l.e.message == 0) s += " nothing";
  return s;
}

}  // namespace

RoundOutcome RoundJudge::Judge(const std::vector<Log>& logs, u32 cell, std::span<const ShadowEvent> format_events, const AtRest& at_rest,
                               u64 origin) {
  if (watch_ == Watch::kNothing) return {};
  cpus_.resize(logs.size());
  for (size_t cpu = 0; cpu < logs.size(); ++cpu) {
    if (logs[cpu].full() || logs[cpu].left(cell) < 0) return Undecided();
    const std::span<const Logged> events = logs[cpu].Of(cell);
    cpus_[cpu].assign(events.begin(), events.end());
  }
  const bool understood = Understand(cpus_);
  const Sense sense = orders_.Find(program_.geometry, format_events, cpus_);
  if (sense == Sense::kUndecided) return Undecided();
  if (sense == Sense::kFine) {
    if (!understood) shadow_.On({.kind = EventKind::kWildAccess});
    else AtTheEnd(logs, cell, at_rest, origin);
  }
  RoundOutcome o;
  o.contract_broken = std::ranges::any_of(shadow_.reports(), [](const Report& r) { return r.violation == Violation::kContract; });
  const Report* effect = shadow_.first_effect();
  if (effect == nullptr) return o;
  o.wrong = true;
  o.name = ViolationName(effect->violation);
  o.text = Text();
  return o;
}

// What all come to together does not depend on the order.
void RoundJudge::AtTheEnd(const std::vector<Log>& logs, u32 cell, const AtRest& at_rest, u64 origin) {
  bool all_back = true;
  for (size_t cpu = 0; cpu < logs.size(); ++cpu) {
    if (logs[cpu].left(cell) == 0) continue;
    all_back = false;
    ShadowEvent e{};
    e.kind = logs[cpu].left(cell) == static_cast<int>(Left::kFault) ? EventKind::kWildAccess : EventKind::kLivelock;
    e.cpu = static_cast<u8>(cpu);
    e.op = cpus_[cpu].empty() ? u16{0} : cpus_[cpu].back().e.op;
    e.value = logs[cpu].fault(cell);
    shadow_.On(e);
  }
  if (!all_back || watch_ != Watch::kFull) return;
  told_.clear();
  const bool walked = at_rest(&told_);
  for (const HookEvent& h : told_) shadow_.On(EventOf(h, origin));
  if (!walked) shadow_.On({.kind = EventKind::kWildAccess});
  shadow_.Finish(walked);
}

// One line an event, as the clocks order them.
std::string RoundJudge::Text() const {
  struct At {
    u64 tick;
    size_t cpu, i;
    auto operator<=>(const At&) const = default;
  };
  std::vector<At> all;
  for (size_t cpu = 0; cpu < cpus_.size(); ++cpu)
    for (size_t i = 0; i < cpus_[cpu].size(); ++i) all.push_back({cpus_[cpu][i].tick, cpu, i});
  std::ranges::sort(all);
  std::string s;
  for (const Report& r : shadow_.reports()) absl::StrAppend(&s, Describe(r), "\n");
  for (const At& a : all) absl::StrAppend(&s, "  ", Line(cpus_[a.cpu][a.i], static_cast<int>(a.cpu), all[0].tick), "\n");
  return s;
}

}  // namespace ordeal::stress
