#include <cstdio>

#include "absl/strings/str_cat.h"
#include "base/exit_code.h"
#include "base/summary.h"
#include "finding/analyse.h"
#include "finding/explain.h"
#include "finding/opened.h"
#include "finding/replay.h"
#include "tools/verbs.h"

namespace ordeal {

int ExplainVerb(const std::vector<std::string>& args) {
  absl::StatusOr<VerbArgs> a = ParseVerbArgs("explain", args);
  if (!a.ok()) {
    PrintError(a.status());
    return kExitUsage;
  }
  const std::string& path = a->files[0];
  absl::StatusOr<Reproducer> r = ReadReproducer(path);
  if (!r.ok()) {
    PrintError(r.status());
    return kExitUsage;
  }
  absl::StatusOr<Opened> o = Open(*r);
  if (!o.ok()) {
    PrintError(absl::StrCat(path, ": ", o.status().message()));
    return kExitUsage;
  }
  const bool states = !(r->expect == Expectation());
  if (!o->finding) {
    PrintSummary(
        absl::StrCat(path, o->investigator->tally().forbidden > 0 ? ": not a finding: the memory model forbids this execution" : ": nothing found"));
    return states ? kExitNotMet : kExitClean;
  }
  Finding& f = *o->finding;
  o->investigator->Conclude(&f);
  Explained(*o->investigator, *o->machine, &f);
  ExplainOptions options;
  options.everything = a->Has("all");
  std::fputs(Explain(f, path, options).c_str(), stdout);
  PrintSummary(absl::StrCat("finding: ", Summary(f)));
  return !states || Meets(f.verdict, r->expect) ? kExitClean : kExitNotMet;
}

}  // namespace ordeal
