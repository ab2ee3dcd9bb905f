// How did it end, and is that what the test asks about? States and answers are written as herd7 writes them.
#pragma once
#include <functional>
#include <map>
#include <span>
#include <string>

#include "memory/litmus/test.h"
#include "memory/litmus/thread.h"

namespace ordeal::litmus {

// One execution, all of whose threads have ended.
struct FinalState {
  std::span<const ThreadState> threads;
  std::function<i64(int variable, int element)> memory;
};

// "x" and "a[1]" for addresses, else the number.
std::string ValueName(const Test& test, i64 value);

// "1:r0=1; [x]=2; a[0]=3; b={1,2};": what the test observes.
std::string StateLine(const Test& test, const FinalState& state);

// An index into Test::conditions; kNothing holds always.
bool Holds(const Test& test, int condition, const FinalState& state);

struct Answer {
  std::map<std::string, u64> states;  // with how often each was seen
  u64 positive = 0, negative = 0;     // executions for which the proposition behind the quantifier holds, or not
  bool data_race = false;
  bool truncated = false;  // some executions were given up
  double seconds = 0;

  bool Ok(Quantifier q) const { return q == Quantifier::kExists ? positive > 0 : q == Quantifier::kNotExists ? positive == 0 : negative == 0; }
  // Never, Sometimes or Always.
  const char* Observation() const { return positive == 0 ? "Never" : negative == 0 ? "Always" : "Sometimes"; }
};

// Counts so many executions, unless the test's filter leaves it out: then false.
bool Count(const Test& test, const FinalState& state, Answer& answer, u64 times = 1);

// The whole answer, from "Test" to "Time", ended by an empty line.
std::string AnswerText(const Test& test, const Answer& answer);

}  // namespace ordeal::litmus
