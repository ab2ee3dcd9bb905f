// Which verbs does `ordeal` have, and what do they share?
#pragma once
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace ordeal {

// Each takes the arguments after its name and returns the process's exit code.
int ReplayVerb(const std::vector<std::string>& args);
int ExplainVerb(const std::vector<std::string>& args);
int ShowVerb(const std::vector<std::string>& args);
int MinimiseVerb(const std::vector<std::string>& args);
int ExportVerb(const std::vector<std::string>& args);
int ReportVerb(const std::vector<std::string>& args);
int CompareVerb(const std::vector<std::string>& args);
int ExploreVerb(const std::vector<std::string>& args);
int LitmusVerb(const std::vector<std::string>& args);
int CompareRunsVerb(const std::vector<std::string>& args);
int WhatsUpVerb(const std::vector<std::string>& args);
int BugsVerb(const std::vector<std::string>& args);
int TopoVerb(const std::vector<std::string>& args);
int DoctorVerb(const std::vector<std::string>& args);

// Arguments of a verb: files, and `--name=value` or `--name` as verb_table.h has them. Anything else is an error of one line.
struct VerbArgs {
  std::vector<std::string> files;
  std::vector<std::pair<std::string, std::string>> flags;
  std::string Get(std::string_view name, std::string_view otherwise) const;
  bool Has(std::string_view name) const;
};
absl::StatusOr<VerbArgs> ParseVerbArgs(std::string_view verb, const std::vector<std::string>& args);

}  // namespace ordeal
