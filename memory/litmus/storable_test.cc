// What is stored only if it was read, and nothing else.
#include "memory/litmus/storable.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "memory/litmus/parser.h"
#include "memory/litmus/thread.h"

namespace ordeal::litmus {
namespace {

using Stores = std::map<std::string, std::set<i64>>;  // by thread and variable, as in "0 x"

Stores StoresOf(const std::string& threads, bool all = true) {
  const absl::StatusOr<Test> test = ParseLitmus("C test\n{ x=0; y=0; }\n" + threads + "\nexists (x=0)\n", "test.litmus");
  EXPECT_TRUE(test.ok()) << test.status().message();
  if (!test.ok()) return {};
  const StorableValues found = StoredOnlyIfRead(*test, kDefaultTurns);
  EXPECT_EQ(found.all, all);
  Stores stores;
  for (const StorableValue& v : found.values) {
    const Place place = PlaceAt(*test, v.address);
    EXPECT_EQ(v.bytes, 8);
    stores[std::to_string(v.thread) + " " + test->variables[static_cast<size_t>(place.variable)].name].insert(static_cast<i64>(v.value));
  }
  return stores;
}

constexpr const char* kCopy = "P1(int *x, int *y) { int r0 = READ_ONCE(*y); WRITE_ONCE(*x, r0); }\n";

TEST(Storable, NothingWhereValuesLeadBothWays) {
  EXPECT_EQ(StoresOf("P0(int *x, int *y) { WRITE_ONCE(*y, 1); }\n" + std::string(kCopy)), Stores());
  EXPECT_EQ(StoresOf("P0(int *x, int *y) { int r0 = READ_ONCE(*x); if (r0 == 1) WRITE_ONCE(*y, 5); WRITE_ONCE(*y, 1); }\n" + std::string(kCopy)),
            Stores());
}

TEST(Storable, BehindABranchThatNoValueLeadsInto) {
  EXPECT_EQ(StoresOf("P0(int *x, int *y) { int r0 = READ_ONCE(*x); if (r0 == 5) WRITE_ONCE(*y, 5); }\n" + std::string(kCopy)),
            (Stores{{"0 y", {5}}, {"1 x", {5}}}));
  EXPECT_EQ(StoresOf("P0(int *x, int *y) { int r0 = READ_ONCE(*x); int r1 = 7; if (r0 == 0) r1 = 0; WRITE_ONCE(*y, r1 + 1); }\n"
                     "P1(int *x, int *y) { WRITE_ONCE(*x, 0); }\n"),
            (Stores{{"0 y", {8}}}));
}

TEST(Storable, ByAnRmwThatNoValueLetsSucceed) {
  EXPECT_EQ(StoresOf("P0(int *x, int *y) { int r0 = cmpxchg_relaxed(y, 3, 4); }\n" + std::string(kCopy)), (Stores{{"0 y", {4}}, {"1 x", {4}}}));
  EXPECT_TRUE(StoresOf("P0(atomic_t *y) { atomic_add_unless(y, 3, 0); }\n")["0 y"].contains(3));
}

TEST(Storable, ALoopIsGoneThrough) {
  EXPECT_EQ(
      StoresOf(
          "P0(int *x, int *y) { int r0 = READ_ONCE(*x); int r1 = 0; while (r0 == 1) { r1 = r1 + 1; r0 = READ_ONCE(*x); } WRITE_ONCE(*y, r1); }\n"),
      (Stores{{"0 y", {1, 2}}}));
}

// x = x + 1 makes no more values than the test makes stores.
TEST(Storable, WhatGoesRoundEnds) {
  const Stores stores = StoresOf("P0(int *x, int *y) { int r0 = READ_ONCE(*x); if (r0 == 100) WRITE_ONCE(*y, 0); WRITE_ONCE(*x, r0 + 1); }\n");
  EXPECT_LE(stores.contains("0 x") ? stores.at("0 x").size() : 0, 3u);
}

TEST(Storable, TooManyAreSaidToBe) {
  std::string body = "P0(int *x, int *y) { int r0 = READ_ONCE(*x); if (r0 == 1000000) WRITE_ONCE(*y, 1);";
  for (int k = 0; k < 20; ++k) body += " r0 = xchg(x, r0 + " + std::to_string(1 << k) + ");";
  StoresOf(body + " }\n", false);
}

}  // namespace
}  // namespace ordeal::litmus
