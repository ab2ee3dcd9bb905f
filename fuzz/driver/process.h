// How does the driver run itself again? -jobs and -minimize_crash do.
#pragma once
#include <string>
#include <vector>

namespace ordeal::driver {

// Runs this very binary with argv (argv[0] is its name), its output in the file `log`, or where ours goes if that is empty. Returns its exit
// code, 128 + the signal's number if one killed it, -1 if it could not be started. Any thread may call it.
int RunAgain(const std::vector<std::string>& argv, const std::string& log);

// argv without the flags of these names (`-name=...`).
std::vector<std::string> Without(const std::vector<std::string>& argv, const std::vector<std::string>& names);

}  // namespace ordeal::driver
