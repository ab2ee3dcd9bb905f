#include "memory/litmus/state.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "memory/litmus/parser.h"
#include "memory/litmus/sequential_port.h"

namespace ordeal::litmus {
namespace {

constexpr const char* kTest = R"(C two
{ int *p = &y; int a[2] = {7, &a}; }
P0(int *x, int **p, int a[]) { int r2 = READ_ONCE(*x); int r10 = -3; WRITE_ONCE(*x, 1); WRITE_ONCE(*p, &a[1]); }
P1(int *x, int **p) { int r0 = READ_ONCE(*x); int *r1 = READ_ONCE(*p); }
)";

// Its threads have run one after the other.
struct Done {
  explicit Done(const std::string& finals) : test(*ParseLitmus(kTest + finals, "two")), threads(test.threads.size()), port(test) {
    for (size_t t = 0; t < threads.size(); t++) RunThread(test, static_cast<int>(t), threads[t], port);
  }
  FinalState state() const {
    return {threads, [this](int variable, int element) { return port.ValueAt(variable, element); }};
  }
  bool holds() const { return Holds(test, test.condition, state()); }

  Test test;
  std::vector<ThreadState> threads;
  SequentialPort port;
};

std::string LineWith(const std::string& finals) {
  const Done done(finals);
  return StateLine(done.test, done.state());
}

TEST(StateTest, AStateShowsRegistersThenVariables) {
  EXPECT_EQ(LineWith("exists (x=1 /\\ 1:r0=1 /\\ 0:r2=0)"), "0:r2=0; 1:r0=1; [x]=1;");
  EXPECT_EQ(LineWith("locations [0:r10; 0:r2; y] exists (x=1)"), "0:r10=-3; 0:r2=0; [x]=1; [y]=0;");
  EXPECT_EQ(LineWith("locations [p; 1:r1; a;] exists (a[0]=7)"), "1:r1=a[1]; a={7,a[0]}; a[0]=7; [p]=a[1];");
  EXPECT_EQ(LineWith("exists (1:r9=0)"), "1:r9=0;");
  EXPECT_EQ(LineWith(""), "");
}

TEST(StateTest, AFilterIsNotShown) { EXPECT_EQ(LineWith("filter (x=1) exists (1:r0=1)"), "1:r0=1;"); }

TEST(StateTest, NumbersThatAreNoAddressOfAVariableAreNumbers) {
  const Done done("");
  EXPECT_EQ(ValueName(done.test, static_cast<i64>(AddressOf(0, 0))), "p");
  EXPECT_EQ(ValueName(done.test, static_cast<i64>(AddressOf(0, 0)) + 1), std::to_string(AddressOf(0, 0) + 1));
  EXPECT_EQ(ValueName(done.test, static_cast<i64>(AddressOf(0, 1))), std::to_string(AddressOf(0, 1)));
  EXPECT_EQ(ValueName(done.test, static_cast<i64>(AddressOf(4000, 0))), std::to_string(AddressOf(4000, 0)));
  EXPECT_EQ(ValueName(done.test, -1), "-1");
}

TEST(StateTest, ConditionsHoldAsTheyRead) {
  const struct {
    const char* condition;
    bool holds;
  } kRows[] = {
      {"x=1", true},
      {"x==1", true},
      {"x=2", false},
      {"x!=2", true},
      {"x<>1", false},
      {"[x]=1", true},
      {"*x=1", true},
      {"x=0x1", true},
      {"0:r10=-3", true},
      {"P0:r10=-3", true},
      {"0:r10=1:r0", false},
      {"x=1:r0", true},
      {"x=[x]", true},
      {"x=*y", false},
      {"y=x", false},  // the address of x
      {"1:r1=&a[1]", true},
      {"1:r1=a[1]", true},
      {"1:r1=a", false},
      {"1:r1=nowhere", false},
      {"a[0]=7 /\\ a[1]=a", true},
      {"true", true},
      {"false", false},
      {"~x=2", true},
      {"not (x=1)", false},
      {"~~x=1", true},
      {"x=2 \\/ y=0 /\\ x=1", true},
      {"(x=1 \\/ y=0) /\\ x=2", false},
      {"x=1 => y=1", false},
      {"x=2 => y=1", true},
      {"x=2 /\\ x=2 => y=1", false},  // /\ is looser
      {"x=2 => x=1 => false", true},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.condition);
    EXPECT_EQ(Done(std::string("exists ") + row.condition).holds(), row.holds);
  }
}

TEST(StateTest, NoConditionHoldsAlways) { EXPECT_TRUE(Done("").holds()); }

TEST(StateTest, CountsExecutionsThatPassTheFilter) {
  const Done in("filter (1:r0=1) exists (x=1)"), out("filter (1:r0=0) exists (x=1)"), negative("exists (x=2)");
  Answer answer;
  EXPECT_TRUE(Count(in.test, in.state(), answer));
  EXPECT_TRUE(Count(in.test, in.state(), answer));
  EXPECT_FALSE(Count(out.test, out.state(), answer));
  EXPECT_TRUE(Count(negative.test, negative.state(), answer));
  EXPECT_EQ(answer.positive, 2u);
  EXPECT_EQ(answer.negative, 1u);
  EXPECT_EQ(answer.states, (std::map<std::string, u64>{{"[x]=1;", 3}}));
  EXPECT_STREQ(answer.Observation(), "Sometimes");
}

TEST(StateTest, TheAnswerIsWrittenAsHerd7WritesIt) {
  const Done done("exists (x = 1)");
  Answer answer;
  answer.states = {{"[x]=0;", 3}, {"[x]=1;", 2}};
  answer.positive = 2;
  answer.negative = 3;
  answer.data_race = true;
  answer.seconds = 0.25;
  EXPECT_EQ(AnswerText(done.test, answer),
            "Test two Allowed\nStates 2\n[x]=0;\n[x]=1;\nOk\nWitnesses\nPositive: 2 Negative: 3\nFlag data-race\nCondition exists (x=1)\n"
            "Observation two Sometimes 2 3\nTime two 0.25\n\n");
}

TEST(StateTest, TheWitnessesAreThoseOfTheQuestion) {
  const struct {
    const char* finals;
    u64 positive, negative;
    const char* text;
  } kRows[] = {
      {"exists (x=1)", 0, 4,
       "Test two Allowed\nStates 0\nNo\nWitnesses\nPositive: 0 Negative: 4\n"
       "Condition exists (x=1)\nObservation two Never 0 4\nTime two 0.00\n\n"},
      {"~exists (x=1)", 0, 4,
       "Test two Forbidden\nStates 0\nOk\nWitnesses\nPositive: 4 Negative: 0\n"
       "Condition ~exists (x=1)\nObservation two Never 0 4\nTime two 0.00\n\n"},
      {"~exists (x=1)", 1, 0,
       "Test two Forbidden\nStates 0\nNo\nWitnesses\nPositive: 0 Negative: 1\n"
       "Condition ~exists (x=1)\nObservation two Always 1 0\nTime two 0.00\n\n"},
      {"forall (x=1)", 1, 2,
       "Test two Required\nStates 0\nNo\nWitnesses\nPositive: 1 Negative: 2\n"
       "Condition forall (x=1)\nObservation two Sometimes 1 2\nTime two 0.00\n\n"},
      {"", 3, 0,
       "Test two Required\nStates 0\nOk\nWitnesses\nPositive: 3 Negative: 0\n"
       "Condition forall (true)\nObservation two Always 3 0\nTime two 0.00\n\n"},
  };
  for (const auto& row : kRows) {
    Answer answer;
    answer.positive = row.positive;
    answer.negative = row.negative;
    EXPECT_EQ(AnswerText(Done(row.finals).test, answer), row.text);
  }
}

TEST(StateTest, AnAnswerSaysThatLoopsWereGivenUp) {
  Answer answer;
  answer.truncated = true;
  EXPECT_NE(AnswerText(Done("").test, answer).find("\nLoop Ok\n"), std::string::npos);
}

}  // namespace
}  // namespace ordeal::litmus
