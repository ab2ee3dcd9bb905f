// What did a night come to? Plain numbers that can be added up, written down and read back.
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <string>
#include <vector>

#include "memory/order.h"

namespace ordeal::stress {

// Of ticks of the timebase, by powers of two: bucket b counts the values of b bits, bucket 0 the zeros.
struct TickHistogram {
  std::array<u64, 48> bucket{};
  void Add(u64 ticks) { ++bucket[std::min<size_t>(std::bit_width(ticks), bucket.size() - 1)]; }
  u64 Count() const;
  // At most so many ticks in the share `q` (0 to 1) of all values: the largest value of the bucket in which that share is reached. 0 of nothing.
  u64 Quantile(double q) const;
  bool operator==(const TickHistogram&) const = default;
};

// How good was the run itself? A round: every thread of a crew ran its part of one program once, over one cell.
struct Meters {
  u64 rounds = 0;
  u64 overlapped = 0;    // rounds in which two threads or more were at work at the same moment
  u64 ops = 0;           // ops of the program that were performed
  u64 undecided = 0;     // rounds that looked wrong in the order of the clocks, and of which not all other orders could be tried: not findings
  u64 drifted = 0;       // rounds after which a thread was not where it had been pinned
  u64 starved = 0;       // rounds of a batch in which a thread had less than half of its processor
  double seconds = 0;    // wall clock, of all crews together
  TickHistogram skew{};  // of each round: last start minus first start; of a mix: nothing
  u64 remote_frees = 0;  // of a mix: blocks that another thread had allocated
  bool operator==(const Meters&) const = default;
};

// A scenario: one program (a reproducer of the corpus, one that was drawn, or a mix) with one allocator, over and over.
struct ScenarioTally {
  std::string name;
  std::string not_run{};                  // why it was not; empty: it ran, or will
  std::map<std::string, u64> outcomes{};  // rounds by what they came to: "fine", or the name of a violation
  std::string wanted{};                   // the outcome that is asked about ("ledger"); empty: anything but "fine"
  std::string model_allows{};             // the rungs on which the model reaches it ("ARMv8+POWER"); empty: not known
  std::vector<std::string> findings{};    // signatures: names under findings/
  Meters meters{};
  bool operator==(const ScenarioTally&) const = default;
};

// A positive control: a litmus test whose weak outcome this machine is known to show, run like everything else.
struct CanaryTally {
  std::string name;       // "SB", "MP", "LB"
  bool expected = false;  // must this architecture show it? (SB everywhere; MP, LB on weak machines, where silence says less)
  u64 weak = 0, rounds = 0;
  bool operator==(const CanaryTally&) const = default;
};

struct NightTally {
  std::vector<ScenarioTally> scenarios;
  std::vector<CanaryTally> canaries;
  bool operator==(const NightTally&) const = default;
};

void Add(Meters& into, const Meters& more);

// What both have seen together. Whoever is added to whom, and in whatever order: the same comes out (but for the last bit of `seconds`, a sum of
// doubles), with scenarios and canaries in the order of their names, each once, and signatures sorted.
// A scenario that ran in one of them has run; of two reasons, or of two texts that should be the same, one is kept.
NightTally Merged(const NightTally& a, const NightTally& b);

u64 TotalRounds(const NightTally& t);
// Different signatures, in all scenarios together, sorted.
std::vector<std::string> AllFindings(const NightTally& t);

}  // namespace ordeal::stress
