#include "finding/event_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "memory/site.h"
#include "program/text.h"

namespace ordeal {

using model::EventType;
using model::TraceEvent;

std::string KeyName(AccessKey k) { return k.op == kInitOp ? "init" : absl::StrCat(k.op, ".", k.k); }

namespace {

const char* TypeName(const TraceEvent& e) {
  switch (e.type) {
    case EventType::kLoad: return "load";
    case EventType::kStore: return "store";
    case EventType::kRmw: return "rmw";
    case EventType::kRmwFailed: return "cmpxchg failed";
    case EventType::kFence: return "fence";
    case EventType::kLock: return "lock";
    case EventType::kUnlock: return "unlock";
    case EventType::kAlloc:
    case EventType::kFree: return "";
  }
  return "?";
}

}  // namespace

std::string PlaceName(const TraceEvent& e) {
  if (e.user && e.object != 0) return absl::StrFormat("object%d[%#x]", e.object, e.addr);
  const SiteInfo* s = FindSite(e.site);
  if (s != nullptr) return absl::StrCat(s->table, ".", s->name);
  return absl::StrFormat("[%#x]", e.addr);
}

bool IsStale(const TraceEvent& e) {
  return (e.type == EventType::kLoad || e.type == EventType::kRmwFailed) && (e.rf[0] != e.newest[0] || e.rf[1] != e.newest[1]);
}

std::string EventText(const TraceEvent& e) {
  if (e.type == EventType::kFence) return absl::StrCat("smp_", OrderName(e.order), "()");
  std::string text = absl::StrCat(TypeName(e), " ", PlaceName(e));
  if (e.type != EventType::kLock && e.type != EventType::kUnlock) absl::StrAppend(&text, " ", OrderName(e.order));
  if (e.type == EventType::kLoad || e.type == EventType::kRmwFailed) absl::StrAppendFormat(&text, " = %#x", e.read[0]);
  if (e.type == EventType::kStore) absl::StrAppendFormat(&text, " := %#x", e.written[0]);
  if (e.type == EventType::kRmw) absl::StrAppendFormat(&text, " %#x -> %#x", e.read[0], e.written[0]);
  // The program's text says what was meant; a planted bug makes something else of it.
  const SiteInfo* site = FindSite(e.site);
  if (site != nullptr && site->order != e.order && e.type != EventType::kRmwFailed)
    absl::StrAppend(&text, "  (", OrderName(site->order), " left out)");
  return text;
}

std::string StoreName(const model::Trace& t, u32 event) {
  if (event == model::kNoEvent) return "the initial value";
  const TraceEvent& e = t.events[event];
  return absl::StrFormat("%s (cpu %d, %s = %#x)", KeyName(e.key), e.cpu, PlaceName(e), e.written[0]);
}

std::string WhereText(const TraceEvent& e) { return absl::StrCat(e.where.file_name(), ":", e.where.line()); }

std::string OpLine(const Reproducer& r, u16 op) {
  for (const Op& o : r.program.ops)
    if (o.id == op) return FormatOp(o);
  return "";
}

}  // namespace ordeal
