#include <cstdio>

#include "absl/strings/str_cat.h"
#include "base/exit_code.h"
#include "base/summary.h"
#include "finding/analyse.h"
#include "finding/explain.h"
#include "finding/export/directory.h"
#include "finding/opened.h"
#include "finding/replay.h"
#include "tools/verbs.h"

namespace ordeal {

int ExportVerb(const std::vector<std::string>& args) {
  absl::StatusOr<VerbArgs> a = ParseVerbArgs("export", args);
  if (a.ok() && a->Get("out", "").empty()) a = absl::InvalidArgumentError("export: no --out=DIR: expected where the files go");
  absl::StatusOr<Reproducer> r = a.ok() ? ReadReproducer(a->files[0]) : a.status();
  absl::StatusOr<Opened> o = r.ok() ? Open(*r) : r.status();
  if (!o.ok()) {
    PrintError(r.ok() ? absl::StrCat(a->files[0], ": ", o.status().message()) : std::string(o.status().message()));
    return kExitUsage;
  }
  if (!o->finding) {
    PrintSummary(absl::StrCat(a->files[0], ": nothing found, nothing to export"));
    return kExitNotMet;
  }
  Finding f = *std::move(o->finding);
  if (a->Has("minimise")) f = Shrunk(*o->investigator, *o->machine, std::move(f));
  o->investigator->Conclude(&f);
  Explained(*o->investigator, *o->machine, &f);
  const std::string out = a->Get("out", "");
  if (absl::Status s = WriteFinding(f, *r, out); !s.ok()) {
    PrintError(s);
    return kExitUsage;
  }
  PrintSummary(absl::StrCat(out, ": ", Summary(f)));
  return kExitClean;
}

}  // namespace ordeal
