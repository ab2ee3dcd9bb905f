#include "base/summary.h"

#include "gtest/gtest.h"

namespace ordeal {
namespace {

TEST(Summary, IsOneLine) {
  EXPECT_EQ(SummaryLine("12 executions, 0 findings"), "SUMMARY: ordeal: 12 executions, 0 findings");
  EXPECT_EQ(SummaryLine("a\nb\r\nc"), "SUMMARY: ordeal: a b  c");
  EXPECT_EQ(ErrorLine("no such\nfile"), "ordeal: error: no such file");
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
