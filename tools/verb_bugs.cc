#include <cstdio>

#include "base/exit_code.h"
#include "base/summary.h"
#include "finding/bugs.h"
#include "memory/site.h"
#include "run/machine.h"
#include "tools/verbs.h"

namespace ordeal {

int BugsVerb(const std::vector<std::string>& args) {
  absl::StatusOr<VerbArgs> a = ParseVerbArgs("bugs", args);
  if (!a.ok()) {
    PrintError(a.status());
    return kExitUsage;
  }
  for (const Bug& b : Bugs()) {
    std::printf("%s\n  side      %s\n  omission  %s\n", b.name, b.side, b.omission);
    if (b.headline[0] == 0) continue;
    std::printf("  needs     %s\n  expects   %s, owner %s\n  hardware  %s (by argument)\n  parallel  %s\n", b.needs, b.headline, b.owner, b.hardware,
                b.parallel);
  }
  if (!a->Has("sites")) {
    std::printf("\nThe Sites, where orders are stated: ordeal bugs --sites\n");
    return kExitClean;
  }
  RegisterAllSites();
  std::printf("\n");
  for (u16 id = 1; id < kMaxSites; ++id)
    if (const SiteInfo* s = FindSite(id); s != nullptr)
      std::printf("%-32s %-8s partner %-20s %s\n", (std::string(s->table) + "." + s->name).c_str(), OrderName(s->order), s->partner, s->why);
  return kExitClean;
}

}  // namespace ordeal
