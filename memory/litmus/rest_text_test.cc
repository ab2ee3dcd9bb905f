// A place to go on from survives being written and read, and what is no such place is refused in one line.
#include "memory/litmus/rest_text.h"

#include <gtest/gtest.h>

namespace ordeal::litmus {
namespace {

TEST(RestText, IsReadAsItWasWritten) {
  const Rest rest{{.bound = 8,
                   .counted = 4,
                   .cut = true,
                   .answers = {0, 255, 1},
                   .round = 2,
                   .grew = true,
                   .longest = 17,
                   .atoms = {{0x200, 0xff}, {0x3fffff, 0x0f}},
                   .values = {{1, 7, ~u64{0}, 3}, {0, 0, 0, 1}}},
                  true};
  const std::string text = RestText(rest);
  EXPECT_EQ(text, "8:4:25:0.255.1:2:17:200/ff.3fffff/f:1/7/ffffffffffffffff/3.0/0/0/1");
  const absl::StatusOr<Rest> again = ParseRest(text);
  ASSERT_TRUE(again.ok()) << again.status().message();
  EXPECT_EQ(RestText(*again), text);
  EXPECT_EQ(again->at.atoms, rest.at.atoms);
  EXPECT_EQ(again->at.values, rest.at.values);
  EXPECT_EQ(RestText(*ParseRest(RestText(Rest()))), RestText(Rest()));
  for (u32 flags = 0; flags < 32; ++flags) {
    const std::string flagged = "0:-1:" + std::to_string(flags) + "::0:0::";
    EXPECT_EQ(RestText(*ParseRest(flagged)), flagged);
  }
}

TEST(RestText, WhatIsNoPlaceIsRefused) {
  for (const char* text :
       {"", "1:2", "8:4:1:0.7.7", "x:4:1::0:0::", "8:4:32::0:0::", "8:4:1:256:0:0::", "8:4:1:0..1:0:0::", "8:4:1::0:-1::", "8:4:1::0:0:200:",
        "8:4:1::0:0:200/100:", "8:4:1::0:0:200/ff/1:", "8:4:1::0:0::0/8/1/1", "8:4:1::0:0::0/1/1", "8:4:1::0:0:::"}) {
    EXPECT_FALSE(ParseRest(text).ok()) << text;
  }
}

}  // namespace
}  // namespace ordeal::litmus
