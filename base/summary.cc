#include "base/summary.h"

#include <cstdio>

#include "base/check.h"

namespace ordeal {
namespace {

// Bad input is quoted in errors: what would move the terminal's cursor is spelled out.
std::string OneLine(std::string_view prefix, std::string_view text) {
  std::string line(prefix);
  for (const char c : text) {
    if (c == '\n' || c == '\r') {
      line += ' ';
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\x%02x", static_cast<unsigned>(c));
      line += escaped;
    } else {
      line += c;
    }
  }
  return line;
}

// An error quotes a flag or a line of a file, whose length is not ours: beginning and end tell which.
std::string Shortened(std::string line) {
  constexpr size_t kLongest = 500, kHead = 300, kTail = 150;
  if (line.size() <= kLongest) return line;
  return line.substr(0, kHead) + " [...] " + line.substr(line.size() - kTail);
}

void PrintLine(const std::string& line) {
  std::fflush(stdout);
  std::fprintf(stderr, "%s\n", line.c_str());
  std::fflush(stderr);
}

}  // namespace

std::string SummaryLine(std::string_view text) { return OneLine("SUMMARY: ordeal: ", text); }
void PrintSummary(std::string_view text) { PrintLine(SummaryLine(text)); }

std::string ErrorLine(std::string_view text) { return Shortened(OneLine("ordeal: error: ", text)); }
void PrintError(std::string_view text) { PrintLine(ErrorLine(text)); }
void PrintError(const absl::Status& status) {
  ORDEAL_CHECK(!status.ok(), "an error to print");
  PrintError(std::string(status.message()));
}

}  // namespace ordeal
