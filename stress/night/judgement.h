// How did the night end? One function decides word and exit code; every report quotes it.
#pragma once
#include <string>
#include <vector>

#include "memory/order.h"
#include "stress/night/tally.h"

namespace ordeal::stress {

enum class RunEnd {
  kCompleted,    // the plan was done, or a finding or a met expectation ended it
  kInterrupted,  // a signal, a stop file
  kHang,         // the watchdog
  kMemory,       // the memory limit
};

// All that a report is made of.
struct NightReport {
  NightTally tally;
  RunEnd end = RunEnd::kCompleted;
  double plan_done = 0;                  // 0 to 1
  std::string expect;                    // --expect's value; empty: nothing was expected
  std::string hidden;                    // why this machine cannot show what was expected; empty: it can, as far as is known
  std::vector<std::string> expected;     // those signatures of the tally's that are what was expected
  double seconds = 0;                    // of running
  u64 resumed = 0;                       // times
  std::string host, machine, allocator;  // machine: "16 x AMD EPYC 9655, 2 packages"; allocator: the library that really answered
  std::string placement;
  std::string arms;                   // what a second arm of each scenario came to beside the first, line by line; empty: there was none
  std::vector<std::string> commands;  // to type next: how to replay, to resume
};

struct Judgement {
  int exit = 0;
  std::string word;    // PASS, FAIL, INCONCLUSIVE, INTERRUPTED, HANG, MEMORY
  std::string reason;  // "0 findings, but canary SB saw 0 weak outcomes of 200000"
};

// In this order: a finding that was not expected; the end that the run came to, unless what was expected had been found; what makes silence
// worthless (nothing ran, no positive control or a silent one, no overlap); an expectation that was not met, or could not be met on this machine. What is
// left is a pass.
Judgement Judge(const NightReport& report);

// What makes silence worthless; empty: nothing does.
std::string WhyInconclusive(const NightTally& tally);

// Rounds in which threads were at work at the same moment, as a share: 0 to 1.
double Overlap(const Meters& m);
double Overlap(const NightTally& t);

// Rounds that came to what is asked about.
u64 WantedRounds(const ScenarioTally& s);

}  // namespace ordeal::stress
