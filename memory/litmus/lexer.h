// Where are the parts of a litmus test, and what are their words?
//
// The format is that of herd7: a line `C name`, an optional quoted description, the initial values in braces, functions P0, P1, ...,
// then what to observe and the condition. Each part has comments of its own: `(* *)`, which nest, everywhere except inside threads,
// where `(*p)` is C; `//` and `/* */` everywhere.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "memory/order.h"

namespace ordeal::litmus {

struct Token {
  enum class Kind : u8 { kName, kNumber, kSymbol, kEnd };
  Kind kind = Kind::kEnd;
  absl::string_view text;  // into the text that was lexed
  int line = 0;
};

// Every part is closed by a token kEnd.
struct LexedTest {
  std::string name;
  std::vector<Token> init;     // without its braces
  std::vector<Token> threads;  // all of them
  std::vector<Token> finals;   // locations, filter, condition
};

absl::StatusOr<LexedTest> Lex(absl::string_view text, absl::string_view file_name);

// "P0", "P1", ...: the number; anything else: nothing.
std::optional<int> ThreadNumber(const Token& token);

// Decimal or hexadecimal, with the suffixes of C; nothing if it does not fit or is not a number.
std::optional<i64> NumberOf(const Token& token);

// FILE:LINE: found FOUND, expected EXPECTED
absl::Status SyntaxError(absl::string_view file_name, int line, absl::string_view found, absl::string_view expected);

}  // namespace ordeal::litmus
