#include "memory/litmus/state.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace ordeal::litmus {
namespace {

i64 ValueOf(const Item& item, const FinalState& state) {
  return item.thread == kNothing ? state.memory(item.index, item.element) : state.threads[item.thread].registers[item.index].number;
}

std::string ArrayText(const Test& test, int variable, const FinalState& state) {
  std::string text;
  for (int element = 0; element < test.variables[variable].size(); element++)
    absl::StrAppend(&text, element == 0 ? "{" : ",", ValueName(test, state.memory(variable, element)));
  return text + "}";
}

std::string ItemText(const Test& test, const Item& item, const FinalState& state) {
  if (item.thread != kNothing)
    return absl::StrCat(item.thread, ":", test.threads[item.thread].registers[item.index].name, "=", ValueName(test, ValueOf(item, state)));
  const Variable& v = test.variables[item.index];
  if (item.element == kNothing) return absl::StrCat(v.name, "=", ArrayText(test, item.index, state));
  const std::string value = ValueName(test, ValueOf(item, state));
  return v.array ? absl::StrCat(v.name, "[", item.element, "]=", value) : absl::StrCat("[", v.name, "]=", value);
}

const char* KindName(Quantifier q) {
  constexpr const char* kNames[] = {"Allowed", "Forbidden", "Required"};
  return kNames[static_cast<int>(q)];
}

}  // namespace

std::string ValueName(const Test& test, i64 value) {
  const Place place = PlaceAt(test, static_cast<u64>(value));
  if (!place) return absl::StrCat(value);
  const Variable& v = test.variables[place.variable];
  return v.array ? absl::StrCat(v.name, "[", place.element, "]") : v.name;
}

std::string StateLine(const Test& test, const FinalState& state) {
  std::string line;
  for (const Item& item : test.observed) absl::StrAppend(&line, line.empty() ? "" : " ", ItemText(test, item, state), ";");
  return line;
}

bool Holds(const Test& test, int condition, const FinalState& state) {
  if (condition == kNothing) return true;
  const Condition& c = test.conditions[condition];
  using Op = Condition::Op;
  switch (c.op) {
    case Op::kTrue: return true;
    case Op::kFalse: return false;
    case Op::kEqual: return ValueOf(c.item, state) == c.value;
    case Op::kEqualItems: return ValueOf(c.item, state) == ValueOf(c.other, state);
    case Op::kNot: return !Holds(test, c.left, state);
    case Op::kAnd: return Holds(test, c.left, state) && Holds(test, c.right, state);
    case Op::kOr: return Holds(test, c.left, state) || Holds(test, c.right, state);
    case Op::kImplies: return !Holds(test, c.left, state) || Holds(test, c.right, state);
  }
  return false;
}

bool Count(const Test& test, const FinalState& state, Answer& answer, u64 times) {
  if (!Holds(test, test.filter, state)) return false;
  answer.states[StateLine(test, state)] += times;
  (Holds(test, test.condition, state) ? answer.positive : answer.negative) += times;
  return true;
}

// The witnesses are those of the question: of ~exists, the executions where it does not hold.
std::string AnswerText(const Test& test, const Answer& answer) {
  std::string text = absl::StrFormat("Test %s %s\nStates %d\n", test.name, KindName(test.quantifier), answer.states.size());
  for (const auto& [line, count] : answer.states) absl::StrAppend(&text, line, "\n");
  const bool swapped = test.quantifier == Quantifier::kNotExists;
  absl::StrAppend(&text, answer.truncated ? "Loop " : "", answer.Ok(test.quantifier) ? "Ok" : "No", "\nWitnesses\n");
  const u64 yes = answer.positive, no = answer.negative;
  absl::StrAppendFormat(&text, "Positive: %d Negative: %d\n", swapped ? no : yes, swapped ? yes : no);
  if (answer.data_race) text += "Flag data-race\n";
  absl::StrAppendFormat(&text, "Condition %s\n", test.condition_text);
  absl::StrAppendFormat(&text, "Observation %s %s %d %d\n", test.name, answer.Observation(), yes, no);
  absl::StrAppendFormat(&text, "Time %s %.2f\n\n", test.name, answer.seconds);
  return text;
}

}  // namespace ordeal::litmus
