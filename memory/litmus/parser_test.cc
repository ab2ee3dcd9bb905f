#include "memory/litmus/parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

#include "memory/litmus/test.h"

namespace ordeal::litmus {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Test Parse(const std::string& text) {
  absl::StatusOr<Test> test = ParseLitmus(text, "t.litmus");
  if (test.ok()) return *std::move(test);
  ADD_FAILURE() << test.status().message() << "\n" << text;
  return Test();
}

std::string ErrorOf(const std::string& text) {
  const absl::StatusOr<Test> test = ParseLitmus(text, "t.litmus");
  return test.ok() ? "no error" : std::string(test.status().message());
}

std::string WithInit(const std::string& init) { return "C t\n{" + init + "}\nP0(int *x)\n{ *x = 1; }\nexists (x=1)\n"; }
std::string WithBody(const std::string& body) { return "C t\n{ z=0; }\nP0(int *x, int *y)\n{\n" + body + "\n}\nexists (x=1)\n"; }
std::string WithFinals(const std::string& finals) { return "C t\n{ int a[2]; }\nP0(int *x)\n{ int r0 = READ_ONCE(*x); }\n" + finals + "\n"; }

std::vector<i64> InitialOf(const Test& test, const std::string& name) {
  for (const Variable& v : test.variables)
    if (v.name == name) return v.initial;
  return {};
}

i64 AddressIn(const Test& test, const std::string& name, int element = 0) {
  for (size_t k = 0; k < test.variables.size(); k++)
    if (test.variables[k].name == name) return static_cast<i64>(AddressOf(static_cast<int>(k), element));
  return 0;
}

struct Row {
  std::string text;
  const char* error;
};

void ExpectErrors(std::initializer_list<Row> rows) {
  for (const Row& row : rows) {
    SCOPED_TRACE(row.text);
    EXPECT_EQ(ErrorOf(row.text), std::string("t.litmus:") + row.error);
  }
}

TEST(ParserTest, TheHeaderMayHaveADescriptionAndComments) {
  for (const char* header :
       {"C t\n{}", "C t\n\"Fre Rfe { \"\n{ }", "C t (* a (* nested { *) one *)\n{}", "C\tt\r\n{}\r", "C t\nCycle=Fre Rfe\nOrig=x\n\n{\n}",

        "(* first *) C t // {\n/* { */ {}", "C t (tex)\n\"a\" ;\n{;}"}) {
    SCOPED_TRACE(header);
    const auto test = Parse(std::string(header) + "\nP0() {}\nexists (x=0)");
    EXPECT_EQ(test.name, "t");
    EXPECT_EQ(test.threads.size(), 1u);
  }
  EXPECT_EQ(Parse("C 3.SB+[x]-o.k/a@1\n{} P0() {}").name, "3.SB+[x]-o.k/a@1");
}

TEST(ParserTest, InitialValuesWithAndWithoutTypes) {
  const auto test =
      Parse(WithInit("int x = 1; y = -2; long z = 0x10; atomic_t v = ATOMIC_INIT(3); spinlock_t s; [w] = 4; u; "
                     "unsigned long b=5, c = 6; (* q=7; *) // r=8;\n"));
  EXPECT_THAT(InitialOf(test, "x"), ElementsAre(1));
  EXPECT_THAT(InitialOf(test, "y"), ElementsAre(-2));
  EXPECT_THAT(InitialOf(test, "z"), ElementsAre(16));
  EXPECT_THAT(InitialOf(test, "v"), ElementsAre(3));
  EXPECT_THAT(InitialOf(test, "s"), ElementsAre(0));
  EXPECT_THAT(InitialOf(test, "w"), ElementsAre(4));
  EXPECT_THAT(InitialOf(test, "u"), ElementsAre(0));
  EXPECT_THAT(InitialOf(test, "b"), ElementsAre(5));
  EXPECT_THAT(InitialOf(test, "c"), ElementsAre(6));
  EXPECT_THAT(InitialOf(test, "q"), IsEmpty());
  EXPECT_THAT(InitialOf(test, "r"), IsEmpty());
}

TEST(ParserTest, InitialPointersAndArrays) {
  const auto test =
      Parse(WithInit("int *p = &y; int *q = y; r = unheard; int **pp = &p; int a[3]; "
                     "int b[2] = {1, -2}; int *c[2] = {&y, a[1]}; int *n = NULL;"));
  EXPECT_THAT(InitialOf(test, "p"), ElementsAre(AddressIn(test, "y")));
  EXPECT_THAT(InitialOf(test, "q"), ElementsAre(AddressIn(test, "y")));
  EXPECT_THAT(InitialOf(test, "r"), ElementsAre(AddressIn(test, "unheard")));
  EXPECT_THAT(InitialOf(test, "pp"), ElementsAre(AddressIn(test, "p")));
  EXPECT_THAT(InitialOf(test, "a"), ElementsAre(0, 0, 0));
  EXPECT_THAT(InitialOf(test, "b"), ElementsAre(1, -2));
  EXPECT_THAT(InitialOf(test, "c"), ElementsAre(AddressIn(test, "y"), AddressIn(test, "a", 1)));
  EXPECT_THAT(InitialOf(test, "n"), ElementsAre(0));
}

TEST(ParserTest, ParametersAreTheAddressesOfTheVariables) {
  const auto test = Parse(
      "C t\n{} P0(volatile int *x, int volatile **p, int a[], int b[4], struct foo *f, spinlock_t*s) {} "
      "void P1(void) { } void *P2(int *x) {}");
  EXPECT_EQ(test.threads.size(), 3u);
  std::string names;
  for (const Register& r : test.threads[0].registers) {
    names += r.name + " ";
    EXPECT_EQ(r.initial, AddressIn(test, r.name));
  }
  EXPECT_EQ(names, "x p a b f s ");
  EXPECT_THAT(test.threads[1].registers, IsEmpty());
}

TEST(ParserTest, StatementsOfAllKindsAreRead) {
  for (const char* body :
       {"int r0, *r1 = x, **r2; long r3 = 1;", "r0 = READ_ONCE(*x);", "(void)READ_ONCE(*x);", "READ_ONCE(*x);", "*x;", "*x = *y; x[0] += 2; (*x)++;",
        ";;{;}{{}}", "if (*x) ; else if (*y) { } else *x = 1;", "while (READ_ONCE(*x) != 1) { }", "do { } while (*x);",
        "for (int i = 0; i < 1; i++) ;", "volatile int r; const int q = 1; struct foo *f = x;", "WRITE_ONCE(*((int *)y), *(int *)x);",
        "WRITE_ONCE(*x,1) ; /* a */ smp_mb(); // b\n", "(* as some write it: *) WRITE_ONCE(*x, 1);", "atomic_t *v = y; atomic_inc(v);",
        "int r = cmpxchg(x, 0, 1) == 0;", "r1 = (uintptr_t)x & 7;"}) {
    SCOPED_TRACE(body);
    Parse(WithBody(body));
  }
}

TEST(ParserTest, AnAccessWritesTheRegisterItIsAssignedTo) {
  const auto test = Parse(WithBody("int r = READ_ONCE(*x);"));
  ASSERT_EQ(test.threads[0].code.size(), 1u);
  EXPECT_EQ(test.threads[0].registers[test.threads[0].code[0].dst].name, "r");
  EXPECT_EQ(test.threads[0].code[0].line, 5);
}

TEST(ParserTest, ConditionsAreKeptAsTheyWereWritten) {
  const struct {
    const char* finals;
    const char* text;
  } kRows[] = {
      {"exists (0:r0=1)", "exists (0:r0=1)"},
      {"exists\n  (0:r0 = 1  /\\ (* why *)\n x=2)", "exists (0:r0=1 /\\ x=2)"},
      {"~exists (0:r0=1\\/[x]=-1)", "~exists (0:r0=1 \\/ [x]=-1)"},
      {"~ exists (true)", "~exists (true)"},
      {"forall (0:r0=1 => not (x=1))", "forall (0:r0=1 => not (x=1))"},
      {"exists ~(x=1)", "exists ~(x=1)"},
      {"(x=1)", "exists (x=1)"},
      {"final (x=1);", "exists (x=1)"},
      {"", "forall (true)"},
      {"locations [x; 0:r0]", "forall (true)"},
      {"exists (x=1) << ignored", "exists (x=1)"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.finals);
    EXPECT_EQ(Parse(WithFinals(row.finals)).condition_text, row.text);
  }
}

TEST(ParserTest, TheObservedAreThoseOfTheConditionAndTheLocationsOnce) {
  const auto test = Parse(WithFinals("locations [x; 0:r0; a; *y;] filter (w=1) exists (0:r0=1 /\\ a[1]=0 /\\ z=0:r7 /\\ P0:r0=&x)"));
  EXPECT_EQ(test.observed.size(), 7u);  // 0:r0 0:r7 a a[1] x y z
  EXPECT_EQ(test.observed[0].thread, 0);
  EXPECT_EQ(test.observed.back().thread, kNothing);
  EXPECT_NE(test.filter, kNothing);
}

TEST(ParserTest, RefusesWhatTheModelDoesNotKnow) {
  ExpectErrors({
      {WithBody("rcu_read_lock();"), "5: found rcu_read_lock: RCU is not modelled, expected a test without RCU"},
      {WithBody("synchronize_rcu();"), "5: found synchronize_rcu: RCU is not modelled, expected a test without RCU"},
      {WithBody("\nint r = srcu_read_lock(x);"), "6: found srcu_read_lock: RCU is not modelled, expected a test without RCU"},
      {WithBody("call_rcu(x);"), "5: found call_rcu: RCU is not modelled, expected a test without RCU"},
      {WithBody("smp_mb__after_srcu_read_unlock();"), "5: found smp_mb__after_srcu_read_unlock: RCU is not modelled, expected a test without RCU"},
      {WithBody("smp_mb__before_spinlock();"), "5: found 'smp_mb__before_spinlock(...)', expected a primitive of linux-kernel.def"},
      {WithBody("atomic_set_acquire(x, 1);"), "5: found 'atomic_set_acquire(...)', expected a primitive of linux-kernel.def"},
      {WithBody("spin_lock_irqsave(x, 1);"), "5: found 'spin_lock_irqsave(...)', expected a primitive of linux-kernel.def"},
      {WithBody("int r = atomic_inc(x);"), "5: found 'atomic_inc', which returns nothing, expected a value"},
      {WithBody("goto out;"), "5: found 'goto', expected a statement that herd7 reads"},
      {WithBody("out: *x = 1;"), "5: found 'out', expected a statement that herd7 reads"},
      {WithBody("return;"), "5: found 'return', expected a statement that herd7 reads"},
      {WithBody("else *x = 1;"), "5: found 'else', expected a statement that herd7 reads"},
      {WithBody("while (1) break;"), "5: found 'break', expected a statement that herd7 reads"},
      {WithBody("int r[2];"), "5: found '[', expected no array among the locals"},
  });
}

TEST(ParserTest, RefusesWhatIsNoC) {
  ExpectErrors({
      {WithBody("int r = READ_ONCE(x);"), "5: found READ_ONCE of 'x', expected *pointer or array[index]"},
      {WithBody("WRITE_ONCE(x, 1);"), "5: found WRITE_ONCE of 'x', expected *pointer or array[index]"},
      {WithBody("int *r = &x;"), "5: found & of 'x', expected *pointer or array[index]"},
      {WithBody("*x = z;"), "5: found the variable 'z', expected a parameter or a local of the thread"},
      {WithBody("z[1] = 1;"), "5: found the variable 'z', expected a parameter or a local of the thread"},
      {WithBody("*x = 1"), "6: found '}', expected ';'"},
      {WithBody("*x = ;"), "5: found ';', expected a value"},
      {WithBody("*x = y->next;"), "5: found '->', expected ';'"},
      {WithBody("*x + 1;"), "5: found '+', expected '='"},
      {WithBody("*x = 99999999999999999999;"), "5: found '99999999999999999999', expected a number of 64 bits"},
      {WithBody("WRITE_ONCE(*x);"), "5: found ')', expected ','"},
      {WithBody("\"text\";"), "5: found '\"', expected a statement"},
      {WithBody("int r = (1;"), "5: found ';', expected ')'"},
      {WithBody("int r = (x;"), "5: found ';', expected ')' for the '(' of line 5"},
      {WithBody("if *x *y = 1;"), "5: found '*', expected '('"},
      {WithBody("int 3;"), "5: found '3', expected the name of a local"},
      {WithBody("struct *p;"), "5: found '*', expected the name of a type"},
      {WithBody("do *x = 1; until (1);"), "5: found 'until', expected 'while'"},
      {"C t\n{}\nP0(int *)\n{}", "3: found ')', expected a parameter with a name"},
      {"C t\n{}\nP0(int)\n{}", "3: found 'int', expected a parameter with a name"},
      {"C t\n{}\nP0(int *x int *y)\n{}", "3: found 'int', expected ','"},
  });
}

TEST(ParserTest, RefusesDamagedParts) {
  ExpectErrors({
      {"", "1: found the end, expected the architecture C"},
      {"AArch64 t\n{}", "1: found AArch64, expected the architecture C"},
      {"C \n{}", "1: found nothing after C, expected the name of the test"},
      {"C t\nP0() ;", "2: found the end, expected the initial values in braces"},
      {"C t\n{ x=1;", "2: found the end, expected '}' after the initial values"},
      {"C t\n{}\nexists (x=1)", "3: found exists, expected a thread P0"},
      {"C t\n{}\nP0() {", "3: found the end, expected '}' after the thread"},
      {"C t\n{}\nP0() {}\nP2() {}", "4: found 'P2', expected thread P1"},
      {"C t\n{}\nP0 {}", "3: found '{', expected '('"},
      {WithInit("x y = 1 2;"), "2: found '2', expected ';'"},
      {WithInit("= 1;"), "2: found '=', expected a variable"},
      {WithInit("x = ;"), "2: found ';', expected a value"},
      {WithInit("x = &1;"), "2: found '1', expected a variable"},
      {WithInit("int a[0];"), "2: found an array of another size, expected 1 to 256 elements"},
      {WithInit("int a[257];"), "2: found an array of another size, expected 1 to 256 elements"},
      {WithInit("int a[2] = {1};"), "2: found 1 initial values, expected as many as elements"},
      {WithInit("int *p = a[256];"), "2: found element 256, expected less than 256"},
      {WithInit("1:r0 = 1;"), "2: found a register of thread '1', expected one of 1 threads"},
      {WithInit("0:1 = 1;"), "2: found '1', expected a register"},
  });
}

TEST(ParserTest, RefusesDamagedQuestions) {
  ExpectErrors({
      {WithFinals("exist (x=1)"), "5: found 'exist', expected exists, ~exists or forall"},
      {WithFinals("~forall (x=1)"), "5: found '~', expected exists, ~exists or forall"},
      {WithFinals("observed x=1;"), "5: found 'observed', expected exists, ~exists or forall"},
      {WithFinals("exists (x=1"), "6: found the end, expected ')'"},
      {WithFinals("exists (x=1))"), "5: found ')', expected the end of the test"},
      {WithFinals("exists (x)"), "5: found ')', expected = or !="},
      {WithFinals("exists (x=)"), "5: found ')', expected a value"},
      {WithFinals("exists (1:r0=1)"), "5: found a register of thread '1', expected one of 1 threads"},
      {WithFinals("exists (a=1)"), "5: found the array 'a', expected an element of it"},
      {WithFinals("exists (a[2]=1)"), "5: found element 2 of 'a', expected less than 2"},
      {WithFinals("exists (x={1,2})"), "5: found '{', expected a value"},
      {WithFinals("locations [0:]"), "5: found ']', expected a register"},
      {WithFinals("locations [x, y]"), "5: found ',', expected ';'"},
      {WithFinals("exists (x=1) with t: exists"), "5: found 'with', expected the end of the test"},
  });
}

std::string Repeat(const std::string& text, int times) {
  std::string all;
  for (int k = 0; k < times; k++) all += text;
  return all;
}

TEST(ParserTest, RefusesMoreThanThereIsRoomFor) {
  std::string registers, threads, variables;
  for (int k = 0; k < 70; k++) registers += "int r" + std::to_string(k) + ";\n";
  for (int k = 0; k < 70; k++) threads += "P" + std::to_string(k) + "() {}\n";
  for (int k = 0; k <= kMaxVariables; k++) variables += "v" + std::to_string(k) + ";";
  const struct {
    std::string text;
    const char* error;
  } kRows[] = {
      {WithBody(registers), "found more registers in a thread, expected at most 64"},
      {"C t\n{}\n" + threads, "found more threads, expected at most 64"},
      {WithInit(variables), "found more variables, expected at most 4096"},
      {WithBody("int r = " + Repeat("*x + ", 40) + "1;"), "found more accesses in a statement, expected at most 32"},
      {WithBody("int r = " + Repeat("1 + ", 100) + "1;"), "nested more than 64 deep"},
      {WithBody("int r = " + Repeat("(", 100000)), "nested more than 64 deep"},
      {WithBody("int r = " + Repeat("!", 100000)), "nested more than 64 deep"},
      {WithBody(Repeat("*", 100000) + "x = 1;"), "nested more than 64 deep"},
      {WithBody(Repeat("if (1) ", 100000) + ";"), "nested more than 64 deep"},
      {WithBody(Repeat("while (0) ;", 17)), "found more loops in a thread, expected at most 16"},
      {WithBody(Repeat("while (0) ", 5) + ";"), "loops nested more than 4 deep"},
      {WithFinals("exists " + Repeat("~", 100000)), "conditions nested more than 64 deep"},
      {WithFinals("exists " + Repeat("(", 100000)), "conditions nested more than 64 deep"},
      {WithFinals("exists " + Repeat("x=1 => ", 100000) + "x=1"), "conditions nested more than 64 deep"},
      {WithFinals("exists " + Repeat("x=1 /\\ ", 100000) + "x=1"), "found more than 1000 operators, expected a shorter condition"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.text.substr(0, 60));
    EXPECT_THAT(ErrorOf(row.text), HasSubstr(row.error));
  }
}

TEST(ParserTest, NothingBreaksAtAnyPlaceWhereATestIsCutOff) {
  const std::string text =
      "C t\n\"d\"\n{ int a[2] = {1, 2}; int *p = &a; 0:r1 = 3; }\nP0(int *x, int a[]) {\n  int r = cmpxchg(x, 0, a[1] ? 1 : -1); (* c *)\n"
      "  for (; r < 2; r++) { if (!r) *x = (int)r; else smp_mb(); }\n}\n"
      "locations [x; a; 0:r1;] filter (x!=1) exists (0:r=1 /\\ ~(a[1]=x) \\/ true => x=*p)\n";
  Parse(text);
  for (size_t cut = 0; cut < text.size(); cut++) ErrorOf(text.substr(0, cut));
  for (size_t at = 0; at < text.size(); at++) ErrorOf(text.substr(0, at) + text.substr(at + 1));
}

}  // namespace
}  // namespace ordeal::litmus
