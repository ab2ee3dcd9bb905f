// Does a reproducer say the same on every machine? Prints a line a file, to be compared between machines: hashes of its first execution and of the
// whole explanation, which has every access, every count of executions and every cure in it.
//
//   fingerprints FILE...
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "base/hash.h"
#include "finding/explain.h"
#include "finding/replay.h"

int main(int argc, char** argv) {
  std::vector<std::string> files(argv + 1, argv + argc);
  std::sort(files.begin(), files.end());
  for (const std::string& file : files) {
    const auto r = ordeal::ReadReproducer(file);
    const auto result = r.ok() ? ordeal::Replay(*r, 1) : r.status();
    if (!result.ok()) {
      std::fprintf(stderr, "ordeal: error: %s\n", std::string(result.status().message()).c_str());
      return 1;
    }
    const std::string text =
        result->finding.has_value() ? ordeal::Explain(*result->finding, std::filesystem::path(file).filename()) : "nothing found";
    std::printf("%016llx %016llx %s\n", static_cast<unsigned long long>(result->first.run.hash),
                static_cast<unsigned long long>(ordeal::HashBytes(text)), std::filesystem::path(file).filename().c_str());
  }
  return 0;
}
