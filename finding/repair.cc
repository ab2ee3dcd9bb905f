#include "finding/repair.h"

#include "absl/strings/str_cat.h"

namespace ordeal {

std::string RepairText(const Repair& r) { return absl::StrCat(r.where, ": ", r.kernel); }

std::string ProofText(const Cure& c) {
  constexpr const char* kProofs[] = {"", "all of them", "all but chains of load buffering", "all but load buffering", "not exhausted", "sampled"};
  return absl::StrCat(c.failing, " of ", c.executions, " executions fail, ", kProofs[static_cast<int>(c.proof)]);
}

std::string CureText(const Cure& c) {
  std::string text;
  for (const Repair& r : c.repairs) absl::StrAppend(&text, text.empty() ? "" : ", and ", RepairText(r));
  return absl::StrCat(text, " (", ProofText(c), ")");
}

}  // namespace ordeal
