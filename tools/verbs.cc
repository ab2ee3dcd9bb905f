#include "tools/verbs.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/suggest.h"

namespace ordeal {

std::string VerbArgs::Get(std::string_view name, std::string_view otherwise) const {
  for (const auto& [n, v] : flags)
    if (n == name) return v;
  return std::string(otherwise);
}

bool VerbArgs::Has(std::string_view name) const {
  return std::any_of(flags.begin(), flags.end(), [&](const auto& f) { return f.first == name; });
}

absl::StatusOr<VerbArgs> ParseVerbArgs(std::string_view verb, const std::vector<std::string>& args, const std::vector<std::string_view>& known,
                                       size_t least_files, size_t most_files) {
  VerbArgs out;
  for (const std::string& a : args) {
    if (a.rfind("-", 0) != 0 || a == "-") {
      out.files.push_back(a);
      continue;
    }
    const std::string body = a.substr(a.rfind("--", 0) == 0 ? 2 : 1);
    const size_t eq = body.find('=');
    const std::string name = body.substr(0, eq);
    if (std::find(known.begin(), known.end(), name) == known.end())
      return absl::InvalidArgumentError(absl::StrCat(std::string(verb), ": unknown flag --", name, DidYouMean(name, known)));
    out.flags.emplace_back(name, eq == std::string::npos ? "" : body.substr(eq + 1));
  }
  if (out.files.size() < least_files || out.files.size() > most_files)
    return absl::InvalidArgumentError(
        absl::StrCat(std::string(verb), ": got ", out.files.size(), " files, expected ", least_files, most_files > least_files ? " or more" : ""));
  return out;
}

}  // namespace ordeal
