// What can a crew run? Something that has a part for each thread, on cells: copies of its memory, so that one batch is many rounds.
//
// As in litmus7: the threads walk over the cells together, then look at what they left in each, and put all back as it was.
#pragma once
#include <string>

#include "memory/order.h"

namespace ordeal::stress {

// What a round came to.
struct RoundOutcome {
  std::string name = "fine";  // of outcomes that are counted: "fine", "weak", a violation's
  bool wrong = false;         // worth being kept: a finding
  bool undecided = false;     // looked wrong, but not all that may explain it was tried
  bool contract_broken = false;
  std::string text;  // of what is kept: what was seen, line by line
};

// Parts of different threads run at the same time; all else is for one thread at a time for each cell.
class Workload {
 public:
  virtual ~Workload() = default;
  virtual int parts() const = 0;
  virtual u32 cells() const = 0;
  virtual u32 ops() const = 0;                          // of one round, all parts
  virtual void Reset(u32 cell) = 0;                     // before a round
  virtual void Begin(int part) = 0;                     // before each batch, by the thread that has this part in it
  virtual void Run(int part, u32 cell) = 0;             // the round; may be left at any instruction
  virtual void Lost(int part, u32 cell, int left) = 0;  // it was: a Left, by the thread that was in it
  virtual RoundOutcome Judge(u32 cell) = 0;             // after the round, when all threads have come back
  virtual void Evict(int part, u32 cell) = 0;           // takes what the part will use out of this CPU's cache
};

}  // namespace ordeal::stress
