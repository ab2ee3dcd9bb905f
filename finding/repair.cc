#include "finding/repair.h"

#include "absl/strings/str_cat.h"

namespace ordeal {

std::string RepairText(const Repair& r) { return absl::StrCat(r.where, ": ", r.kernel); }

std::string ProofText(const Cure& c) {
  return absl::StrCat(c.failing, " of ", c.executions, " executions fail",
                      c.exhaustive          ? ", all of them"
                      : c.all_but_buffering ? ", all but load buffering"
                                            : ", not exhausted");
}

std::string CureText(const Cure& c) {
  std::string text;
  for (const Repair& r : c.repairs) absl::StrAppend(&text, text.empty() ? "" : ", and ", RepairText(r));
  return absl::StrCat(text, " (", ProofText(c), ")");
}

}  // namespace ordeal
