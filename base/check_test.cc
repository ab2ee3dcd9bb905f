#include "base/check.h"

#include "gtest/gtest.h"

namespace ordeal {
namespace {

TEST(Check, PassesQuietly) {
  int evaluated = 0;
  ORDEAL_CHECK(++evaluated == 1, "never printed");
  EXPECT_EQ(evaluated, 1);
}

TEST(CheckDeathTest, SaysWhereWhatAndWhy) {
  const int order = 3;
  EXPECT_DEATH(ORDEAL_CHECK(order < 3, "an order of a page"), "base/check_test.cc:[0-9]+: check failed: order < 3: an order of a page");
}

}  // namespace
}  // namespace ordeal
