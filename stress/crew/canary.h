// Does this machine, with threads placed like this, show weak memory at all? Litmus tests whose weak outcome is known to be seen: positive controls.
//
// While they are silent, "0 violations" means nothing: threads that never met would say the same.
#pragma once
#include <memory>
#include <string_view>
#include <vector>

#include "stress/crew/workload.h"

namespace ordeal::stress {

struct CanaryTest {
  std::string_view name;  // as in the litmus literature
  std::string_view what;
  bool expected;  // does every machine of this architecture with two processors show it?
};

// SB, MP, LB: all but SB are forbidden on x86, where they are not run. LB is allowed by ARMv8 and POWER and rarely seen: it is not expected.
std::vector<CanaryTest> CanariesHere();

// Outcomes: "weak" and "strong". Null: no such test.
std::unique_ptr<Workload> MakeCanary(std::string_view name, u32 cells = 256);

}  // namespace ordeal::stress
