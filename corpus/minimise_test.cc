// Minimising is a function of the finding alone: each reproducer of bugs/ becomes the file of that name in minimised/, byte by byte, whichever
// compiler built this; and these files become themselves.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/files_testing.h"
#include "base/file.h"
#include "finding/analyse.h"
#include "finding/opened.h"
#include "finding/replay.h"
#include "program/text.h"

namespace ordeal {
namespace {

std::vector<std::string> g_files;  // of bugs/

std::string MinimisedText(const std::string& file) {
  const absl::StatusOr<Reproducer> r = ReadReproducer(file);
  EXPECT_TRUE(r.ok()) << r.status();
  absl::StatusOr<Opened> o = Open(*r);
  EXPECT_TRUE(o.ok() && o->finding) << file;
  Finding f = Shrunk(*o->investigator, *o->machine, *std::move(o->finding));
  o->investigator->Conclude(&f);
  return Format(f.reproducer);
}

std::string MinimisedFile(std::string file) { return file.replace(file.find("/bugs/"), 6, "/minimised/"); }

TEST(Minimised, TheSameBytesEverywhere) {
  for (const std::string& file : g_files) EXPECT_EQ(MinimisedText(file), ReadFile(MinimisedFile(file)).value()) << file;
}

TEST(Minimised, AgainItIsItself) {
  for (const std::string& file : g_files) EXPECT_EQ(MinimisedText(MinimisedFile(file)), ReadFile(MinimisedFile(file)).value()) << file;
}

}  // namespace
}  // namespace ordeal

int main(int argc, char** argv) { return ordeal::RunTestsOnFiles(argc, argv, ordeal::g_files); }
