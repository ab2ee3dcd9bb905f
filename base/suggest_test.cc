#include "base/suggest.h"

#include <array>
#include <string>

#include "gtest/gtest.h"

namespace ordeal {
namespace {

constexpr std::array<std::string_view, 5> kWords = {"alloc", "free", "publish", "consume", "mb"};

TEST(Suggest, FindsSlips) {
  EXPECT_EQ(Nearest("aloc", kWords), "alloc");
  EXPECT_EQ(Nearest("pulbish", kWords), "publish");
  EXPECT_EQ(Nearest("consumes", kWords), "consume");
  EXPECT_EQ(Nearest("Free", kWords), "free");
  EXPECT_EQ(Nearest("mbb", kWords), "mb");
  EXPECT_EQ(Nearest("bm", kWords), "mb") << "neighbours swapped are one edit, and two would be too many";
}

TEST(Suggest, SaysNothingRatherThanNonsense) {
  EXPECT_EQ(Nearest("write", kWords), "");
  EXPECT_EQ(Nearest("", kWords), "");
  EXPECT_EQ(Nearest("xy", kWords), "") << "two edits make anything of two letters";
  EXPECT_EQ(Nearest(std::string(100'000, 'a'), kWords), "");
  EXPECT_EQ(Nearest("alloc", {}), "");
}

TEST(Suggest, AsPartOfAMessage) {
  EXPECT_EQ(DidYouMean("frree", kWords), " (did you mean \"free\"?)");
  EXPECT_EQ(DidYouMean("zzz", kWords), "");
}

}  // namespace
}  // namespace ordeal
