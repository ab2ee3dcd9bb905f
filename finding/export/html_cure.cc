#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "finding/export/html_sections.h"
#include "finding/export/html_text.h"

namespace ordeal {

namespace {

std::string Quiet(const std::string& text) { return Element("span class=\"quiet\"", Escaped(text)); }

std::string CostHtml(const Repair& r) {
  if (r.kind == Repair::Kind::kUndo || (r.x86.empty() && r.arm.empty() && r.power.empty())) return "";
  // "nothing" is quiet, an instruction stands out.
  const auto on = [](const char* machine, const std::string& cost) {
    return Element("dt", machine) + Element("dd", cost.empty() || cost.rfind("nothing", 0) == 0 ? Quiet(cost.empty() ? "?" : cost) : Code(cost));
  };
  return Block("dl class=\"cost\"", on("x86", r.x86) + on("ARM", r.arm) + on("POWER", r.power));
}

std::string RepairHtml(const Repair& r) {
  const bool prose = r.kind == Repair::Kind::kUndo || r.kind == Repair::Kind::kLock;  // no one call that could be pasted
  std::string html = Block("p class=\"where\"", Escaped(r.where) + " " + Quiet(r.user ? "on the user's side" : "on the allocator's side"));
  html += Block("p class=\"kernel\"", prose ? Escaped(r.kernel) : Code(r.kernel));
  if (!r.c11.empty()) html += Block("p class=\"c11\"", "in C11: " + Code(r.c11));
  return html + CostHtml(r);
}

std::string CureCard(const Cure& c, const std::string& look) {
  std::vector<std::string> repairs;
  for (const Repair& r : c.repairs) repairs.push_back(RepairHtml(r));
  std::string proof = absl::StrCat("With it ", ProofText(c), ".");
  if (c.keeps_contract) proof += " No breach of the contract is left.";
  return Block("div class=\"" + look + "\"",
               "\n" + absl::StrJoin(repairs, Block("p class=\"and\"", "and")) + Block("p class=\"proof\"", Escaped(proof)));
}

// What an analysis tells where there is nothing to show.
std::string NoBarrier(const Finding& f) {
  const bool sequential = f.verdict.headline == "not-ordering/sequential";
  if (!f.analysed) return "";
  if (sequential || f.verdict.headline == "not-ordering/interleaving") {
    const Count* c = f.verdict.On(sequential ? model::Rung::kSequential : model::Rung::kSc);
    return absl::StrCat("No barrier can cure it: with every access in order it fails, ", c != nullptr ? CountText(*c) : "",
                        sequential ? ", one op at a time." : ", on SC.");
  }
  return f.cures.empty() && f.verdict.effect ? "None found among single changes and pairs of them." : "";
}

std::string CuresHtml(const Finding& f) {
  std::string html;
  if (const std::string none = NoBarrier(f); !none.empty()) html += Block("p class=\"no-barrier\"", Escaped(none));
  if (f.cures.size() > 1) html += Block("p class=\"note\"", "Weakest first; each one alone is enough.");
  for (const Cure& c : f.cures) html += CureCard(c, &c == &f.cures.front() ? "cure weakest" : "cure");
  return Section("cure", f.cures.size() > 1 ? "The cures" : "The cure", html);
}

std::string BandAidsHtml(const Finding& f) {
  if (f.band_aids.empty()) return "";
  std::string html = Block("p class=\"warning\"", "These hide the effect and leave the contract broken. Do not take them for a cure.");
  for (const Cure& c : f.band_aids) html += CureCard(c, "cure");
  return Section("band-aids", "Band-aids", html);
}

std::string UnneededHtml(const Finding& f) {
  if (f.unneeded.empty()) return "";
  std::string list;
  for (const std::string& text : f.unneeded) list += Block("li", Escaped(text));
  const std::string note = Block("p class=\"note\"", "Stated in the code, and not needed by these executions. Others may need them.");
  return Section("unneeded", "Orders and barriers that these executions do not need", note + Element("ul", "\n" + list));
}

}  // namespace

std::string CureHtml(const Finding& f) { return CuresHtml(f) + BandAidsHtml(f) + UnneededHtml(f); }

}  // namespace ordeal
