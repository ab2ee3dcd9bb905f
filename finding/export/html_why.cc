#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "finding/export/html_sections.h"
#include "finding/export/html_text.h"

namespace ordeal {

using model::EventType;
using model::kNoEvent;
using model::TraceEvent;

namespace {

std::string Along(const Finding& f, const std::vector<u32>& cycle) {
  std::vector<std::string> links;
  for (const u32 id : cycle) links.push_back(AccessLink(f.trace, id));
  if (!cycle.empty()) links.push_back(AccessLink(f.trace, cycle.front()));
  return absl::StrJoin(links, " \xe2\x86\x92 ");
}

std::string ChoiceRow(const Finding& f, const Choice& c) {
  const std::string store = c.store == kNoEvent ? "the initial value" : AccessLink(f.trace, c.store) + " " + Code(EventText(f.trace.events[c.store]));
  const std::string verdict = absl::StrCat(c.allowed ? "allowed" : "forbidden", c.taken ? ", read here" : "");
  const std::string why = absl::StrCat(Escaped(c.axiom), c.axiom.empty() || c.cycle.empty() ? "" : ": ", Along(f, c.cycle));
  const std::string cells =
      Element("td", store) + Element(c.allowed ? "td class=\"allowed\"" : "td class=\"forbidden\"", verdict) + Element("td", why);
  if (!c.taken) return Block("tr", cells);
  return Block(IsStale(f.trace.events[c.load]) ? "tr class=\"taken stale\"" : "tr class=\"taken\"", cells);
}

std::string Table(const std::vector<std::string>& columns, const std::string& rows) {
  std::string head;
  for (const std::string& c : columns) head += Element("th scope=\"col\"", c);
  return Block("div class=\"scroll\"", Element("table class=\"plain\"", Element("thead", Element("tr", head)) + Element("tbody", "\n" + rows)));
}

// The access that a difference is about, without the value that differs.
std::string AccessOf(const Finding& f, const Difference& d) {
  for (u32 id = 0; id < f.trace.events.size(); ++id) {
    const TraceEvent& e = f.trace.events[id];
    if (e.key != d.at || e.cpu != d.cpu || e.type == EventType::kAlloc || e.type == EventType::kFree) continue;
    return AccessLink(f.trace, id) + " " + Code(EventText(e).substr(0, EventText(e).find(" = ")));
  }
  return Escaped(KeyName(d.at));
}

}  // namespace

std::string ChoicesHtml(const Finding& f) {
  std::vector<u32> loads;
  for (const Choice& c : f.choices)
    if (std::ranges::find(loads, c.load) == loads.end()) loads.push_back(c.load);
  std::string html;
  for (const u32 load : loads) {
    std::string rows;
    for (const Choice& c : f.choices)
      if (c.load == load) rows += ChoiceRow(f, c);
    html += Block("h3", AccessLink(f.trace, load) + " " + Code(EventText(f.trace.events[load])));
    html += Table({"store", "by the model", "axiom, and the cycle against it"}, rows);
  }
  return Section("choices", loads.size() == 1 ? "What else could this load have read?" : "What else could these loads have read?", html);
}

std::string NearestHtml(const Finding& f) {
  if (f.nearest.empty()) return "";
  std::string rows;
  for (const Difference& d : f.nearest) {
    const std::string access = AccessOf(f, d) + Element("span class=\"quiet\"", absl::StrCat(" cpu ", d.cpu));
    rows += Block("tr", Element("td", access) + Element("td class=\"bad\"", Escaped(d.here)) + Element("td class=\"good\"", Escaped(d.there)));
  }
  return Section("nearest", "The nearest execution that passes", Table({"access", "here, it fails", "there, it passes"}, rows));
}

}  // namespace ordeal
