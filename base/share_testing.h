// How much of a long test does this run do?
//
// All of it; or, with ORDEAL_TEST_SHARE=16 in the environment, a sixteenth: for builds that are many times slower (.bazelrc: sanitizers). Only loops that look at
// many things of one kind are cut; what is asserted of how often something came is not asserted then.
#pragma once
#include <algorithm>
#include <cstdlib>
#include <vector>

#include "base/check.h"

namespace ordeal {

inline int TestShare() {
  const char* text = std::getenv("ORDEAL_TEST_SHARE");
  const int share = text != nullptr ? std::atoi(text) : 1;
  ORDEAL_CHECK(share >= 1, "ORDEAL_TEST_SHARE: expected 1 or more");
  return share;
}

// At least 1.
inline int ShareOf(int whole) { return std::max(1, whole / TestShare()); }

// Every so-manieth, the first among them.
template <class T>
std::vector<T> ShareOf(const std::vector<T>& whole) {
  std::vector<T> part;
  for (size_t i = 0; i < whole.size(); i += static_cast<size_t>(TestShare())) part.push_back(whole[i]);
  return part;
}

}  // namespace ordeal
