// One engine: does a litmus test have the executions that the same code has when it is written in C++ against the vocabulary?
//
// Each classic shape is run as it stands, and again as the text of a litmus test. All executions of both, on every rung: as many, and the
// outcome reached by both or by neither.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "memory/litmus/parser.h"
#include "memory/litmus/run.h"
#include "memory/model/classic_shapes.h"

namespace ordeal::litmus {
namespace {

using model::Rung;
using model::Shape;
using Words = std::vector<std::string>;

// One instruction of a shape, as a statement.
class Statement {
 public:
  explicit Statement(absl::string_view instruction) {
    const Words words = absl::StrSplit(instruction, ' ', absl::SkipEmpty());
    for (const std::string& w : words) {
      if (w == "data" || w == "addr" || w == "ctrl") kind_ = w;
      else if (kind_.empty()) words_.push_back(w);
      else on_ = w;
    }
  }

  std::string Text() const {
    const std::string& first = words_[0];
    if (first == "mb" || first == "rmb" || first == "wmb") return absl::StrCat("smp_", first, "();");
    if (first == "lock" || first == "unlock") return absl::StrCat("spin_", first, "(", words_[1], ");");
    if (first == "inc") return absl::StrCat("atomic_inc(", words_[1], ");");
    const bool plain = absl::StrContains(first, ":=");
    const std::vector<std::string> sides = absl::StrSplit(first, absl::MaxSplits(plain ? ":=" : "=", 1));
    const std::string &left = sides[0], &right = sides[1];
    return left[0] == 'r' ? absl::StrCat(left, " = ", Read(right, plain)) : Store(left, right, plain);
  }
  // What this instruction and all later ones depend on by control; empty: nothing.
  std::string Control() const { return kind_ == "ctrl" ? on_ : ""; }

 private:
  // In C a value that depends on a register and never differs.
  std::string With(const std::string& value, const char* kind) const {
    return kind_ == kind ? absl::StrCat("(", value, " + (", on_, " ^ ", on_, "))") : value;
  }

  std::string Store(const std::string& to, const std::string& right, bool plain) const {
    const std::string at = With(to, "addr");
    if (right == "rel") return absl::StrCat("smp_store_release(", at, ", ", With(words_[1], "data"), ");");
    return absl::StrCat(plain ? "*" : "WRITE_ONCE(*", at, plain ? " = " : ", ", With(right, "data"), plain ? ";" : ");");
  }

  std::string Read(const std::string& right, bool plain) const {
    const std::string at = With(words_.size() > 1 ? words_[1] : right, "addr");
    if (right == "acq") return absl::StrCat("smp_load_acquire(", at, ");");
    if (absl::StartsWith(right, "xchg")) return absl::StrCat(right, "(", at, ", ", With(words_[2], "data"), ");");
    if (absl::StartsWith(right, "add")) return absl::StrCat("atomic_fetch_", right, "(", With(words_[2], "data"), ", ", at, ");");
    return plain ? absl::StrCat("*", at, ";") : absl::StrCat("READ_ONCE(*", at, ");");
  }

  Words words_;            // without the dependency
  std::string kind_, on_;  // of the dependency
};

std::string LitmusText(const Shape& shape) {
  std::string text = "C shape\n\n{ }\n";
  int thread = 0;
  for (const absl::string_view code : absl::StrSplit(shape.code, '|')) {
    absl::StrAppend(&text, "\nP", thread++, "(int *x, int *y, int *z, int *w, int *a, int *b, int *c, int *d, spinlock_t *l, spinlock_t *m)\n{\n");
    std::string ends = "}\n";
    for (int r = 0; r < 8; ++r) absl::StrAppend(&text, "  int r", r, " = 0;\n");
    for (const absl::string_view instruction : absl::StrSplit(code, ';')) {
      const Statement statement(instruction);
      if (const std::string r = statement.Control(); !r.empty()) {
        absl::StrAppend(&text, "  if (", r, " >= 0) {\n");
        ends += "}\n";
      }
      absl::StrAppend(&text, "  ", statement.Text(), "\n");
    }
    text += ends;
  }
  const Words outcome = absl::StrSplit(shape.outcome, ' ', absl::SkipEmpty());
  return absl::StrCat(text, "\nexists (", absl::StrJoin(outcome, " /\\ "), ")\n");
}

class EngineEqualityTest : public testing::TestWithParam<Shape> {};

TEST_P(EngineEqualityTest, CppAndLitmusHaveTheSameExecutions) {
  const Shape& shape = GetParam();
  const std::string text = LitmusText(shape);
  SCOPED_TRACE(text);
  const absl::StatusOr<litmus::Test> test = ParseLitmus(text, shape.name);
  ASSERT_TRUE(test.ok()) << test.status().message();
  for (const Rung rung : {Rung::kSc, Rung::kTso, Rung::kArmv8, Rung::kArmv8Ldar, Rung::kPower, Rung::kLkmm, Rung::kRc11}) {
    SCOPED_TRACE(model::RungName(rung));
    model::ExactOptions options;
    options.rung = rung;
    model::ExactResult result;
    u64 races = 0;
    const bool reached = model::ShapeRunner(shape).Explore(options, &result, [&](const model::Execution& e) { races += e.race; });
    const absl::StatusOr<RunReport> report = RunTest(*test, {.rung = rung, .seconds = 0});
    ASSERT_TRUE(report.ok()) << report.status().message();
    EXPECT_TRUE(result.complete);
    EXPECT_TRUE(report->complete);
    EXPECT_EQ(report->executions, result.executions);
    EXPECT_EQ(report->answer.positive + report->answer.negative, result.executions);
    EXPECT_EQ(report->answer.positive > 0, reached);
    EXPECT_EQ(report->answer.data_race, races > 0);
    if (rung == Rung::kLkmm) EXPECT_EQ(reached, shape.verdict == model::Allowed::kSometimes);
  }
}

INSTANTIATE_TEST_SUITE_P(, EngineEqualityTest, testing::ValuesIn(model::ClassicShapes()), [](const auto& info) {
  std::string name;
  for (const char c : std::string(info.param.name)) name += absl::ascii_isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
});

// The translation itself: what would make both sides equal by leaving something out.
TEST(EngineEquality, AShapeIsTranslatedWhole) {
  const auto statement = [](const char* instruction) { return Statement(instruction).Text(); };
  EXPECT_EQ(statement("x=1"), "WRITE_ONCE(*x, 1);");
  EXPECT_EQ(statement("x=rel 1 data r0"), "smp_store_release(x, (1 + (r0 ^ r0)));");
  EXPECT_EQ(statement("a:=0 data r0"), "*a = (0 + (r0 ^ r0));");
  EXPECT_EQ(statement("x=1 addr r2"), "WRITE_ONCE(*(x + (r2 ^ r2)), 1);");
  EXPECT_EQ(statement("r0=acq x"), "r0 = smp_load_acquire(x);");
  EXPECT_EQ(statement(" r1:=a "), "r1 = *a;");
  EXPECT_EQ(statement("r1=x addr r0"), "r1 = READ_ONCE(*(x + (r0 ^ r0)));");
  EXPECT_EQ(statement("r0=xchg_release y 2"), "r0 = xchg_release(y, 2);");
  EXPECT_EQ(statement("r0=add_relaxed x 1"), "r0 = atomic_fetch_add_relaxed(1, x);");
  EXPECT_EQ(statement("inc x"), "atomic_inc(x);");
  EXPECT_EQ(statement("rmb"), "smp_rmb();");
  EXPECT_EQ(statement("unlock l"), "spin_unlock(l);");
  EXPECT_EQ(Statement("x=1 ctrl r0").Control(), "r0");
  EXPECT_EQ(Statement("x=1 data r0").Control(), "");
  const std::string text = LitmusText({"S", "r0=x; y=1 ctrl r0; z=2 | x=1", "0:r0=1 y=1", model::Allowed::kSometimes});
  EXPECT_TRUE(absl::StrContains(text, "  r0 = READ_ONCE(*x);\n  if (r0 >= 0) {\n  WRITE_ONCE(*y, 1);\n  WRITE_ONCE(*z, 2);\n}\n}\n")) << text;
  EXPECT_TRUE(absl::StrContains(text, "exists (0:r0=1 /\\ y=1)")) << text;
}

}  // namespace
}  // namespace ordeal::litmus
