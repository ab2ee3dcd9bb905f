// What did a run really cover? A count for every value of every dimension of the geometry, and of programs by their interrupts, by their moves to other CPUs and by whether the cache ends, so that a green run is not an empty one.
#pragma once
#include <map>
#include <string>

#include "program/program.h"

namespace ordeal {

class Buckets {
 public:
  void Count(const Program& p);
  // One line a dimension: "page       4K 401522  16K 299733  64K 298745".
  std::string Table() const;
  u64 least() const;  // the smallest count of any value that was seen

 private:
  struct Dimension {
    std::map<u64, u64> counts;
  };
  Dimension page_, order_, object_, exts_, stride_, dwcas_, cpus_, slabs_, nodes_, cgroups_, irqs_, moves_, ends_;
};

}  // namespace ordeal
