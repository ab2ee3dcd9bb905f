#include "base/summary.h"

#include <cstdio>

#include "base/check.h"

namespace ordeal {
namespace {

std::string OneLine(std::string_view prefix, std::string_view text) {
  std::string line(prefix);
  line += text;
  for (char& c : line) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return line;
}

void PrintLine(const std::string& line) {
  std::fflush(stdout);
  std::fprintf(stderr, "%s\n", line.c_str());
  std::fflush(stderr);
}

}  // namespace

std::string SummaryLine(std::string_view text) { return OneLine("SUMMARY: ordeal: ", text); }
void PrintSummary(std::string_view text) { PrintLine(SummaryLine(text)); }

std::string ErrorLine(std::string_view text) { return OneLine("ordeal: error: ", text); }
void PrintError(std::string_view text) { PrintLine(ErrorLine(text)); }
void PrintError(const absl::Status& status) {
  ORDEAL_CHECK(!status.ok(), "an error to print");
  PrintError(std::string(status.message()));
}

}  // namespace ordeal
