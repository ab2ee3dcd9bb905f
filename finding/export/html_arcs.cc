#include "finding/export/html_arcs.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "finding/export/html_text.h"

namespace ordeal {

Margin::Margin(std::vector<Arc> arcs, u32 rows) {
  const auto optional = [](const Arc& a) { return a.look == "read"; };
  const auto rank = [&](const Arc& a) { return std::tuple(optional(a), std::max(a.from, a.to) - std::min(a.from, a.to), a.from, a.to); };
  std::ranges::sort(arcs, [&](const Arc& a, const Arc& b) { return rank(a) < rank(b); });
  std::vector<std::vector<bool>> taken;  // by track and row
  for (Arc& arc : arcs) {
    const u32 top = std::min(arc.from, arc.to), bottom = std::max(arc.from, arc.to);
    const auto is_free = [&](const std::vector<bool>& track) {
      return std::none_of(track.begin() + top, track.begin() + bottom + 1, [](bool b) { return b; });
    };
    auto track = std::ranges::find_if(taken, is_free);
    if (track == taken.end()) {
      if (optional(arc) && taken.size() >= kMaxTracks) {
        ++left_out_;
        continue;
      }
      track = taken.insert(taken.end(), std::vector<bool>(rows, false));
    }
    std::fill(track->begin() + top, track->begin() + bottom + 1, true);
    placed_.push_back({std::move(arc), top, bottom, static_cast<int>(track - taken.begin())});
  }
  tracks_ = static_cast<int>(taken.size());
  std::ranges::reverse(placed_);  // red lies over grey
}

bool Margin::Draws(const std::string& look) const {
  return std::ranges::any_of(placed_, [&](const Placed& p) { return p.arc.look == look; });
}

std::string Margin::Row(u32 row) const {
  std::string out;
  for (const Placed& p : placed_) {
    if (row < p.top || row > p.bottom) continue;
    const bool first = row == p.top, last = row == p.bottom;
    const bool head = row == p.arc.to && (first || last);
    const char* piece = first ? " top" : last ? " bottom" : "";
    const std::string look = absl::StrCat("i class=\"", p.arc.look, piece, head ? " head" : "", "\" style=\"--t:", p.track, "\"");
    out += Element(Head(look, "title", p.arc.title), "");
  }
  return out;
}

}  // namespace ordeal
