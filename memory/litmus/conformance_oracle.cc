#include "memory/litmus/conformance_oracle.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "base/file.h"
#include "memory/litmus/json_line.h"

namespace ordeal::litmus {
namespace {

// What can be wrong with a line; empty: nothing.
using Complaint = std::string;

// take(line), for each; none if there is no such file.
absl::Status ForEachLine(const std::string& path, const std::function<Complaint(absl::string_view)>& take) {
  const absl::StatusOr<std::string> text = ReadFile(path);
  if (absl::IsNotFound(text.status())) return absl::OkStatus();
  if (!text.ok()) return text.status();
  size_t number = 0;
  for (absl::string_view rest = *text; !rest.empty();) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    ++number;
    if (const Complaint c = take(rest.substr(0, end)); !c.empty()) return absl::InvalidArgumentError(absl::StrCat(path, ":", number, ": ", c));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return absl::OkStatus();
}

absl::Status ForEachObject(const std::string& path, const std::function<Complaint(const JsonObject&)>& take) {
  return ForEachLine(path, [&](absl::string_view line) {
    JsonObject object;
    const Complaint damaged = ParseJsonLine(line, &object);
    return damaged.empty() ? take(object) : damaged;
  });
}

Complaint SetVerdict(absl::string_view text, OracleAnswer* answer) {
  if (text != "Never" && text != "Sometimes" && text != "Always")
    return absl::StrCat("got the verdict '", text, "', expected Never, Sometimes or Always");
  answer->verdict = std::string(text);
  return "";
}

Complaint SetRace(absl::string_view text, OracleAnswer* answer) {
  answer->race = text == "1" || text == "true";
  return *answer->race || text == "0" || text == "false" ? "" : absl::StrCat("got the race '", text, "', expected 0 or 1");
}

// What the object says of the states under this key, and of "verdict", "race" and "partial".
Complaint SetAnswer(const JsonObject& o, const std::string& key, OracleAnswer* answer) {
  if (const auto states = o.find(key); states != o.end()) {
    if (!states->second.is_list) return absl::StrCat("got \"", key, "\" that is no list, expected a list of states");
    answer->states.emplace(states->second.list.begin(), states->second.list.end());
  }
  Complaint c;
  if (const auto race = o.find("race"); race != o.end()) c = SetRace(race->second.text, answer);
  if (const auto verdict = o.find("verdict"); verdict != o.end() && c.empty()) c = SetVerdict(verdict->second.text, answer);
  if (const auto partial = o.find("partial"); partial != o.end()) answer->partial = partial->second.text == "true";
  return c;
}

Complaint FindString(const JsonObject& o, const std::string& key, std::string* text) {
  const auto field = o.find(key);
  if (field == o.end() || !field->second.is_string || field->second.text.empty()) return absl::StrCat("got no \"", key, "\", expected a string");
  *text = field->second.text;
  return "";
}

Complaint AddStates(const JsonObject& o, Oracle* oracle) {
  std::string name;
  if (const Complaint c = FindString(o, "name", &name); !c.empty()) return c;
  if (!o.contains("states")) return "got no \"states\", expected a list of states";
  const auto [answer, first] = oracle->answers.try_emplace(name);
  return first ? SetAnswer(o, "states", &answer->second) : absl::StrCat("got '", name, "' again, expected each test once");
}

Complaint AddProgram(const JsonObject& o, model::Rung rung, Oracle* oracle) {
  OracleProgram p;
  if (const Complaint c = FindString(o, "name", &p.name); !c.empty()) return c;
  if (const Complaint c = FindString(o, "prog", &p.text); !c.empty()) return c;
  if (const Complaint c = SetAnswer(o, rung == model::Rung::kCoherence ? "coh" : std::string(model::RungName(rung)), &p.answer); !c.empty()) return c;
  if (rung != model::Rung::kLkmm) p.answer.race.reset();
  oracle->programs.push_back(std::move(p));
  return "";
}

// The lines of verdicts.tsv, the header first.
class VerdictReader {
 public:
  VerdictReader(model::Rung rung, Oracle* oracle)
      : lkmm_(rung == model::Rung::kLkmm), column_(lkmm_ ? "verdict" : std::string(model::RungName(rung))), oracle_(oracle) {}

  Complaint operator()(absl::string_view line) {
    const std::vector<absl::string_view> fields = absl::StrSplit(line, '\t');
    if (header_.empty()) {
      for (const absl::string_view field : fields) header_.emplace_back(field);
      return Find("name") ? "" : absl::StrCat("got the header '", line, "', expected a column 'name'");
    }
    if (fields.size() != header_.size()) return absl::StrCat("got ", fields.size(), " columns, expected ", header_.size(), " as in the header");
    const std::string name(fields[*Find("name")]);
    if (name.empty() || !names_.insert(name).second) return absl::StrCat("got the name '", name, "', expected each test once");
    OracleAnswer* answer = &oracle_->answers[name];
    Complaint c;
    if (const auto verdict = Find(column_)) c = SetVerdict(fields[*verdict], answer);
    if (const auto race = Find("race"); race && lkmm_ && c.empty()) c = SetRace(fields[*race], answer);
    return c;
  }

 private:
  std::optional<size_t> Find(absl::string_view column) const {
    for (size_t k = 0; k < header_.size(); ++k)
      if (header_[k] == column) return k;
    return std::nullopt;
  }

  const bool lkmm_;
  const std::string column_;
  Oracle* oracle_;
  std::vector<std::string> header_;
  std::set<std::string> names_;
};

}  // namespace

absl::StatusOr<Oracle> ReadOracle(const std::string& directory, model::Rung rung) {
  Oracle oracle;
  const std::string suffix = rung == model::Rung::kLkmm ? "" : absl::StrCat("-", std::string(model::RungName(rung)));
  absl::Status s = ForEachObject(absl::StrCat(directory, "/states", suffix, ".jsonl"), [&](const JsonObject& o) { return AddStates(o, &oracle); });
  if (s.ok()) s = ForEachLine(directory + "/verdicts.tsv", VerdictReader(rung, &oracle));
  if (s.ok()) s = ForEachObject(directory + "/programs.jsonl", [&](const JsonObject& o) { return AddProgram(o, rung, &oracle); });
  if (!s.ok()) return s;
  return oracle;
}

}  // namespace ordeal::litmus
