// Does noise begin when it is asked for, and end with what asked for it?
#include "stress/crew/disturb.h"

#include <atomic>

#include <gtest/gtest.h>

namespace ordeal::stress {
namespace {

TEST(Disturb, NamesAreReadOrRefused) {
  const Disturbances all = *ParseDisturbances({"load", "membarrier", "migrate"});
  EXPECT_TRUE(all.load && all.membarrier && all.migrate);
  const Disturbances none = *ParseDisturbances({"none"});
  EXPECT_FALSE(none.load || none.membarrier || none.migrate);
  EXPECT_NE(ParseDisturbances({"lod"}).status().message().find("did you mean \"load\""), absl::string_view::npos);
}

TEST(Disturb, WhatWasAskedForHappensAndNothingElse) {
  ASSERT_TRUE(ParseDisturbances({"membarrier"}).ok());
  std::atomic<int> pinned = 0;
  {
    const Disturber d({.load = true}, 2, [&](int) { return ++pinned, absl::OkStatus(); });
    while (d.writes() == 0 || pinned < 2) std::this_thread::yield();
    EXPECT_EQ(d.barriers(), 0u);
  }
  EXPECT_EQ(pinned, 2);
  const Disturber barriers({.membarrier = true}, 2, nullptr);
  while (barriers.barriers() < 3) std::this_thread::yield();
  EXPECT_EQ(barriers.writes(), 0u);
}

}  // namespace
}  // namespace ordeal::stress
