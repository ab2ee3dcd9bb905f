// Wrong flags cost one clear line, not a night.
#include "fuzz/flags.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/flags/declare.h"
#include "absl/flags/flag.h"
#include "absl/flags/reflection.h"

namespace ordeal {
namespace {

using testing::HasSubstr;

std::string Error(const std::vector<std::string>& args) {
  absl::FlagSaver keep;
  const auto f = ParseFuzzFlags(args);
  return f.ok() ? "" : std::string(f.status().message());
}

TEST(Flags, UnknownOfEitherDialectIsRefusedWithTheNearestName) {
  EXPECT_THAT(Error({"--modle=sc"}), HasSubstr("did you mean \"model\""));
  EXPECT_THAT(Error({"-run=5"}), HasSubstr("did you mean \"runs\""));
  EXPECT_THAT(Error({"-bug=user.double_free"}), HasSubstr("--bug"));
  EXPECT_THAT(Error({"--zzzzzz=1"}), HasSubstr("unknown flag --zzzzzz"));
}

TEST(Flags, ValuesAreChecked) {
  EXPECT_THAT(Error({"--allocator=slab"}), HasSubstr("slub"));
  EXPECT_THAT(Error({"--model=lkm"}), HasSubstr("lkmm"));
  EXPECT_THAT(Error({"--cpus=1"}), HasSubstr("expected 2..8"));
  EXPECT_THAT(Error({"--cpus=many"}), HasSubstr("--cpus=many"));
  EXPECT_THAT(Error({"--bug=user.publish_relax"}), HasSubstr("user.publish_relaxed"));
  EXPECT_THAT(Error({"--report=some"}), HasSubstr("all or damage"));
  EXPECT_THAT(Error({"--bug"}), HasSubstr("no value"));
  EXPECT_THAT(Error({"-runs"}), HasSubstr("no value"));
  EXPECT_THAT(Error({"-runs=many"}), HasSubstr("-runs=many: expected a whole number"));
  EXPECT_EQ(Error({"-runs=-1", "-artifact_prefix=many/", "-dict=words"}), "");
}

TEST(Flags, ExpectNeedsOneProcess) {
  EXPECT_THAT(Error({"--bug=user.double_free", "--expect=user.double_free", "-jobs=2"}), HasSubstr("--expect with -jobs or -fork"));
  EXPECT_THAT(Error({"--bug=user.double_free", "--expect=user.double_free", "-fork=1"}), HasSubstr("--expect with -jobs or -fork"));
  EXPECT_THAT(Error({"--expect=twin.user.double_free"}), HasSubstr("no such bug"));
}

TEST(Flags, BothDialectsAndFiles) {
  absl::FlagSaver keep;
  const auto f = ParseFuzzFlags({"--bug=user.double_free,acct.stride_u16", "-runs=5", "corpus", "-artifact_prefix=/x/", "--expect=acct.stride_u16"});
  ASSERT_TRUE(f.ok()) << f.status();
  EXPECT_EQ(f->bugs, (std::vector<std::string>{"user.double_free", "acct.stride_u16"}));
  EXPECT_EQ(f->files, (std::vector<std::string>{"corpus"}));
  EXPECT_EQ(f->artifact_prefix, "/x/");
  EXPECT_EQ(f->report, ReportWhat::kDamage) << "expecting an effect, races alone are its lesser signs";
}

TEST(Flags, HelpNamesEveryExitCode) {
  for (const char* code : {"0 nothing", "1 usage", "2 silent", "3 expectation", "72 interrupted", "77 finding"})
    EXPECT_THAT(FuzzHelp(false), HasSubstr(code));
}

}  // namespace
}  // namespace ordeal
