// What is a finding, as a file? A program, the bugs planted in it, the decisions that lead there, and what must come out.
#pragma once
#include <string>
#include <vector>

#include "memory/decision.h"
#include "program/program.h"

namespace ordeal {

// What a replay must give. Empty strings: not stated.
struct Expectation {
  std::string violation;  // a name of shadow/violation.h, "stale-contents"
  std::string headline;   // "ordering/LKMM"
  std::string owner;      // "user", "allocator", "both", "unclear"
  bool operator==(const Expectation&) const = default;
};

struct Reproducer {
  std::string allocator = "slub";
  std::string model = "lkmm";
  std::vector<std::string> bugs;
  Program program;
  Decisions decisions;
  Expectation expect;
  bool operator==(const Reproducer&) const = default;
};

}  // namespace ordeal
