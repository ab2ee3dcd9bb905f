#include "stress/placement/machine_text.h"

#include <algorithm>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "stress/placement/topology_testing.h"

namespace ordeal::stress {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(MachineTextTest, DrawsASmallMachineToTheCore) {
  EXPECT_EQ(DrawMachine(Loaded("synthetic:pack:2 [numa] l3:1 core:1 pu:2(indexes=2*2:1*2)")),
            "package L#0\n"
            "  node L#0 P#0\n"
            "    L3 L#0\n"
            "      core L#0  PU L#0-1  P#0,2\n"
            "package L#1\n"
            "  node L#1 P#1\n"
            "    L3 L#1\n"
            "      core L#1  PU L#2-3  P#1,3\n");
}

TEST(MachineTextTest, SaysWhatMayNotBeUsed) {
  const std::string drawn = DrawMachine(Allowed(2, 3, 1));
  EXPECT_THAT(drawn, HasSubstr("core L#0  PU L#0-3  P#0-3  usable only P#2-3\n"));
  EXPECT_THAT(drawn, HasSubstr("core L#1  PU L#4-7  P#4-7  not usable\n"));
}

TEST(MachineTextTest, ThousandsOfPusAreAScreenful) {
  for (const std::string& spec : {std::string(kThousands), std::string(kEightNodes), std::string("synthetic:pack:2 [numa] l3:64 core:2 pu:2"),
                                  std::string("synthetic:pack:2 core:1024 pu:4")}) {
    const Topology t = Loaded(spec);
    const std::string drawn = DrawMachine(t);
    EXPECT_LE(std::count(drawn.begin(), drawn.end(), '\n'), 100) << spec;
    EXPECT_THAT(drawn, HasSubstr(absl::StrCat("-", t.seats().size() - 1))) << "the last PU is there, with its number";
  }
}

TEST(MachineTextTest, ADescriptionIsCalledOne) {
  for (const Topology& t : {Loaded(kPower), Hybrid(), Loaded(kThousands)}) {
    EXPECT_THAT(FactsText(t), HasSubstr("; a description, not this machine"));
    EXPECT_THAT(FactsText(t) + DrawMachine(t), Not(HasSubstr("pinned")));
  }
  EXPECT_THAT(FactsText(Loaded("native")), Not(HasSubstr("not this machine")));
  EXPECT_THAT(FactsText(Hybrid()), HasSubstr("2 kinds of cores"));
  EXPECT_THAT(DrawMachine(Hybrid()), HasSubstr("core L#0  PU L#0-1  P#0-1  kind 1\n"));
}

}  // namespace
}  // namespace ordeal::stress
