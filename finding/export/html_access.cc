#include "finding/export/html_access.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "finding/export/html_text.h"
#include "finding/export/shared_places.h"

namespace ordeal {

using model::kNoEvent;
using model::Trace;
using model::TraceEvent;

namespace {

// The words of every report, the place in bold and the planted omission apart.
std::string What(const TraceEvent& e) {
  std::string text = EventText(e), note;
  if (const size_t at = text.find("  ("); at != std::string::npos) {
    note = " " + Element("span class=\"planted\"", Escaped(text.substr(at + 2)));
    text.resize(at);
  }
  const std::string place = PlaceName(e);
  const size_t at = IsAccess(e) ? text.find(place) : std::string::npos;
  if (at == std::string::npos) return Element("code", Escaped(text)) + note;
  return Element("code", Escaped(text.substr(0, at)) + Element("b", Escaped(place)) + Escaped(text.substr(at + place.size()))) + note;
}

std::string Reading(const Trace& t, const TraceEvent& e) {
  std::string text = " \xc2\xb7 reads " + AccessLink(t, e.rf[0]);
  if (FirstGranule(e) != LastGranule(e) && e.rf[1] != e.rf[0]) text += " and " + AccessLink(t, e.rf[1]);
  return text;
}

// Of loads that are folded away the first few will do; the panel has them all.
std::string Depends(const Trace& t, const std::vector<bool>& part, const char* name, const std::vector<u32>& loads) {
  std::vector<std::string> links, others;
  for (const u32 load : loads) {
    const bool link = part[load] || loads.size() <= 2;
    (link ? links : others).push_back(link ? AccessLink(t, load) : KeyName(t.events[load].key));
  }
  if (!others.empty()) {
    const std::string count = links.empty() ? absl::StrCat(others.size(), " loads") : absl::StrCat("and ", others.size(), " more");
    links.push_back(Element(Head("span", "title", absl::StrJoin(others, ", ")), count));
  }
  return links.empty() ? "" : absl::StrCat(" \xc2\xb7 ", name, " ", absl::StrJoin(links, ", "));
}

std::string Store(const Trace& t, u32 id) {
  if (id == kNoEvent) return AccessLink(t, id);
  return AccessLink(t, id) + Escaped(StoreName(t, id).substr(KeyName(t.events[id].key).size()));
}

std::string Notes(const Trace& t, const std::vector<CycleStep>& steps, u32 id) {
  const TraceEvent& e = t.events[id];
  std::string notes;
  if (IsBuffered(e, id)) notes += Element("p class=\"note bad\"", "<b>BUFFERED</b> reads " + Store(t, e.rf[0]) + ", which comes after it");
  for (int k = 0; k < 2 && IsStale(e) && !IsBuffered(e, id); ++k) {
    if (e.rf[k] == e.newest[k]) continue;
    notes += Element("p class=\"note bad\"", "<b>STALE</b> reads " + Store(t, e.rf[k]) + ", missed " + Store(t, e.newest[k]));
  }
  for (const CycleStep& s : steps) {
    if (s.missing == nullptr || s.to != id) continue;
    const std::string order = "nothing keeps " + AccessLink(t, s.from) + " before " + AccessLink(t, id) + ": ";
    notes += Element("p class=\"note bad\"", "<b>missing</b> " + order + Code(s.missing->kernel));
  }
  return notes;
}

}  // namespace

std::string AccessCell(const Finding& f, const std::vector<bool>& part, const std::vector<CycleStep>& steps, u32 id) {
  const TraceEvent& e = f.trace.events[id];
  std::string small = Escaped(WhereText(e));
  if (Reads(e) && !IsStale(e)) small += Reading(f.trace, e);
  small += Depends(f.trace, part, "addr", e.addr_deps) + Depends(f.trace, part, "data", e.data_deps) + Depends(f.trace, part, "ctrl", e.ctrl_deps);
  const std::string look = absl::StrCat("lane", e.user ? " user" : "", part[id] ? "" : " aside", IsStale(e) ? " stale" : "");
  const std::string title = absl::StrCat(OpLine(f.reproducer, e.key.op), "\n", EventText(e), "\n", WhereText(e));
  return Element(Head("td class=\"" + look + "\"", "title", title), What(e) + Element("small", small) + Notes(f.trace, steps, id));
}

std::string CycleHtml(const Finding& f, const std::vector<CycleStep>& steps) {
  if (steps.empty()) return "";
  std::string chain;
  for (const CycleStep& s : steps) {
    const std::string missing = s.missing == nullptr ? "" : Element("em", Escaped(absl::StrCat("missing: ", s.missing->kernel)));
    const std::string access = AccessLink(f.trace, s.from) + " " + Code(EventText(f.trace.events[s.from]));
    chain += Block(s.missing == nullptr ? "li" : "li class=\"bad\"",
                   access + Element("span", Escaped(s.relation) + " " + AccessLink(f.trace, s.to) + missing));
  }
  const char* meaning = "Each access comes before the next, and the last before the first: no interleaving gives this execution.";
  return Block("h3", "The critical cycle") + Block("p class=\"note\"", meaning) + Block("ol class=\"cycle\"", "\n" + chain);
}

}  // namespace ordeal
