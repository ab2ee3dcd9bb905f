// A rung weaker than one that fails was perhaps not searched: it fails too, by inclusion.
#include <algorithm>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "finding/export/html_sections.h"
#include "finding/export/html_text.h"

namespace ordeal {

using model::Rung;

namespace {

// Does `weak` allow all that `strong` allows? Of the ladder's rungs; ARMv8 and POWER are incomparable.
bool Includes(Rung weak, Rung strong) { return strong < weak && !(strong == Rung::kArmv8 && weak == Rung::kPower); }

const Count* FirstFailingBelow(const Verdict& v, Rung rung) {
  for (const Count& c : v.ladder)
    if (c.fails() && std::ranges::find(kLadder, c.rung) != std::end(kLadder) && Includes(rung, c.rung)) return &c;
  return nullptr;
}

struct Cell {
  std::string look, word, proof;
};

Cell CellOf(const Verdict& v, Rung rung, bool on_ladder) {
  const Count* c = v.On(rung);
  if (c == nullptr || c->proof == Proof::kNotSearched) {
    const Count* below = on_ladder ? FirstFailingBelow(v, rung) : nullptr;
    if (below == nullptr) return {"unknown", "not searched", ""};
    return {"follows", "follows", absl::StrCat("allows all that ", std::string(model::RungTitle(below->rung)), " allows")};
  }
  const std::string partial = c->proof == Proof::kAll ? "" : " partial";
  if (c->fails()) return {"fails" + partial, "fails", CountText(*c)};
  return {"passes" + partial, c->passes() ? "passes" : "none seen", CountText(*c)};
}

std::string CellHtml(const Verdict& v, Rung rung, bool on_ladder) {
  const Cell cell = CellOf(v, rung, on_ladder);
  std::string text = Element("b", Escaped(std::string(model::RungTitle(rung)))) + Element("em", Escaped(cell.word));
  if (!cell.proof.empty()) text += Element("small", Escaped(cell.proof));
  if (const Count* c = v.On(rung); c != nullptr && c->fails() && c->symptom != Violation::kNone)
    text += Element("small", Escaped(absl::StrCat("first: ", ViolationName(c->symptom))));
  if (std::ranges::find(kMachines, rung) != std::end(kMachines)) {
    const bool allowed = v.machines[static_cast<int>(rung)];
    text += Element(allowed ? "small class=\"here allowed\"" : "small class=\"here\"", allowed ? "allows this execution" : "forbids this execution");
  }
  return Block("li class=\"" + cell.look + "\"", text);
}

std::string Legend(const Verdict& v) {
  std::string text = "Executions of the reproducer's program with an effect, of those looked at.";
  const auto any = [&](Proof proof) { return std::ranges::any_of(v.ladder, [&](const Count& c) { return c.proof == proof; }); };
  if (any(Proof::kAll)) text += " \"all of them\" proves absence.";
  if (any(Proof::kAllButChains))
    text += " \"all but chains of load buffering\" leaves out executions in which more than one load reads from a store which it itself leads to.";
  if (any(Proof::kAllButBuffering)) text += " \"all but load buffering\" leaves out loads that read from a store which they themselves lead to.";
  const bool partial = any(Proof::kAllButChains) || any(Proof::kAllButBuffering) || any(Proof::kBounded) || any(Proof::kSampled);
  if (partial) text += " A dashed frame is a search that left something out, ended at its bound or drew at random: it proves no absence.";
  return Element("p class=\"note\"", Escaped(text));
}

}  // namespace

std::string LadderHtml(const Finding& f) {
  const Verdict& v = f.verdict;
  if (v.ladder.empty()) return "";
  std::string cells;
  for (const Rung rung : kLadder) cells += CellHtml(v, rung, true);
  std::string beside;
  for (const Count& c : v.ladder)
    if (std::ranges::find(kLadder, c.rung) == std::end(kLadder)) beside += CellHtml(v, c.rung, false);
  std::string html = Block("ol class=\"ladder\"", "\n" + cells);
  if (!beside.empty()) html += Block("p class=\"note\"", "Beside the ladder:") + Block("ol class=\"ladder\"", "\n" + beside);
  return Section("ladder", "On which memory does it fail?", html + Legend(v));
}

}  // namespace ordeal
