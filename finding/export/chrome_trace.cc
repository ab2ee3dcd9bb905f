#include "finding/export/chrome_trace.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "finding/event_text.h"
#include "finding/export/json_text.h"
#include "finding/export/shared_places.h"

namespace ordeal {

using model::EventType;
using model::kNoEvent;
using model::TraceEvent;

namespace {

// An access has kStep microseconds; its slice leaves one free at either end, so that it lies inside its op's.
constexpr u64 kStep = 10;

bool IsMark(const TraceEvent& e) { return e.type == EventType::kAlloc || e.type == EventType::kFree; }

std::string ValueText(const u64 (&value)[2], u8 bytes) {
  return bytes == 16 ? absl::StrFormat("%#x, %#x", value[0], value[1]) : absl::StrFormat("%#x", value[0]);
}

class TraceWriter {
 public:
  explicit TraceWriter(const Finding& f) : f_(f), events_(f.trace.events) {
    u64 position = 0;
    for (const TraceEvent& e : events_) {
      start_.push_back(position);
      if (!IsMark(e)) position += kStep;
    }
    end_ = position;
  }

  std::string Write() {
    NameTracks();
    for (int cpu = 0; cpu < f_.trace.cpus; ++cpu) Slices(static_cast<u8>(cpu));
    for (u32 id = 0; id < events_.size(); ++id) Arrows(id);
    if (f_.verdict.effect) Effect(*f_.verdict.effect);
    return absl::StrCat(JsonObject().Text("displayTimeUnit", "ns").Json("traceEvents", JsonArray(out_)).Close(), "\n");
  }

 private:
  // `phase` is the format's: M metadata, X slice, s and f the two ends of an arrow, i instant.
  static JsonObject Event(const char* phase, std::string_view name, int cpu) {
    JsonObject o;
    o.Text("ph", phase).Text("name", name).Number("pid", 1).Number("tid", static_cast<u64>(cpu) + 1);  // tid 0 is the idle task's
    return o;
  }
  void Put(const JsonObject& o) { out_.push_back(o.Close()); }

  void NameTracks() {
    const std::string title = absl::StrCat("Ordeal: ", f_.verdict.headline, ", owner ", OwnerName(f_.verdict.owner));
    Put(Event("M", "process_name", 0).Json("args", JsonObject().Text("name", title).Close()));
    for (int cpu = 0; cpu < f_.trace.cpus; ++cpu) {
      Put(Event("M", "thread_name", cpu).Json("args", JsonObject().Text("name", absl::StrCat("cpu ", cpu)).Close()));
      Put(Event("M", "thread_sort_index", cpu).Json("args", JsonObject().Number("sort_index", static_cast<u64>(cpu)).Close()));
    }
  }

  // Other CPUs may have run in between: an op's slice goes from its first access to its last.
  void Slices(u8 cpu) {
    std::vector<u32> op;
    for (u32 id = 0; id < events_.size(); ++id) {
      if (events_[id].cpu != cpu || IsMark(events_[id])) continue;
      if (!op.empty() && events_[op.front()].key.op != events_[id].key.op) {
        OpSlices(op);
        op.clear();
      }
      op.push_back(id);
    }
    if (!op.empty()) OpSlices(op);
  }

  void OpSlices(const std::vector<u32>& accesses) {
    const TraceEvent& first = events_[accesses.front()];
    const std::string line = OpLine(f_.reproducer, first.key.op);
    const u64 start = start_[accesses.front()];
    Put(Event("X", line.empty() ? KeyName(first.key) : line, first.cpu)
            .Text("cat", "op")
            .Number("ts", start)
            .Number("dur", start_[accesses.back()] + kStep - start));
    for (const u32 id : accesses) {
      Put(Event("X", EventText(events_[id]), first.cpu)
              .Text("cat", "access")
              .Number("ts", start_[id] + 1)
              .Number("dur", kStep - 2)
              .Json("args", Arguments(id)));
    }
  }

  std::string Arguments(u32 id) const {
    const TraceEvent& e = events_[id];
    JsonObject o;
    o.Text("key", KeyName(e.key)).Text("where", WhereText(e)).Text("order", OrderName(e.order));
    if (!IsAccess(e)) return o.Close();
    o.Text("place", PlaceName(e)).Number("bytes", e.bytes);
    if (Reads(e)) o.Text("read", ValueText(e.read, e.bytes));
    if (Writes(e)) o.Text("written", ValueText(e.written, e.bytes));
    if (ReadsFrom(e)) {
      for (u32 granule = FirstGranule(e); granule <= LastGranule(e); ++granule) {
        const u32 k = granule - FirstGranule(e);
        const std::string half = k == 0 ? "" : " of the upper half";
        o.Text(absl::StrCat("reads from", half), StoreName(f_.trace, e.rf[k]));
        if (IsStale(e) && e.rf[k] != e.newest[k] && !IsBuffered(e, id)) o.Text(absl::StrCat("missed", half), StoreName(f_.trace, e.newest[k]));
      }
      o.Flag("stale", IsStale(e) && !IsBuffered(e, id)).Flag("buffered", IsBuffered(e, id));
    }
    return o.Close();
  }

  void Arrows(u32 id) {
    const TraceEvent& e = events_[id];
    if (!IsAccess(e) || !ReadsFrom(e)) return;
    u32 drawn = kNoEvent;
    for (u32 granule = FirstGranule(e); granule <= LastGranule(e); ++granule) {
      const u32 source = SourceOf(e, granule);
      if (source == kNoEvent || source == drawn || events_[source].cpu == e.cpu) continue;
      drawn = source;
      ++arrows_;
      Put(Event("s", "reads from", events_[source].cpu).Text("cat", "rf").Number("id", arrows_).Number("ts", start_[source] + kStep / 2));
      Put(Event("f", "reads from", e.cpu).Text("cat", "rf").Number("id", arrows_).Number("ts", start_[id] + kStep / 2).Text("bp", "e"));
    }
  }

  // At the last access of the op in which it showed; else at the end.
  void Effect(const Report& r) {
    u64 when = end_;
    for (u32 id = 0; id < events_.size(); ++id)
      if (r.op != kNoOp && events_[id].key.op == r.op && !IsMark(events_[id])) when = start_[id] + kStep - 1;
    const bool somewhere = r.cpu != kNoCpu;
    Put(Event("i", Describe(r), somewhere ? r.cpu : 0).Text("cat", "effect").Number("ts", when).Text("s", somewhere ? "t" : "p"));
  }

  const Finding& f_;
  const std::vector<TraceEvent>& events_;
  std::vector<u64> start_;  // by event
  u64 end_ = 0, arrows_ = 0;
  std::vector<std::string> out_;
};

}  // namespace

std::string ChromeTrace(const Finding& f) { return TraceWriter(f).Write(); }

}  // namespace ordeal
