// What is one access of an execution called, in reports, graphs and traces? The same words everywhere.
#pragma once
#include <string>

#include "memory/model/trace.h"
#include "program/reproducer.h"

namespace ordeal {

std::string KeyName(AccessKey key);                           // "4.1", or "init"
std::string PlaceName(const model::TraceEvent& e);            // "object1[0x100008]", the Site's "slub.remote_push", or "[0x40]"
std::string EventText(const model::TraceEvent& e);            // "load user.consume_acquire acquire = 0x3000040100000"
std::string StoreName(const model::Trace& trace, u32 event);  // "1.1 (cpu 0, object1[0x100008] = 0x2)"; kNoEvent: the initial value
std::string WhereText(const model::TraceEvent& e);            // "run/interpreter.h:124"
std::string OpLine(const Reproducer& r, u16 op);              // "op 4 cpu 1 read a.1"; "" if there is none

inline bool IsAccess(const model::TraceEvent& e) {
  return e.type != model::EventType::kFence && e.type != model::EventType::kAlloc && e.type != model::EventType::kFree;
}
// It takes a value that it tells; a lock's is known.
inline bool Reads(const model::TraceEvent& e) {
  return e.type == model::EventType::kLoad || e.type == model::EventType::kRmw || e.type == model::EventType::kRmwFailed;
}
inline bool Writes(const model::TraceEvent& e) {
  return e.type == model::EventType::kStore || e.type == model::EventType::kRmw || e.type == model::EventType::kLock ||
         e.type == model::EventType::kUnlock;
}
// Did the load read something else than the newest store?
bool IsStale(const model::TraceEvent& e);
// Is what the load (the event `id`) reads stored after it? Load buffering.
inline bool IsBuffered(const model::TraceEvent& e, u32 id) { return e.type == model::EventType::kLoad && e.rf[0] != model::kNoEvent && e.rf[0] > id; }

}  // namespace ordeal
