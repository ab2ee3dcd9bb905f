// What is the last line of a run, and what does an error look like? Scripts grep for both.
//
// Text for people goes to stderr; stdout is flushed first, so that in a common log the line really is the last.
#pragma once
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace ordeal {

// "SUMMARY: ordeal: TEXT", without the line's end. Line breaks in the text become spaces, other control characters \xNN.
std::string SummaryLine(std::string_view text);

// Prints SummaryLine(text). To be called once, when nothing more is going to be printed.
void PrintSummary(std::string_view text);

// "ordeal: error: TEXT", the same way; the middle of one of more than 500 bytes is left out. A Status shows its message alone; one that is OK is a programmer's error.
std::string ErrorLine(std::string_view text);
void PrintError(std::string_view text);
void PrintError(const absl::Status& status);

}  // namespace ordeal
