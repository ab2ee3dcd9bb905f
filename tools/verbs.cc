#include "tools/verbs.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/suggest.h"
#include "tools/verb_table.h"

namespace ordeal {

std::string VerbArgs::Get(std::string_view name, std::string_view otherwise) const {
  for (const auto& [n, v] : flags)
    if (n == name) return v;
  return std::string(otherwise);
}

bool VerbArgs::Has(std::string_view name) const {
  return std::any_of(flags.begin(), flags.end(), [&](const auto& f) { return f.first == name; });
}

namespace {

absl::Status TakeFlag(const VerbEntry& verb, const std::string& arg, VerbArgs* out) {
  const std::string body = arg.substr(arg.rfind("--", 0) == 0 ? 2 : 1);
  const size_t eq = body.find('=');
  const std::string name = body.substr(0, eq), title(verb.name);
  const auto flag = std::ranges::find(verb.flags, name, &VerbFlag::name);
  if (flag == verb.flags.end()) {
    std::vector<std::string_view> names;
    for (const VerbFlag& f : verb.flags) names.push_back(f.name);
    return absl::InvalidArgumentError(
        absl::StrCat(title, ": unknown flag --", name, DidYouMean(name, names), "; `ordeal ", title, " --help` lists them"));
  }
  if (flag->value.empty() != (eq == std::string::npos))
    return absl::InvalidArgumentError(
        absl::StrCat(title, ": got ", arg, ", expected --", name, flag->value.empty() ? "" : "=", std::string(flag->value)));
  out->flags.emplace_back(name, eq == std::string::npos ? "" : body.substr(eq + 1));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<VerbArgs> ParseVerbArgs(std::string_view verb, const std::vector<std::string>& args) {
  const VerbEntry* entry = FindVerb(verb);
  ORDEAL_CHECK(entry != nullptr, "every verb is in the table");
  VerbArgs out;
  for (const std::string& a : args) {
    if (a.rfind("-", 0) != 0 || a == "-") {
      out.files.push_back(a);
    } else if (absl::Status s = TakeFlag(*entry, a, &out); !s.ok()) {
      return s;
    }
  }
  if (out.files.size() < entry->least_files || out.files.size() > entry->most_files)
    return absl::InvalidArgumentError(absl::StrCat(std::string(verb), ": got ", out.files.size(), " files, expected ", entry->least_files,
                                                   entry->most_files > entry->least_files ? " or more" : ""));
  return out;
}

}  // namespace ordeal
