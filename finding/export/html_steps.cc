// What a reader who steps through the execution is told at each access. The page's script looks things up here; it knows no model.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "finding/export/html_cycle.h"
#include "finding/export/html_sections.h"
#include "finding/export/json_text.h"
#include "finding/export/shared_places.h"

namespace ordeal {

using model::EventType;
using model::kNoEvent;
using model::TraceEvent;

namespace {

std::string Ids(const std::vector<u32>& ids) {
  std::string out;
  for (const u32 id : ids) absl::StrAppend(&out, out.empty() ? "" : ",", id);
  return "[" + out + "]";
}

// Null: the initial value.
std::string IdOrNull(u32 id) { return id == kNoEvent ? "null" : absl::StrCat(id); }

// "places": {granule: the store that this access read or wrote there}.
std::string Saw(const TraceEvent& e, u32 id) {
  std::string out;
  if (IsAccess(e)) {
    for (u32 granule = FirstGranule(e); granule <= LastGranule(e); ++granule)
      absl::StrAppend(&out, out.empty() ? "" : ",", "\"", granule, "\":", IdOrNull(Writes(e) ? id : SourceOf(e, granule)));
  }
  return "{" + out + "}";
}

std::string Step(const Finding& f, u32 id) {
  const TraceEvent& e = f.trace.events[id];
  JsonObject o;
  o.Text("key", KeyName(e.key))
      .Number("cpu", e.cpu)
      .Text("op", OpLine(f.reproducer, e.key.op))
      .Text("text", EventText(e))
      .Text("where", WhereText(e));
  if (Reads(e)) {
    const bool two = FirstGranule(e) != LastGranule(e) && e.rf[0] != e.rf[1];
    o.Json("reads", absl::StrCat("[", IdOrNull(e.rf[0]), two ? "," + IdOrNull(e.rf[1]) : "", "]"));
  }
  if (IsStale(e) && !IsBuffered(e, id)) o.Json("missed", "[" + IdOrNull(e.rf[0] != e.newest[0] ? e.newest[0] : e.newest[1]) + "]");
  o.Json("addr", Ids(e.addr_deps)).Json("data", Ids(e.data_deps)).Json("ctrl", Ids(e.ctrl_deps)).Json("saw", Saw(e, id));
  return o.Json("bytes", IsAccess(e) ? Ids({e.addr, e.addr + e.bytes}) : "[0,0]").Close();  // from, to
}

// A place is a granule. Its name is that of the first store there, or of the first access.
std::string PlaceTitle(const Finding& f, u32 granule) {
  const std::vector<TraceEvent>& events = f.trace.events;
  const std::vector<u32>& stores = StoresOf(f.trace, granule);
  auto named =
      std::ranges::find_if(events, [&](const TraceEvent& e) { return IsAccess(e) && FirstGranule(e) <= granule && granule <= LastGranule(e); });
  if (!stores.empty()) named = events.begin() + stores.front();
  const std::string name = PlaceName(*named), offset = absl::StrFormat("[%#x]", granule * 8);
  if (name[0] == '[') return offset;
  return name.find('[') != std::string::npos && FirstGranule(*named) == granule ? name : absl::StrCat(name, " ", offset);
}

std::string Place(const Finding& f, u32 granule, bool has_part) {
  std::vector<std::string> values;
  for (const u32 store : StoresOf(f.trace, granule)) {
    const TraceEvent& e = f.trace.events[store];
    values.push_back(JsonString(absl::StrFormat("%#x", e.written[granule - FirstGranule(e)])));
  }
  JsonObject o;
  o.Number("granule", granule).Text("name", PlaceTitle(f, granule)).Json("stores", Ids(StoresOf(f.trace, granule))).Json("values", JsonArray(values));
  return o.Flag("part", has_part).Close();
}

}  // namespace

std::string StepsJson(const Finding& f) {
  const std::vector<TraceEvent>& events = f.trace.events;
  const std::vector<bool> part = HasPart(f);
  std::vector<std::string> steps, places;
  std::set<u32> with_part;
  for (u32 id = 0; id < events.size(); ++id) {
    const TraceEvent& e = events[id];
    const bool mark = e.type == EventType::kAlloc || e.type == EventType::kFree;
    steps.push_back(mark ? "null" : Step(f, id));
    if (part[id] && IsAccess(e)) with_part.insert({FirstGranule(e), LastGranule(e)});
  }
  const SharedPlaces shared(f.trace);
  for (const u32 granule : shared.granules()) places.push_back(Place(f, granule, with_part.contains(granule)));
  std::string json =
      JsonObject().Number("cpus", static_cast<u64>(f.trace.cpus)).Json("steps", JsonArray(steps)).Json("places", JsonArray(places)).Close();
  // Inside a script element nothing may look like its end.
  for (size_t at; (at = json.find('<')) != std::string::npos;) json.replace(at, 1, "\\u003c");
  return json;
}

}  // namespace ordeal
