#include "stress/placement/machine_text.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "stress/placement/cpu_list.h"

namespace ordeal::stress {
namespace {

constexpr size_t kMostLines = 48;  // of one level of the drawing; with more, the level above is drawn

std::string Many(int n, absl::string_view one) { return absl::StrCat(n, " ", one, n == 1 ? "" : "s"); }

// Where a line of the drawing stands: package, node, last cache, core; -1 from the level on that is folded into it.
using Place = std::tuple<int, int, int, int>;
enum Level { kByNode, kByCache, kByCore };

Place PlaceOf(const Seat& s, Level level) { return {s.package, s.node, level >= kByCache ? s.last_cache : -1, level >= kByCore ? s.core : -1}; }

std::map<Place, std::vector<Seat>> Folded(const Topology& t) {
  std::map<Place, std::vector<Seat>> lines;
  for (const Level level : {kByCore, kByCache, kByNode}) {
    lines.clear();
    for (const Seat& s : t.seats()) lines[PlaceOf(s, level)].push_back(s);
    if (lines.size() <= kMostLines) break;
  }
  return lines;
}

template <typename Number>
std::string Numbers(const std::vector<Seat>& seats, Number number) {
  std::set<int> rising;
  for (const Seat& s : seats) rising.insert(number(s));
  return CpuListText({rising.begin(), rising.end()});
}

std::string UsableText(const Topology& t, const std::vector<Seat>& seats) {
  std::vector<Seat> usable;
  std::copy_if(seats.begin(), seats.end(), std::back_inserter(usable), [&](const Seat& s) { return t.IsUsable(s); });
  if (usable.size() == seats.size()) return "";
  if (usable.empty()) return "  not usable";
  return absl::StrCat("  usable only P#", Numbers(usable, [](const Seat& s) { return s.os; }));
}

std::string LineOf(const Topology& t, const std::vector<Seat>& seats) {
  const Seat& first = seats.front();
  const std::string cores = Numbers(seats, [](const Seat& s) { return s.core; });
  const std::string kinds = t.kinds() > 1 ? absl::StrCat("  kind ", Numbers(seats, [](const Seat& s) { return s.kind; })) : "";
  return absl::StrCat("      ", cores.find_first_of("-,") == std::string::npos ? "core L#" : "cores L#", cores, "  PU L#",
                      Numbers(seats, [](const Seat& s) { return s.logical; }), "  P#", Numbers(seats, [](const Seat& s) { return s.os; }), kinds,
                      UsableText(t, seats), first.last_cache < 0 ? "  no cache known" : "", "\n");
}

}  // namespace

std::string Topology::Describe() const {
  const int pus = static_cast<int>(seats_.size());
  // Alike, if every core is as wide as the widest and every package has its share of the cores.
  std::map<int, std::map<int, int>> pus_of_core;
  for (const Seat& s : seats_) ++pus_of_core[s.package][s.core];
  bool alike = true;
  for (const auto& [package, cores] : pus_of_core) {
    alike &= static_cast<int>(cores.size()) * packages_ == cores_;
    for (const auto& [core, width] : cores) alike &= width == smt_width_;
  }
  std::string shape = absl::StrCat(Many(packages_, "package"), ", ", Many(cores_, "core"), ", SMT up to ", smt_width_, ", ", pus, " PU");
  if (alike) shape = absl::StrCat(Many(packages_, "package"), " x ", Many(cores_ / packages_, "core"), " x SMT", smt_width_, " = ", pus, " PU");
  return absl::StrCat(shape, " (", usable_.size(), " usable)");
}

std::string FactsText(const Topology& t) {
  const std::string kinds = t.kinds() > 1 ? absl::StrCat(", ", t.kinds(), " kinds of cores") : "";
  const CacheLine line = t.cache_line();
  return absl::StrCat(t.Describe(), ", ", Many(t.nodes(), "NUMA node"), kinds, ", cache lines of ", line.bytes, " bytes (", line.from, ")",
                      t.this_system()        ? ""
                      : t.spec() == "native" ? "; threads cannot be bound here"
                                             : "; a description, not this machine");
}

std::string DrawMachine(const Topology& t) {
  std::string out;
  int package = -1, node = -2, cache = -2;
  for (const auto& [place, seats] : Folded(t)) {
    const Seat& first = seats.front();
    if (first.package != package) {
      absl::StrAppend(&out, "package L#", first.package, "\n");
      node = -2;
    }
    if (first.node != node) {
      absl::StrAppend(&out, "  node L#", first.node, " P#", first.node_os, "\n");
      cache = -2;
    }
    if (const int shown = std::get<2>(place); shown >= 0 && shown != cache)
      absl::StrAppend(&out, "    ",
                      first.l3 >= 0   ? absl::StrCat("L3 L#", first.l3)
                      : first.l2 >= 0 ? absl::StrCat("L2 L#", first.l2)
                                      : absl::StrCat("cache ", shown),
                      "\n");
    absl::StrAppend(&out, LineOf(t, seats));
    package = first.package, node = first.node, cache = std::get<2>(place);
  }
  return out;
}

}  // namespace ordeal::stress
