// How are edges between accesses drawn in the margin of a table whose rows fold, wrap and break across pages? In pieces: each row draws
// the part of every edge that passes it, as a border, so that no height has to be known and no script runs.
#pragma once
#include <string>
#include <vector>

#include "memory/order.h"

namespace ordeal {

struct Arc {
  u32 from = 0, to = 0;  // rows
  std::string look;      // classes: "read", "cycle", "missing"
  std::string title;
};

class Margin {
 public:
  // Short arcs lie close to the table. Of arcs that find no track, those of look "read" are not drawn.
  Margin(std::vector<Arc> arcs, u32 rows);

  std::string Row(u32 row) const;  // the content of the row's margin
  bool Draws(const std::string& look) const;
  int tracks() const { return tracks_; }
  int left_out() const { return left_out_; }

 private:
  static constexpr int kMaxTracks = 7;
  struct Placed {
    Arc arc;
    u32 top = 0, bottom = 0;
    int track = 0;
  };
  std::vector<Placed> placed_;
  int tracks_ = 0, left_out_ = 0;
};

}  // namespace ordeal
