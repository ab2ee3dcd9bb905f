// `ordeal VERB`: the handles. One verb a file; each returns its exit code.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "base/exit_code.h"
#include "base/suggest.h"
#include "base/summary.h"
#include "tools/verb_table.h"
#include "tools/verbs.h"

namespace ordeal {
namespace {

// By name; what they take is in verb_table.cc.
struct Verb {
  std::string_view name;
  int (*run)(const std::vector<std::string>& args);
};
constexpr Verb kVerbs[] = {
    {"replay", ReplayVerb}, {"explain", ExplainVerb}, {"minimise", MinimiseVerb}, {"export", ExportVerb},
    {"report", ReportVerb}, {"compare", CompareVerb}, {"show", ShowVerb},         {"explore", ExploreVerb},
    {"litmus", LitmusVerb}, {"bugs", BugsVerb},       {"whatsup", WhatsUpVerb},   {"compare-runs", CompareRunsVerb},
    {"topo", TopoVerb},     {"doctor", DoctorVerb},
};

bool IsHelp(const std::string& arg) { return arg == "--help" || arg == "--helpfull" || arg == "-h"; }

int Help(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  return kExitClean;
}

int NoVerb(const std::string& name) {
  std::vector<std::string_view> names;
  for (const Verb& v : kVerbs) names.push_back(v.name);
  PrintError(absl::StrCat("no verb '", name, "'", DidYouMean(name, names), "; `ordeal --help` lists them"));
  return kExitUsage;
}

int Main(const std::vector<std::string>& args) {
  if (args.empty()) {
    std::fputs(HelpOfAll(false).c_str(), stderr);
    PrintError("no verb: expected one of the above");
    return kExitUsage;
  }
  const bool help = args[0] == "help";
  if (IsHelp(args[0]) || (help && args.size() == 1)) return Help(HelpOfAll(args[0] == "--helpfull"));
  const std::string& name = help ? args[1] : args[0];
  const Verb* verb = std::ranges::find(kVerbs, name, &Verb::name);
  if (verb == std::end(kVerbs)) return NoVerb(name);
  if (help || std::any_of(args.begin() + 1, args.end(), IsHelp)) return Help(HelpOf(*FindVerb(name)));
  return verb->run({args.begin() + 1, args.end()});
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
