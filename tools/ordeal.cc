// `ordeal VERB`: the handles. One verb a file; each returns its exit code.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "base/exit_code.h"
#include "base/suggest.h"
#include "base/summary.h"
#include "tools/verbs.h"

namespace ordeal {
namespace {

struct Verb {
  std::string_view name;
  int (*run)(const std::vector<std::string>& args);
  const char* help;
};
constexpr Verb kVerbs[] = {
    {"replay", ReplayVerb, "FILE...    run reproducers from their decisions, 1000 times each (--times=N), and hold them to their expect lines"},
    {"explain", ExplainVerb,
     "FILE      the finding in full: facts, lanes per CPU, owner, what each load could have read, cures (--all: every access)"},
    {"minimise", MinimiseVerb, "FILE     the smallest program that fails in the same way, to stdout (--out=FILE)"},
    {"export", ExportVerb,
     "FILE       everything that can be made of a finding, into --out=DIR: report.html, trace.json, test.litmus... (--minimise first)"},
    {"report", ReportVerb, "DIR...     findings of many files, put together by bug and ranked"},
    {"compare", CompareVerb, "A B       are these two findings the same bug?"},
    {"show", ShowVerb, "FILE         a reproducer as text, whichever form the file has"},
    {"explore", ExploreVerb, "FILE      every execution of a reproducer's program, rung by rung (--seconds=N a rung, --deviations=N)"},
    {"litmus", LitmusVerb,
     "FILE...    what herd7 says of LKMM litmus tests (--model=sc|tso|armv8|armv8-ldar|power|lkmm|rc11 --runs=N --exhaustive --json); of a "
     "reproducer: the test"},
    {"whatsup", WhatsUpVerb,
     "DIR...    how stress runs are doing, by their directories (or those below DIR): state, share of the plan, rounds, overlap, canary, findings"},
    {"compare-runs", CompareRunsVerb, "A B  do two stress runs differ? Scenario by scenario, by Fisher's exact test"},
    {"bugs", BugsVerb, "             the catalogue of bugs that can be planted, and of the Sites they weaken"},
    {"topo", TopoVerb,
     "             this machine, or --topology=synthetic:STRING|xml:FILE, and where threads would go (--placement=POLICY --threads=N a crew\n        "
     "   --crews=N --reserve=N --cpulist=0,8,16 --seed=N --epoch=N --oversubscribe)"},
    {"doctor", DoctorVerb, "           is this machine fit for a night of stress?"},
};

void PrintHelp(std::FILE* to) {
  std::fputs("usage: ordeal VERB ...\n\n", to);
  for (const Verb& v : kVerbs) std::fprintf(to, "  %-8s %s\n", std::string(v.name).c_str(), v.help);
  std::fputs("\nexit: 0 as expected, 1 usage, 2 machine unfit, 3 expectation not met, 77 finding without an expectation\n", to);
}

int Main(const std::vector<std::string>& args) {
  if (args.empty()) {
    PrintHelp(stderr);
    PrintError("no verb: expected one of the above");
    return kExitUsage;
  }
  if (args[0] == "--help" || args[0] == "help" || args[0] == "-h") {
    PrintHelp(stdout);
    return kExitClean;
  }
  std::vector<std::string_view> names;
  for (const Verb& v : kVerbs) {
    if (v.name == args[0]) return v.run({args.begin() + 1, args.end()});
    names.push_back(v.name);
  }
  PrintError(absl::StrCat("no verb '", args[0], "'", DidYouMean(args[0], names), "; `ordeal help` lists them"));
  return kExitUsage;
}

}  // namespace
}  // namespace ordeal

int main(int argc, char** argv) {
  if (const char* cwd = std::getenv("BUILD_WORKING_DIRECTORY"); cwd != nullptr && chdir(cwd) != 0) {
    ordeal::PrintError(absl::StrCat(cwd, ": cannot change to the directory that bazel run was called in"));
    return ordeal::kExitUsage;
  }
  return ordeal::Main({argv + 1, argv + argc});
}
