// What does a binary's exit status mean? One table for all of them; docs and --help quote it.
#pragma once

namespace ordeal {

enum ExitCode : int {
  kExitClean = 0,         // plan completed, nothing found; or, with --expect, exactly the expected finding
  kExitUsage = 1,         // usage or configuration error
  kExitUnfit = 2,         // machine unfit or inconclusive: too few CPUs, pinning refused, silent canary
  kExitNotMet = 3,        // --expect given and not met within the budget
  kExitHang = 70,         // a watchdog fired (libFuzzer's number, as the next three)
  kExitMemory = 71,       // memory limit
  kExitInterrupted = 72,  // interrupted before the plan was complete, nothing found
  kExitFinding = 77,      // at least one finding; wins over 70 to 72
  kExitAborted = 130,     // second interrupt: stopped on the spot
};

}  // namespace ordeal
