#include "base/summary.h"

#include "gtest/gtest.h"

namespace ordeal {
namespace {

TEST(Summary, IsOneLine) {
  EXPECT_EQ(SummaryLine("12 executions, 0 findings"), "SUMMARY: ordeal: 12 executions, 0 findings");
  EXPECT_EQ(SummaryLine("a\nb\r\nc"), "SUMMARY: ordeal: a b  c");
  EXPECT_EQ(ErrorLine("no such\nfile"), "ordeal: error: no such file");
  EXPECT_EQ(ErrorLine("got \x1b[2J\x7f \u00e9"), "ordeal: error: got \\x1b[2J\\x7f \u00e9");
}

TEST(Summary, AnErrorThatQuotesTooMuchKeepsItsBeginningAndEnd) {
  const std::string line = ErrorLine("flags.txt:1: got " + std::string(5000, 'x') + ": expected a number");
  EXPECT_LE(line.size(), 500u);
  EXPECT_EQ(line.rfind("ordeal: error: flags.txt:1: got xxx", 0), 0u);
  EXPECT_EQ(line.substr(line.size() - 19), ": expected a number");
}

TEST(Summary, GoesToStderr) {
  testing::internal::CaptureStderr();
  PrintError(absl::NotFoundError("x.ordeal: open: No such file"));
  PrintSummary("1 error");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "ordeal: error: x.ordeal: open: No such file\nSUMMARY: ordeal: 1 error\n");
}

TEST(SummaryDeathTest, NoErrorIsNoneToPrint) { EXPECT_DEATH(PrintError(absl::OkStatus()), "an error to print"); }

}  // namespace
}  // namespace ordeal
