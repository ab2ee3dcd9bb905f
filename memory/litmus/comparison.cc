#include "memory/litmus/comparison.h"

#include <cstdio>
#include <ctime>
#include <vector>

#include "absl/strings/str_cat.h"
#include "memory/litmus/parser.h"

namespace ordeal::litmus {
namespace {

constexpr const char* kCauseNames[kCauses] = {"load buffering", "rare in random search", "not exhaustive: gave up", "unknown"};

double CpuSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

// One test against its answer.
class Comparison {
 public:
  Comparison(const ComparisonPlan& plan, const std::string& name, Tally* tally) : plan_(plan), name_(name), tally_(*tally) {}

  void Run(const std::string& file, const absl::StatusOr<std::string>& text, const OracleAnswer* expected) {
    ++tally_.tests;
    if (expected == nullptr || expected->empty()) {
      ++tally_.no_answer;
      if (plan_.verbose) Say("no answer", "");
      return;
    }
    const double start = CpuSeconds();
    const absl::StatusOr<Test> test = text.ok() ? ParseLitmus(*text, file) : text.status();
    const absl::StatusOr<RunReport> got = test.ok() ? RunTest(*test, plan_.run) : test.status();
    if (!got.ok()) {
      ++tally_.unreadable;
      std::printf("unreadable: %s%s\n", test.ok() ? absl::StrCat(file, ": ").c_str() : "", std::string(got.status().message()).c_str());
    } else if (!Stopped()) {
      tally_.in_full += got->complete;
      CompareVerdict(got->answer, got->complete, *expected);
      if (expected->states && (plan_.run.exhaustive || !expected->race.value_or(false))) CompareStates(*test, *got, *expected);
    }
    tally_.cpu += CpuSeconds() - start;
    std::fflush(stdout);
  }

 private:
  void Say(const char* what, const std::string& more) { std::printf("%s: %s%s%s\n", what, name_.c_str(), more.empty() ? "" : ": ", more.c_str()); }

  // From a part of the executions only what is there counts.
  void CompareVerdict(const Answer& got, bool complete, const OracleAnswer& expected) {
    const bool racy = expected.race.value_or(false);
    const bool ruled_out = (expected.verdict == "Never" && got.positive > 0) || (expected.verdict == "Always" && got.negative > 0);
    if (!expected.verdict.empty() && (complete ? got.Observation() != expected.verdict : ruled_out && !racy)) {
      ++tally_.verdicts;
      Say("verdict", absl::StrCat("got ", got.Observation(), ", expected ", expected.verdict));
    }
    if (expected.race && (complete ? got.data_race != racy : got.data_race && !racy)) {
      ++tally_.races;
      Say("race", got.data_race ? "got one, expected none" : "got none, expected one");
    }
  }

  void CompareStates(const Test& test, const RunReport& got, const OracleAnswer& expected) {
    tally_.states += expected.states->size();
    std::vector<std::string> missed;
    for (const std::string& state : *expected.states) {
      if (got.answer.states.contains(state)) ++tally_.reached;
      else missed.push_back(state);
    }
    if (!expected.partial) {
      for (const auto& [state, count] : got.answer.states) {
        if (expected.states->contains(state)) continue;
        ++tally_.forbidden;
        Say("forbidden reached", state);
      }
    }
    if (!missed.empty()) SayMissed(test, got, missed);
  }

  void SayMissed(const Test& test, const RunReport& got, const std::vector<std::string>& missed) {
    RunReport with = got, without;
    if (!plan_.run.exhaustive) {
      with = Search(test, true);
      without = Search(test, false);
    }
    for (const std::string& state : missed) {
      Cause cause = with.complete ? kUnknown : kGaveUp;
      if (with.answer.states.contains(state)) cause = without.complete && !without.answer.states.contains(state) ? kLoadBuffering : kRare;
      ++tally_.missed[cause];
      Say("allowed missed", absl::StrCat(state, " (", kCauseNames[cause], ")"));
    }
  }

  bool Stopped() const { return plan_.run.stop && plan_.run.stop(); }
  RunReport Search(const Test& test, bool promises) {
    RunPlan plan = plan_.run;
    plan.exhaustive = true;
    plan.runs = 0;
    plan.promises = promises;
    return RunTest(test, plan).value_or(RunReport());
  }

  const ComparisonPlan& plan_;
  const std::string& name_;
  Tally& tally_;
};

}  // namespace

void Tally::Add(const Tally& t) {
  tests += t.tests, no_answer += t.no_answer, unreadable += t.unreadable, in_full += t.in_full, states += t.states, reached += t.reached;
  for (int c = 0; c < kCauses; ++c) missed[c] += t.missed[c];
  forbidden += t.forbidden, verdicts += t.verdicts, races += t.races, cpu += t.cpu;
}

void Compare(const ComparisonPlan& plan, const std::string& name, const std::string& file, const absl::StatusOr<std::string>& text,
             const OracleAnswer* expected, Tally* tally) {
  Comparison(plan, name, tally).Run(file, text, expected);
}

}  // namespace ordeal::litmus
