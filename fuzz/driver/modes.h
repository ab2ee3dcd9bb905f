// What does the driver do beside fuzzing? Processes side by side, one corpus out of several, a shorter failing input.
#pragma once
#include <string>
#include <vector>

#include "fuzz/driver/options.h"
#include "fuzz/driver/target.h"

namespace ordeal::driver {

// Each returns the exit code. `argv` is the command line with the program's name, as it was given.

// -jobs=N: N processes of the same command line, -workers of them at a time, each with its log in fuzz-I.log, which is repeated here at its
// end. 1 if one of them ended with another code than 0.
int RunJobs(const Options& options, const std::vector<std::string>& argv);

// -merge=1: copies from the 2nd, 3rd, ... directory into the 1st each file that shows a feature that the 1st and the files before it, shorter
// ones first, lack. Files are run in a process of their own: one that fails is left out, and the rest goes on.
int Merge(const Target& target, const Options& options);

// -minimize_crash=1: takes the failing file, and as long as -runs mutations (or -max_total_time seconds) find a shorter one that fails, that.
int MinimizeCrash(const Options& options, const std::vector<std::string>& argv);

}  // namespace ordeal::driver
