#include "stress/night/compare_runs.h"

#include "gtest/gtest.h"

namespace ordeal::stress {
namespace {

ScenarioTally Of(const std::string& name, u64 fine, u64 hits, const std::string& wanted = "ledger") {
  ScenarioTally s{name, "", {{"fine", fine}}, wanted, "", {}, {}};
  if (hits != 0) s.outcomes["ledger"] = hits;
  s.meters.rounds = fine + hits;
  return s;
}

TEST(CompareRuns, IsThisTable) {
  const NightTally with{{Of("xfree", 100000, 0), Of("charge", 1000, 0), Of("numa", 5, 0), Of("other", 5, 0, "overlap")}, {}};
  const NightTally without{{Of("charge", 997, 3), Of("xfree", 99700, 300), Of("late", 5, 0), Of("other", 5, 0)}, {}};
  EXPECT_EQ(
      CompareRuns(with, without),
      "scenario       first                       second                              first beside second\n"
      "charge/ledger  0 of 1000: below 3.0e-03    3 of 1000 (1.0e-03 to 8.8e-03)      not significant, p 0.25; with 0 hits it takes 4844 rounds\n"
      "xfree/ledger   0 of 100000: below 3.0e-05  300 of 100000 (2.7e-03 to 3.4e-03)  fewer, p 7.8e-91\n"
      "numa: in the first run only\n"
      "other: asks for 'overlap' in the first run and for 'ledger' in the second\n"
      "late: in the second run only\n");
}

TEST(CompareRuns, SaysWhenThereIsNothing) {
  EXPECT_EQ(CompareRuns({}, {}), "nothing to compare: no scenario ran in both\n");
  EXPECT_EQ(CompareRuns({{Of("xfree", 0, 0)}, {}}, {{Of("xfree", 5, 0)}, {}}),
            "xfree: in the second run only\nnothing to compare: no scenario ran in both\n");
}

}  // namespace
}  // namespace ordeal::stress
