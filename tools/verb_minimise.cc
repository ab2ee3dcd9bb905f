#include <cstdio>

#include "absl/strings/str_cat.h"
#include "base/exit_code.h"
#include "base/file.h"
#include "base/summary.h"
#include "finding/analyse.h"
#include "finding/explain.h"
#include "finding/opened.h"
#include "finding/replay.h"
#include "program/text.h"
#include "tools/verbs.h"

namespace ordeal {

int MinimiseVerb(const std::vector<std::string>& args) {
  absl::StatusOr<VerbArgs> a = ParseVerbArgs("minimise", args);
  absl::StatusOr<Reproducer> r = a.ok() ? ReadReproducer(a->files[0]) : a.status();
  absl::StatusOr<Opened> o = r.ok() ? Open(*r) : r.status();
  if (!o.ok()) {
    PrintError(r.ok() ? absl::StrCat(a->files[0], ": ", o.status().message()) : std::string(o.status().message()));
    return kExitUsage;
  }
  if (!o->finding) {
    PrintSummary(absl::StrCat(a->files[0], ": nothing found, nothing to make smaller"));
    return kExitNotMet;
  }
  Finding f = Shrunk(*o->investigator, *o->machine, *std::move(o->finding));
  o->investigator->Conclude(&f);
  const std::string text = Format(f.reproducer), out = a->Get("out", "");
  if (out.empty()) {
    std::fputs(text.c_str(), stdout);
  } else if (absl::Status s = WriteFile(out, text); !s.ok()) {
    PrintError(s);
    return kExitUsage;
  }
  PrintSummary(absl::StrCat(r->program.ops.size(), " ops, ", r->decisions.size(), " decisions made ", f.reproducer.program.ops.size(), ", ",
                            f.reproducer.decisions.size(), f.minimal ? ": nothing more can go: " : ": not known to be minimal: ", Summary(f)));
  return kExitClean;
}

}  // namespace ordeal
