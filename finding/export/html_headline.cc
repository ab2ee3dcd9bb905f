#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "finding/explain.h"
#include "finding/export/html_sections.h"
#include "finding/export/html_text.h"

namespace ordeal {

using model::Rung;

namespace {

bool ProvedAbsent(const Verdict& v, Rung rung) { return v.On(rung) != nullptr && v.On(rung)->passes(); }

std::string Ordering(const Verdict& v) {
  const std::string rung = v.headline.substr(v.headline.find('/') + 1);
  if (rung == "TSO") return "Ordering: TSO (x86) is enough.";
  if (rung == "ARMv8+POWER") return "Ordering: needs ARMv8 or POWER.";
  if (rung != "LKMM") return absl::StrCat("Ordering: needs ", rung, ".");
  const bool no_machine = ProvedAbsent(v, Rung::kTso) && ProvedAbsent(v, Rung::kArmv8) && ProvedAbsent(v, Rung::kPower);
  return no_machine ? "Ordering: the LKMM allows it, no known hardware shows it." : "Ordering: seen on the LKMM, on no machine that was searched.";
}

std::string IsItOrdering(const Verdict& v) {
  const std::string& h = v.headline;
  if (h == "not-ordering/sequential") return "Not ordering: it fails with every op run to its end, one at a time.";
  if (h == "not-ordering/interleaving") return "Not ordering: an interleaving is enough.";
  if (h.rfind("ordering/", 0) == 0) return Ordering(v);
  if (h == "race") return "A data race, without damage in this execution.";
  if (h == "contract/latent") return "Latent: nothing went wrong in this execution.";
  if (h == "liveness" && v.effect) return absl::StrCat("It comes to no end: ", ViolationName(v.effect->violation), ".");
  return absl::StrCat(h, ".");
}

std::string WhoseFault(const Verdict& v) {
  switch (v.owner) {
    case Owner::kUser:
      if (v.headline.rfind("not-ordering", 0) == 0) return "The user misused what it no longer holds.";
      return v.contract ? "The user broke the contract." : "The user owes the repair.";
    case Owner::kAllocator: return v.contract ? "The allocator owes the repair." : "The allocator owes the repair; its users kept the contract.";
    case Owner::kBoth: return "The user broke the contract, and the allocator fails without that, too.";
    case Owner::kUnclear: return "Whose fault it is was not decided.";
  }
  return "";
}

std::string Label(const std::string& name, const std::string& value, const std::string& look = "") {
  return Element("li" + look, Element("span", Escaped(name)) + " " + Code(value));
}

}  // namespace

std::string Answer(const Finding& f) { return absl::StrCat(IsItOrdering(f.verdict), " ", WhoseFault(f.verdict)); }

std::string HeadlineHtml(const Finding& f) {
  const Verdict& v = f.verdict;
  const Reproducer& r = f.reproducer;
  std::string labels = Label("headline", v.headline) + Label("owner", OwnerName(v.owner)) + Label("allocator", r.allocator) + Label("model", r.model);
  if (!r.bugs.empty()) labels += Label("bugs planted", absl::StrJoin(r.bugs, ", "), " class=\"planted\"");
  if (f.minimal) labels += Element("li", Element("span", "minimal: no op, CPU or decision can go"));
  std::string html = Block("p class=\"kind\"", "Ordeal finding");
  html += Block("h1", Escaped(IsItOrdering(v)) + " " + Element("span", Escaped(WhoseFault(v))));
  if (!v.owner_reason.empty()) html += Block("p class=\"reason\"", Escaped(absl::StrCat("Why: ", v.owner_reason, ".")));
  return Block("header", "\n" + html + Block("ul class=\"labels\"", labels)) + "\n";
}

std::string FactsHtml(const Finding& f) {
  // The sentences of the report for terminals: a name in columns 2 to 11; a line without one goes on with the fact before it.
  std::string list, name, text;
  const auto flush = [&] {
    if (!name.empty() && name != "rung" && name != "machines")
      absl::StrAppend(&list, Element("dt", Escaped(name)), Element("dd", Escaped(text)), "\n");
  };
  const std::string facts = Facts(f);
  for (size_t at = 0, end; at < facts.size(); at = end + 1) {
    end = std::min(facts.find('\n', at), facts.size());
    const std::string line = facts.substr(at, end - at);
    const bool named = line.size() > 12 && line.rfind("  ", 0) == 0 && line[2] != ' ' && line[11] == ' ';
    if (!named) {
      absl::StrAppend(&text, "\n", line.substr(std::min(line.find_first_not_of(' '), line.size())));
      continue;
    }
    flush();
    name = line.substr(2, line.find(' ', 2) - 2);
    text = line.substr(12);
  }
  flush();
  return Section("facts", "The facts", Element("dl", "\n" + list));
}

}  // namespace ordeal
