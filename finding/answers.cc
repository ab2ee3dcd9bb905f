#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "finding/event_text.h"
#include "finding/explain.h"

namespace ordeal {
namespace {

constexpr size_t kMostCures = 4;  // the weakest; the HTML report has them all

class Paper {
 public:
  void Line(const char* name, const std::string& text) { absl::StrAppendFormat(&text_, "  %-9s %s\n", name, text); }
  void Gap() { text_ += '\n'; }
  std::string Take() { return std::move(text_); }
  bool empty() const { return text_.empty(); }

 private:
  std::string text_;
};

void TellCure(const char* name, const Cure& c, Paper* paper) {
  for (const Repair& r : c.repairs) {
    paper->Line(&r == &c.repairs.front() ? name : "and", RepairText(r));
    if (!r.c11.empty()) paper->Line("", absl::StrCat("C11: ", r.c11));
    if (r.kind != Repair::Kind::kUndo) paper->Line("", absl::StrCat("costs: x86 ", r.x86, "; ARM ", r.arm, "; POWER ", r.power));
  }
  paper->Line("", ProofText(c));
}

void TellCures(const Finding& f, Paper* paper) {
  for (size_t i = 0; i < f.cures.size() && i < kMostCures; ++i) TellCure(i == 0 ? "cure" : "or", f.cures[i], paper);
  const bool interleaving = f.verdict.headline == "not-ordering/interleaving", sequential = f.verdict.headline == "not-ordering/sequential";
  if (interleaving || sequential) {
    const Count* c = f.verdict.On(sequential ? model::Rung::kSequential : model::Rung::kSc);
    paper->Line("barriers", absl::StrCat("none can cure it: with every access in order it fails, ", c != nullptr ? CountText(*c) : "",
                                         sequential ? ", one op at a time" : ", on SC"));
  } else if (f.cures.empty() && f.verdict.effect) {
    paper->Line("cure", "none found among single changes and pairs of them");
  }
  for (const Cure& c : f.band_aids) {
    paper->Line("band-aid",
                absl::StrCat(absl::StrJoin(c.repairs, " and ", [](std::string* out, const Repair& r) { absl::StrAppend(out, RepairText(r)); })));
    paper->Line("", absl::StrCat("hides the effect (", ProofText(c), "), and the contract stays broken"));
  }
  for (const std::string& u : f.unneeded) paper->Line(&u == &f.unneeded.front() ? "unneeded" : "", u);
}

std::string ChoiceText(const Finding& f, const Choice& c) {
  std::string text = StoreName(f.trace, c.store);
  if (c.taken) return absl::StrCat(text, ": it did");
  if (c.allowed) return absl::StrCat(text, ": allowed, another execution");
  absl::StrAppend(&text, ": forbidden by ", c.axiom);
  if (!c.cycle.empty())
    absl::StrAppend(&text, " (",
                    absl::StrJoin(c.cycle, " before ", [&](std::string* out, u32 e) { absl::StrAppend(out, KeyName(f.trace.events[e].key)); }), ")");
  return text;
}

}  // namespace

std::string Answers(const Finding& f) {
  Paper paper;
  u32 load = model::kNoEvent;
  for (const Choice& c : f.choices) {
    paper.Line(c.load == load ? "" : KeyName(f.trace.events[c.load].key).c_str(),
               absl::StrCat(c.load == load ? "             " : "could read   ", ChoiceText(f, c)));
    load = c.load;
  }
  for (const Difference& d : f.nearest)
    paper.Line(&d == &f.nearest.front() ? "passes if" : "and", absl::StrCat(KeyName(d.at), " on cpu ", d.cpu, " ", d.there, "; here it ", d.here));
  if (!paper.empty()) paper.Gap();
  if (!f.analysed) return paper.Take();
  TellCures(f, &paper);
  paper.Gap();
  return paper.Take();
}

}  // namespace ordeal
