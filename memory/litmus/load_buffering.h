// Which loads could read a store that depends, by program order and reads-from, on themselves?
//
// A cycle of po | rf goes, CPU by CPU, from a load to a later store. In one that the model allows some of these steps is not kept: no
// fence, dependency or location ties the load to the store. Only loads at the start of such a step have to be promised
// (memory/model/exact.h), and only where the variables close the cycle. Decided from the text: no more than a bound, never too few.
#pragma once
#include <vector>

#include "memory/litmus/test.h"

namespace ordeal::litmus {

// What of plain accesses? What comes after a plain load may always come before it; for a machine a plain store is a store like others (kAsMarked),
// in the LKMM nothing holds it back (kLkmm). Under coherence alone nothing is held back by anything but its location (kNothingKept).
enum class PlainLoads : u8 { kAsMarked, kLkmm, kNothingKept };

class LoadBuffering {
 public:
  LoadBuffering(const Test& test, PlainLoads plain);

  bool may(int thread, int line) const {
    const auto& lines = lines_[static_cast<size_t>(thread)];
    return static_cast<size_t>(line) < lines.size() && lines[static_cast<size_t>(line)];
  }
  bool any() const { return any_; }

 private:
  std::vector<std::vector<bool>> lines_;  // by thread
  bool any_ = false;
};

}  // namespace ordeal::litmus
