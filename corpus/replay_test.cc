// Every reproducer of the corpus still gives its verdict, the same every time, and none without its bug.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/files_testing.h"
#include "finding/bugs.h"
#include "finding/explain.h"
#include "finding/replay.h"
#include "program/text.h"

namespace ordeal {
namespace {

std::vector<std::string> g_files;

TEST(Corpus, CoversEveryPlantedBug) {
  for (const Bug& b : Bugs()) {
    if (b.headline[0] == 0) continue;
    bool covered = false;
    for (const std::string& file : g_files) covered |= file.find(b.name) != std::string::npos;
    EXPECT_TRUE(covered) << b.name;
  }
}

TEST(Corpus, GivesItsVerdictEveryTime) {
  for (const std::string& file : g_files) {
    const auto r = ReadReproducer(file);
    ASSERT_TRUE(r.ok()) << r.status();
    ASSERT_FALSE(r->expect == Expectation()) << file << " states no expectation";
    const auto result = Replay(*r, 1000);
    ASSERT_TRUE(result.ok()) << file << ": " << result.status();
    EXPECT_EQ(result->same, 1000) << file;
    EXPECT_EQ(result->unmet, 0u) << file;
    ASSERT_TRUE(result->finding.has_value()) << file;
    EXPECT_TRUE(result->met) << file << "\n" << Explain(*result->finding, file);
  }
}

TEST(Corpus, IsSilentWithoutTheBug) {
  for (const std::string& file : g_files) {
    auto r = ReadReproducer(file);
    ASSERT_TRUE(r.ok()) << r.status();
    r->bugs.clear();
    const auto result = Replay(*r, 1);
    ASSERT_TRUE(result.ok());
    EXPECT_FALSE(result->finding.has_value()) << file << "\n" << Explain(*result->finding, file);
  }
}

// Minimal by hand: no decision and no op can go.
TEST(Corpus, EveryDecisionIsNeeded) {
  for (const std::string& file : g_files) {
    const auto r = ReadReproducer(file);
    ASSERT_TRUE(r.ok()) << r.status();
    for (size_t i = 0; i < r->decisions.size(); ++i) {
      Reproducer less = *r;
      less.decisions.erase(less.decisions.begin() + static_cast<std::ptrdiff_t>(i));
      EXPECT_FALSE(Replay(less, 1)->met) << file << ": decision " << i << " is not needed";
    }
  }
}

}  // namespace
}  // namespace ordeal

int main(int argc, char** argv) { return ordeal::RunTestsOnFiles(argc, argv, ordeal::g_files); }
