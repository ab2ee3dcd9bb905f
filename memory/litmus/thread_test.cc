#include "memory/litmus/thread.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <limits>
#include <string>

#include "memory/litmus/parser.h"
#include "memory/litmus/sequential_port.h"

namespace ordeal::litmus {
namespace {

using ::testing::ElementsAre;

struct Ran {
  Test test;
  ThreadState state;
  ThreadEnd end = ThreadEnd::kDone;
  std::string log;
  std::vector<int> lines;
  int arms = 0;

  i64 Register(const std::string& name) const {
    for (size_t k = 0; k < test.threads[0].registers.size(); k++)
      if (test.threads[0].registers[k].name == name) return state.registers[k].number;
    ADD_FAILURE() << "no register " << name;
    return 0;
  }
};

Ran RunAlone(const std::string& init, const std::string& body, int max_turns = kDefaultTurns) {
  Ran ran;
  const std::string text = "C alone\n{ " + init + " }\nP0(int *x, int *y, int **p, int a[], spinlock_t *s, atomic_t *v)\n{\n" + body + "\n}\n";
  absl::StatusOr<Test> test = ParseLitmus(text, "alone");
  if (!test.ok()) {
    ADD_FAILURE() << test.status().message();
    return ran;
  }
  ran.test = *std::move(test);
  SequentialPort port(ran.test);
  ran.end = RunThread(ran.test, 0, ran.state, port, max_turns);
  ran.log = port.log().empty() ? "" : port.log().substr(0, port.log().size() - 1);
  ran.lines = port.lines();
  ran.arms = port.arms();
  return ran;
}

struct Row {
  const char* body;
  const char* log;
};

void ExpectLogs(const std::string& init, std::initializer_list<Row> rows) {
  for (const Row& row : rows) {
    SCOPED_TRACE(row.body);
    EXPECT_EQ(RunAlone(init, row.body).log, row.log);
  }
}

struct ValueRow {
  const char* expression;
  i64 value;
};

TEST(ThreadTest, ExpressionsAreThoseOfC) {
  const ValueRow kRows[] = {
      {"7", 7},         {"0x1f", 31},   {"010", 10},        {"3UL", 3},         {"-2", -2},    {"1 + 2 * 3", 7},     {"(1 + 2) * 3", 9},
      {"7 / 2", 3},     {"-7 % 4", -3}, {"1 << 4 >> 1", 8}, {"6 & 3 | 8", 10},  {"5 ^ 1", 4},  {"~0", -1},           {"!3", 0},
      {"!0", 1},        {"2 < 3", 1},   {"3 <= 2", 0},      {"3 > 2", 1},       {"2 >= 3", 0}, {"2 == 2", 1},        {"2 != 2", 0},
      {"1 && 2", 1},    {"1 && 0", 0},  {"0 || 0", 0},      {"0 || 4", 1},      {"(int)5", 5}, {"(uintptr_t)5", 5},  {"1 ? 4 : 5", 4},
      {"0 ? 4 : 5", 5}, {"NULL", 0},    {"8 - 2 - 1", 5},   {"1 == 1 == 1", 1}, {"nobody", 0}, {"1 | 2 ^ 3 & 2", 1},
  };
  for (const ValueRow& row : kRows) {
    SCOPED_TRACE(row.expression);
    EXPECT_EQ(RunAlone("", std::string("int r = ") + row.expression + ";").Register("r"), row.value);
  }
}

TEST(ThreadTest, ArithmeticWrapsAndAZeroDivisorEndsTheThread) {
  const i64 least = std::numeric_limits<i64>::min();
  bool undefined = false;
  EXPECT_EQ(Compute(Expression::Op::kDiv, least, -1, &undefined), least);
  EXPECT_EQ(Compute(Expression::Op::kMod, least, -1, &undefined), 0);
  EXPECT_EQ(Compute(Expression::Op::kSub, least, 1, &undefined), std::numeric_limits<i64>::max());
  EXPECT_FALSE(undefined);
  EXPECT_EQ(RunAlone("", "int r = READ_ONCE(*x); WRITE_ONCE(*y, 1 / r);").end, ThreadEnd::kWild);
  EXPECT_EQ(RunAlone("", "int r = 1 % 0;").end, ThreadEnd::kWild);
}

TEST(ThreadTest, PointersCountInElements) {
  ExpectLogs("int a[3] = {4, 5, 6}; int *p = &y;", {
                                                       {"int r = READ_ONCE(*(a + 1));", "a=Ronce[a[1]];"},
                                                       {"int r = READ_ONCE(a[2]);", "a=Ronce[a[2]];"},
                                                       {"int r = READ_ONCE(*a);", "a=Ronce[a[0]];"},
                                                       {"int *q = 2 + a; *(q - 1) = 7;", "Wplain[a[1]]=7;"},
                                                       {"int *q = &a[2]; WRITE_ONCE(*q, q - a);", "Wonce[a[2]]=2;"},
                                                       {"a[1] = a[2];", "a=Rplain[a[2]]; Wplain[a[1]]=6 data:a;"},
                                                       {"int r = **p;", "a=Rplain[p]; b=Rplain[y] addr:a;"},
                                                       {"WRITE_ONCE(*p, x);", "Wonce[p]=x;"},
                                                   });
}

TEST(ThreadTest, AnAddressOutsideOfTheVariablesEndsTheThread) {
  for (const char* body :
       {"WRITE_ONCE(*(x + 1), 1);", "int r = a[2];", "int *q; *q = 1;", "int r = READ_ONCE(*y); r = READ_ONCE(*r);", "atomic_inc(v - 1);"}) {
    SCOPED_TRACE(body);
    EXPECT_EQ(RunAlone("int a[2];", body).end, ThreadEnd::kWild);
  }
}

TEST(ThreadTest, EachPrimitiveIsTheAccessThatTheDefinitionSays) {
  ExpectLogs("x = 1; int *p = &y; v = 5;",
             {
                 {"int r = READ_ONCE(*x);", "a=Ronce[x];"},
                 {"WRITE_ONCE(*x, 3);", "Wonce[x]=3;"},
                 {"int r = smp_load_acquire(x);", "a=Racquire[x];"},
                 {"smp_store_release(x, 3);", "Wrelease[x]=3;"},
                 {"smp_store_mb(*x, 3);", "Wonce[x]=3; mb;"},
                 {"int *r = rcu_dereference(*p);", "a=Ronce[p];"},
                 {"int *r = lockless_dereference(*p);", "a=Ronce[p];"},
                 {"rcu_assign_pointer(*p, x);", "Wrelease[p]=x;"},
                 {"smp_mb(); smp_rmb(); smp_wmb(); barrier();", "mb; rmb; wmb; barrier;"},
                 {"smp_mb__before_atomic(); smp_mb__after_atomic();", "before_atomic; after_atomic;"},
                 {"smp_mb__after_spinlock(); smp_mb__after_unlock_lock();", "after_spinlock; after_unlock_lock;"},
                 {"smp_read_barrier_depends();", ""},
                 {"spin_lock(s); spin_unlock(s);", "lock[s]; unlock[s];"},
                 {"int r = spin_trylock(s); r = spin_is_locked(s);", "a=trylock[s]; b=is_locked[s];"},
                 {"int r = atomic_read(v); r = atomic_read_acquire(v);", "a=Ronce[v]; b=Racquire[v];"},
                 {"atomic_set(v, 2); atomic_set_release(v, 2);", "Wonce[v]=2; Wrelease[v]=2;"},
                 {"int r = xchg(x, 2); r = xchg_relaxed(x, 2);", "a=xchg.full[x],2; b=xchg.once[x],2;"},
                 {"int r = atomic_xchg_acquire(v, 2); r = atomic_xchg_release(v, 2);", "a=xchg.acquire[v],2; b=xchg.release[v],2;"},
                 {"int r = cmpxchg(x, 1, 2); r = atomic_cmpxchg_acquire(v, 1, 2);", "a=cas.full[x],1,2; b=cas.acquire[v],1,2;"},
                 {"atomic_add(2, v); atomic_sub(2, v); atomic_inc(v); atomic_dec(v);",
                  "a=add.noreturn[v],2; b=sub.noreturn[v],2; c=add.noreturn[v],1; d=sub.noreturn[v],1;"},
                 {"atomic_and(2, v); atomic_or(2, v); atomic_xor(2, v); atomic_andnot(2, v);",
                  "a=and.noreturn[v],2; b=or.noreturn[v],2; c=xor.noreturn[v],2; d=andnot.noreturn[v],2;"},
                 {"atomic_add_unless(v, 2, 9); atomic_inc_not_zero(v);", "a=add_unless.full[v],2,9; b=add_unless.full[v],1,0;"},
             });
}

TEST(ThreadTest, AtomicsReturnTheOldOrTheNewValueOrATest) {
  const ValueRow kRows[] = {
      {"atomic_add_return(2, v)", 7},
      {"atomic_fetch_add(2, v)", 5},
      {"atomic_sub_return_relaxed(2, v)", 3},
      {"atomic_fetch_sub_release(2, v)", 5},
      {"atomic_inc_return(v)", 6},
      {"atomic_fetch_inc(v)", 5},
      {"atomic_dec_return_acquire(v)", 4},
      {"atomic_fetch_dec(v)", 5},
      {"atomic_fetch_and(4, v)", 5},
      {"atomic_fetch_or(4, v)", 5},
      {"atomic_fetch_xor(4, v)", 5},
      {"atomic_fetch_andnot(4, v)", 5},
      {"atomic_sub_and_test(5, v)", 1},
      {"atomic_sub_and_test(4, v)", 0},
      {"atomic_dec_and_test(v)", 0},
      {"atomic_inc_and_test(v)", 0},
      {"atomic_add_negative(-6, v)", 1},
      {"atomic_add_negative(-5, v)", 0},
      {"atomic_add_unless(v, 1, 5)", 0},
      {"atomic_add_unless(v, 1, 4)", 1},
      {"atomic_inc_not_zero(v)", 1},
      {"xchg(v, 2)", 5},
      {"cmpxchg(v, 5, 2)", 5},
      {"cmpxchg(v, 4, 2)", 5},
  };
  for (const ValueRow& row : kRows) {
    SCOPED_TRACE(row.expression);
    EXPECT_EQ(RunAlone("atomic_t v = ATOMIC_INIT(5);", std::string("int r = ") + row.expression + ";").Register("r"), row.value);
  }
}

TEST(ThreadTest, DependenciesGoThroughExpressionsAndRegisters) {
  ExpectLogs(
      "x = 1; int *p = &y;",
      {
          {"int r = READ_ONCE(*x); WRITE_ONCE(*y, r ^ r);", "a=Ronce[x]; Wonce[y]=0 data:a;"},
          {"int r = READ_ONCE(*x); int q = r + READ_ONCE(*y); WRITE_ONCE(*y, q);", "a=Ronce[x]; b=Ronce[y]; Wonce[y]=1 data:ab;"},
          {"int r = READ_ONCE(*x); WRITE_ONCE(*(y + (r ^ r)), 1);", "a=Ronce[x]; Wonce[y]=1 addr:a;"},
          {"int r = READ_ONCE(*x); r = 3; WRITE_ONCE(*y, r);", "a=Ronce[x]; Wonce[y]=3;"},
          {"int r = xchg(x, 2); WRITE_ONCE(*y, r);", "a=xchg.full[x],2; Wonce[y]=1 data:a;"},
          {"int r = READ_ONCE(*x); int q = atomic_add_return(r, v); WRITE_ONCE(*y, q);", "a=Ronce[x]; b=add.full[v],1 data:a; Wonce[y]=1 data:ab;"},
          {"int r = READ_ONCE(*x); int q = atomic_fetch_add(r, v); WRITE_ONCE(*y, q);", "a=Ronce[x]; b=add.full[v],1 data:a; Wonce[y]=0 data:b;"},
          {"int r = 0 && READ_ONCE(*x);", "a=Ronce[x];"},  // both sides
          {"int r = 1 || READ_ONCE(*x);", "a=Ronce[x];"},
      });
}

TEST(ThreadTest, ArmsControlWhatIsInThemAndNothingAfter) {
  ExpectLogs(
      "x = 1;",
      {
          {"int r = READ_ONCE(*x); if (r) WRITE_ONCE(*y, 1); WRITE_ONCE(*y, 2);", "a=Ronce[x]; Wonce[y]=1 ctrl:a; Wonce[y]=2;"},
          {"int r = READ_ONCE(*x); if (!r) WRITE_ONCE(*y, 1); else { WRITE_ONCE(*y, 2); }", "a=Ronce[x]; Wonce[y]=2 ctrl:a;"},
          {"if (READ_ONCE(*x)) if (READ_ONCE(*x)) WRITE_ONCE(*y, 1); else WRITE_ONCE(*y, 2);", "a=Ronce[x]; b=Ronce[x] ctrl:a; Wonce[y]=1 ctrl:ab;"},
          {"int r; if (READ_ONCE(*x)) r = 1; else r = 2; WRITE_ONCE(*y, r);", "a=Ronce[x]; Wonce[y]=1;"},
          {"int r = READ_ONCE(*x) ? READ_ONCE(*y) : 3; WRITE_ONCE(*y, r);", "a=Ronce[x]; b=Ronce[y] ctrl:a; Wonce[y]=0 data:b;"},
          {"int r = READ_ONCE(*x); if (r == 2) { } else if (r == 1) { *y = 1; } else { *y = 2; }", "a=Ronce[x]; Wplain[y]=1 ctrl:a;"},
      });
}

TEST(ThreadTest, LoopsTurnAsOftenAsTheyAreLet) {
  const std::string count = "int i = 0; while (i < 2) { i++; }";
  EXPECT_EQ(RunAlone("", count).end, ThreadEnd::kDone);
  EXPECT_EQ(RunAlone("", count, 1).end, ThreadEnd::kTruncated);
  EXPECT_EQ(RunAlone("", "int i = 0; while (i < 3) i += 1;").end, ThreadEnd::kTruncated);
  EXPECT_EQ(RunAlone("", "int i = 0; while (i < 3) i += 1;", 3).Register("i"), 3);
  EXPECT_EQ(RunAlone("", "int i; for (i = 0; i < 2; i++) *x = i;").log, "Wplain[x]=0; Wplain[x]=1;");
  EXPECT_EQ(RunAlone("", "int i = 5; do { *x = i; i--; } while (i > 4);").log, "Wplain[x]=5;");
  EXPECT_EQ(RunAlone("", "int i = 5; do i--; while (i > 0);").end, ThreadEnd::kTruncated);
  EXPECT_EQ(RunAlone("", "for (;;) ;").end, ThreadEnd::kTruncated);
  const Ran nested = RunAlone("", "int n = 0; for (int i = 0; i < 2; i++) for (int j = 0; j < 2; j++) n++;");
  EXPECT_EQ(nested.Register("n"), 4);
  EXPECT_EQ(nested.arms, 0);
}

TEST(ThreadTest, EachTurnOfALoopIsAnArmInsideTheOneBefore) {
  ExpectLogs("x = 2;",
             {
                 {"while (READ_ONCE(*x)) atomic_dec(x); WRITE_ONCE(*y, 1);",
                  "a=Ronce[x]; b=sub.noreturn[x],1 ctrl:a; c=Ronce[x] ctrl:a; d=sub.noreturn[x],1 ctrl:ac; e=Ronce[x] ctrl:ac; Wonce[y]=1;"},
                 {"do { *x = *x - 1; } while (*x); *y = 1;",
                  "a=Rplain[x]; Wplain[x]=1 data:a; b=Rplain[x]; c=Rplain[x] ctrl:b; Wplain[x]=0 data:c ctrl:b; d=Rplain[x] ctrl:b; Wplain[y]=1;"},
             });
}

TEST(ThreadTest, AccessesKnowTheirLines) { EXPECT_THAT(RunAlone("", "*x = 1;\nsmp_mb();\n\nint r = READ_ONCE(*y);").lines, ElementsAre(5, 6, 8)); }

TEST(ThreadTest, RegistersStartWithWhatTheTestSays) {
  const Ran ran = RunAlone("0:r1 = 5; int 0:r2 = -1; 0:r3 = x; int *0:r4 = &y;", "*r3 = r1; *r4 = r2;");
  EXPECT_EQ(ran.log, "Wplain[x]=5; Wplain[y]=-1;");
}

}  // namespace
}  // namespace ordeal::litmus
