#include "stress/placement/policy.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "base/suggest.h"

namespace ordeal::stress {
namespace {

struct Named {
  Policy policy;
  std::string_view name;
};
constexpr Named kPolicies[] = {
    {Policy::kSpread, "spread"}, {Policy::kCompact, "compact"}, {Policy::kSmt, "smt"},   {Policy::kCache, "cache"},   {Policy::kPackage, "package"},
    {Policy::kNode, "node"},     {Policy::kRandom, "random"},   {Policy::kList, "list"}, {Policy::kRotate, "rotate"},
};

}  // namespace

const char* PolicyName(Policy policy) {
  for (const Named& n : kPolicies)
    if (n.policy == policy) return n.name.data();
  return "?";
}

absl::StatusOr<Policy> ParsePolicy(std::string_view name) {
  std::vector<std::string_view> names;
  std::string all;
  for (const Named& n : kPolicies) {
    if (n.name == name) return n.policy;
    names.push_back(n.name);
    absl::StrAppend(&all, all.empty() ? "" : ", ", std::string(n.name));
  }
  return absl::InvalidArgumentError(absl::StrCat("placement: expected ", all, ", got \"", std::string(name), "\"", DidYouMean(name, names)));
}

const std::vector<Policy>& RotatedPolicies() {
  static const std::vector<Policy>& all =
      *new std::vector<Policy>{Policy::kSpread, Policy::kCompact, Policy::kSmt, Policy::kCache, Policy::kPackage, Policy::kNode, Policy::kRandom};
  return all;
}

}  // namespace ordeal::stress
