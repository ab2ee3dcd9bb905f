// The execution as a table: a margin with arcs, the access's key, a column a CPU. A row an access, in execution order; a row an op where
// another one goes on; what has no part in the finding is folded away, in place and counted.
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "finding/export/html_access.h"
#include "finding/export/html_arcs.h"
#include "finding/export/html_cycle.h"
#include "finding/export/html_sections.h"
#include "finding/export/html_text.h"
#include "finding/export/shared_places.h"

namespace ordeal {

using model::EventType;
using model::kNoEvent;
using model::TraceEvent;

namespace {

bool IsMark(const TraceEvent& e) { return e.type == EventType::kAlloc || e.type == EventType::kFree; }

std::string WithoutPart(size_t n) { return absl::StrCat(n, n == 1 ? " access that has" : " accesses that have", " no part in it"); }

class Lanes {
 public:
  explicit Lanes(const Finding& f) : f_(f), events_(f.trace.events), part_(HasPart(f)), steps_(CycleSteps(f)) {}

  std::string Html() {
    MakeRows();
    const Margin margin(Arcs(), static_cast<u32>(rows_.size()));
    std::string head =
        Element(absl::StrCat("th class=\"margin\" style=\"--tracks:", margin.tracks(), "\""), "") + Element("th class=\"key\"", "access");
    for (int cpu = 0; cpu < f_.trace.cpus; ++cpu) head += Element("th scope=\"col\"", absl::StrCat("cpu ", cpu));
    std::string table = Block("thead", Element("tr", head));
    std::string group;
    for (u32 r = 0; r < rows_.size(); ++r) {
      const Row& row = rows_[r];
      group += RowHtml(row, margin.Row(r));
      if (r + 1 < rows_.size() && rows_[r + 1].group == row.group) continue;
      table += Block(row.kind == Row::kFold ? "tbody class=\"fold\"" : row.folded ? "tbody class=\"rest\"" : "tbody", "\n" + group);
      group.clear();
    }
    // Beyond two columns there is no room beside them.
    const std::string look = absl::StrCat("div class=\"execution", f_.trace.cpus > 2 ? " below" : "", f_.trace.cpus > 4 ? " wide" : "", "\"");
    const std::string lanes = Block("div class=\"scroll\"", Element("table class=\"lanes\"", "\n" + table));
    return Controls() + Block(look, "\n" + lanes + Block("aside id=\"now\" aria-live=\"polite\"", "")) + Legend(margin) + CycleHtml(f_, steps_);
  }

 private:
  struct Row {
    enum Kind { kOp, kAccess, kFold } kind;
    u32 event;  // kOp: the first access of the op that follows
    bool folded;
    u32 group;     // rows of one table body
    size_t count;  // kFold
  };

  void MakeRows() {
    std::vector<u32> all;
    for (u32 id = 0; id < events_.size(); ++id)
      if (!IsMark(events_[id])) all.push_back(id);
    u16 op = kInitOp;  // of the row above, as it looks when folded
    for (size_t at = 0, end; at < all.size(); at = end) {
      end = at;
      while (end < all.size() && part_[all[end]] == part_[all[at]]) ++end;
      const bool fold = !part_[all[at]] && end - at > 2;
      if (fold) {
        ++group_;
        rows_.push_back({Row::kFold, all[at], false, group_++, end - at});
        folded_ += end - at;
      }
      u16 inside = fold ? kInitOp : op;
      for (size_t k = at; k < end; ++k) {
        if (events_[all[k]].key.op != inside) rows_.push_back({Row::kOp, all[k], fold, group_, 0});
        inside = events_[all[k]].key.op;
        rows_.push_back({Row::kAccess, all[k], fold, group_, 0});
        if (!fold) row_of_[all[k]] = static_cast<u32>(rows_.size() - 1);
      }
      if (fold) ++group_;
      op = fold ? kInitOp : inside;
    }
  }

  std::vector<Arc> Arcs() const {
    std::vector<Arc> arcs;
    std::map<std::pair<u32, u32>, bool> drawn;
    const auto add = [&](u32 from, u32 to, const std::string& look, const std::string& title) {
      const auto a = row_of_.find(from), b = row_of_.find(to);
      if (a == row_of_.end() || b == row_of_.end() || !drawn.insert({{from, to}, true}).second) return;
      arcs.push_back({a->second, b->second, look, absl::StrCat(KeyName(events_[from].key), " ", title, " ", KeyName(events_[to].key))});
    };
    for (const CycleStep& s : steps_) {
      if (s.missing != nullptr) add(s.from, s.to, "cycle missing", "should come before");
      add(s.from, s.to, "cycle", s.relation);
    }
    for (const auto& [id, row] : row_of_) {
      const TraceEvent& e = events_[id];
      if (!IsAccess(e) || !ReadsFrom(e)) continue;
      for (u32 granule = FirstGranule(e); granule <= LastGranule(e); ++granule) {
        const u32 source = SourceOf(e, granule), missed = e.newest[granule - FirstGranule(e)];
        if (source != missed && missed != kNoEvent && IsStale(e) && !IsBuffered(e, id)) add(id, missed, "cycle missed", "missed");
        if (source != kNoEvent && events_[source].cpu != e.cpu) add(source, id, "read", "is read by");
      }
    }
    return arcs;
  }

  std::string RowHtml(const Row& row, const std::string& margin) const {
    const std::string first = Element("td class=\"margin\" aria-hidden=\"true\"", margin);
    if (row.kind == Row::kFold) {
      const std::string label = "<input type=\"checkbox\"> " + WithoutPart(row.count);
      return Block("tr",
                   first + Element("td class=\"key\"", "") + Element(absl::StrCat("td colspan=\"", f_.trace.cpus, "\""), Element("label", label)));
    }
    const TraceEvent& e = events_[row.event];
    const bool op = row.kind == Row::kOp;
    std::string cells = first + Element("td class=\"key\"", op ? "" : Escaped(KeyName(e.key)));
    const std::string told = op ? OpCell(e) : AccessCell(f_, part_, steps_, row.event);
    for (int cpu = 0; cpu < f_.trace.cpus; ++cpu) cells += cpu == e.cpu ? told : Element("td class=\"lane\"", "");
    if (op) return Block("tr class=\"op\"", cells);
    return Block(absl::StrCat("tr id=\"", RowId(row.event), "\" class=\"access\" tabindex=\"-1\""), cells);
  }

  std::string OpCell(const TraceEvent& e) const {
    const std::string line = OpLine(f_.reproducer, e.key.op);
    return Element("td class=\"lane\"", Escaped(line.empty() ? absl::StrCat("op ", e.key.op) : line));
  }

  std::string Controls() const {
    const std::string all = "<input type=\"checkbox\" id=\"everything\"> show the " + WithoutPart(folded_);
    const std::string hint = Element("span class=\"hint\"", "<kbd>j</kbd> <kbd>k</kbd> step through it, <kbd>?</kbd> for all keys");
    return Block("p class=\"controls\"", (folded_ > 0 ? Element("label", all) : "") + hint);
  }

  std::string Legend(const Margin& margin) const {
    std::string text =
        Element("span", "<i class=\"mark user\"></i>access of the user") + Element("span", "<i class=\"mark\"></i>access of the allocator");
    const auto line = [&](const std::string& look, const char* meaning) {
      if (margin.Draws(look)) text += Element("span", Element("i class=\"line " + look + "\"", "") + meaning);
    };
    line("read", "read by another CPU");
    line("cycle", "critical cycle");
    line("cycle missing", "order that is missing");
    line("cycle missed", "store that was missed");
    if (margin.left_out() > 0) text += Element("span", absl::StrCat(margin.left_out(), margin.left_out() == 1 ? " read" : " reads", " not drawn"));
    return Block("p class=\"legend\"", text);
  }

  const Finding& f_;
  const std::vector<TraceEvent>& events_;
  const std::vector<bool> part_;
  const std::vector<CycleStep> steps_;
  std::vector<Row> rows_;
  std::map<u32, u32> row_of_;  // by event, where it is not folded
  u32 group_ = 0;
  size_t folded_ = 0;
};

}  // namespace

std::string ExecutionHtml(const Finding& f) {
  if (f.trace.events.empty()) return "";
  return Section("execution", "The execution", Lanes(f).Html());
}

}  // namespace ordeal
