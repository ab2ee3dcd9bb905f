#include "finding/export/graphviz.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "finding/event_text.h"
#include "finding/export/shared_places.h"

namespace ordeal {

using model::EventType;
using model::kNoEvent;
using model::Trace;
using model::TraceEvent;

namespace {

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out + "\"";
}

// kNoEvent is the initial values.
std::string NodeName(u32 id) { return id == kNoEvent ? "initial" : absl::StrCat("e", id); }

class Drawing {
 public:
  explicit Drawing(const Finding& f) : f_(f), events_(f.trace.events) {
    for (size_t k = 0; k < f.cycle.size(); ++k) cycle_.insert({f.cycle[k], f.cycle[(k + 1) % f.cycle.size()]});
  }

  std::string Draw() {
    ChooseNodes();
    ProgramOrder();
    for (const u32 id : nodes_) Dependencies(id);
    for (const u32 id : nodes_) ReadsFromAndBefore(id);
    Coherence();
    RestOfCycle();
    std::string out = absl::StrCat("digraph finding {\n  label=", Quoted(Title()),
                                   ";\n  labelloc=t;\n  node [shape=box, fontname=monospace];\n  edge [fontname=monospace];\n");
    for (int cpu = 0; cpu < f_.trace.cpus; ++cpu) absl::StrAppend(&out, Cluster(cpu));
    if (initial_) absl::StrAppend(&out, "  initial [label=\"initial values\", shape=ellipse];\n");
    return absl::StrCat(out, edges_, "}\n");
  }

 private:
  void ChooseNodes() {
    const SharedPlaces shared(f_.trace);
    std::vector<u32> all;
    int accesses = 0;
    for (u32 id = 0; id < events_.size(); ++id) {
      const TraceEvent& e = events_[id];
      if (e.type == EventType::kAlloc || e.type == EventType::kFree) continue;
      all.push_back(id);
      if (e.type != EventType::kFence && !shared.Touch(e) && std::ranges::find(f_.cycle, id) == f_.cycle.end()) continue;
      nodes_.insert(id);
      accesses += e.type != EventType::kFence;
    }
    if (accesses < 2) nodes_.insert(all.begin(), all.end());
    left_out_ = all.size() - nodes_.size();
  }

  std::string Title() const {
    std::string title = absl::StrCat(f_.verdict.headline, ", owner ", OwnerName(f_.verdict.owner),
                                     f_.verdict.owner_reason.empty() ? "" : absl::StrCat(": ", f_.verdict.owner_reason));
    if (f_.verdict.effect) absl::StrAppend(&title, "\n", Describe(*f_.verdict.effect));
    if (left_out_ > 0) absl::StrAppend(&title, "\n", left_out_, " accesses of places that one CPU alone touches are left out");
    return title;
  }

  std::string Cluster(int cpu) const {
    std::string out = absl::StrCat("  subgraph cluster_cpu", cpu, " {\n    label=\"cpu ", cpu, "\";\n");
    for (const u32 id : nodes_) {
      const TraceEvent& e = events_[id];
      if (e.cpu != cpu) continue;
      const bool critical = std::ranges::find(f_.cycle, id) != f_.cycle.end();
      absl::StrAppend(&out, "    ", NodeName(id), " [label=", Quoted(absl::StrCat(KeyName(e.key), "  ", EventText(e), IsStale(e) ? "\nSTALE" : "")),
                      ", tooltip=", Quoted(absl::StrCat(OpLine(f_.reproducer, e.key.op), " ", WhereText(e))),
                      critical ? ", color=red, penwidth=2" : "", "];\n");
    }
    return absl::StrCat(out, "  }\n");
  }

  // Drawn once, however many granules say it.
  void Edge(u32 from, u32 to, const std::string& relation, const std::string& look = "") {
    const bool there = (from == kNoEvent || nodes_.contains(from)) && nodes_.contains(to);
    if (!there || from == to || !drawn_.insert({{from, to}, relation}).second) return;
    initial_ |= from == kNoEvent;
    const bool critical = from != kNoEvent && cycle_.contains({from, to});
    absl::StrAppend(&edges_, "  ", NodeName(from), " -> ", NodeName(to), " [label=", Quoted(relation), look,
                    critical ? ", color=red, fontcolor=red, style=bold, penwidth=3" : "", "];\n");
  }

  void ProgramOrder() {
    std::map<u8, u32> last;
    for (const u32 id : nodes_) {
      const auto [before, first] = last.try_emplace(events_[id].cpu, id);
      if (!first) Edge(before->second, id, "po", ", weight=10, color=gray40");
      before->second = id;
    }
  }

  void Dependencies(u32 id) {
    const TraceEvent& e = events_[id];
    for (const u32 load : e.addr_deps) Edge(load, id, "addr", ", style=dashed");
    for (const u32 load : e.data_deps) Edge(load, id, "data", ", style=dashed");
    for (const u32 load : e.ctrl_deps) Edge(load, id, "ctrl", ", style=dashed");
  }

  void ReadsFromAndBefore(u32 id) {
    const TraceEvent& e = events_[id];
    if (!IsAccess(e) || !ReadsFrom(e)) return;
    for (u32 granule = FirstGranule(e); granule <= LastGranule(e); ++granule) {
      Edge(SourceOf(e, granule), id, "rf", ", color=darkgreen");
      if (const u32 later = OverwrittenBy(f_.trace, id, granule); later != kNoEvent) Edge(id, later, "fr", ", color=orange3");
    }
  }

  void Coherence() {
    for (const Trace::Location& l : f_.trace.locations)
      for (size_t k = 1; k < l.stores.size(); ++k) Edge(l.stores[k - 1], l.stores[k], "co", ", color=blue");
  }

  // A step of the cycle that is none of the edges above: program order over several accesses, or an order that follows from several.
  void RestOfCycle() {
    for (const auto& [from, to] : cycle_) {
      const bool seen = std::ranges::any_of(drawn_, [&](const auto& edge) { return edge.first == std::pair(from, to); });
      if (!seen) Edge(from, to, events_[from].cpu == events_[to].cpu && from < to ? "po" : "before");
    }
  }

  const Finding& f_;
  const std::vector<TraceEvent>& events_;
  std::set<u32> nodes_;
  std::set<std::pair<u32, u32>> cycle_;
  std::set<std::pair<std::pair<u32, u32>, std::string>> drawn_;
  std::string edges_;
  size_t left_out_ = 0;
  bool initial_ = false;
};

}  // namespace

std::string Graphviz(const Finding& f) { return Drawing(f).Draw(); }

}  // namespace ordeal
