#include <cstdio>

#include "base/exit_code.h"
#include "base/summary.h"
#include "finding/replay.h"
#include "program/text.h"
#include "tools/verbs.h"

namespace ordeal {

int ShowVerb(const std::vector<std::string>& args) {
  absl::StatusOr<VerbArgs> a = ParseVerbArgs("show", args);
  if (!a.ok()) {
    PrintError(a.status());
    return kExitUsage;
  }
  absl::StatusOr<Reproducer> r = ReadReproducer(a->files[0]);
  if (!r.ok()) {
    PrintError(r.status());
    return kExitUsage;
  }
  std::fputs(Format(*r).c_str(), stdout);
  return kExitClean;
}

}  // namespace ordeal
