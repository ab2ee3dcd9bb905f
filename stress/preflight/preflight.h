// Is this machine fit for a night of stress, before the night is spent on it? What `ordeal doctor` prints.
#pragma once
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "stress/preflight/machine_files.h"

namespace ordeal::stress {

enum class Level {
  kOk,
  kWarn,  // results will be weaker, or harder to use; can be had better
  kBad,   // a run would prove nothing
};
const char* LevelName(Level level);

struct Check {
  Level level = Level::kOk;
  std::string what;   // one word
  std::string value;  // as found; "unknown" where the kernel does not tell, which is no fault
  std::string why;    // why it matters, or what to do
};

// What was tried, not read.
struct Trials {
  absl::Status topology = {};  // did hwloc tell of this machine?
  int usable = 0;              // PUs that this process may use
  absl::Status pinning = {};   // a thread bound to each of them and read back; the first that failed
};
Trials TryThisMachine();

struct Machine {
  MachineFiles files;
  std::string arch;  // uname -m
  Trials trials;
};

// One after the other, in the order in which they are printed.
std::vector<Check> Preflight(const Machine& machine);
Level Worst(const std::vector<Check>& checks);
// "ok    load     0.90 of 2       ...", a line for each.
std::string PreflightText(const std::vector<Check>& checks);

}  // namespace ordeal::stress
