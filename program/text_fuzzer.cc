// Can any text make the parser crash, lie or forget? Whatever it accepts must come back exactly.
//
// As an ordinary target it runs blind. For a campaign with coverage and sanitizers, from the root of the repository:
//   clang++-19 -std=c++20 -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined -I. \
//     program/text_fuzzer.cc program/{line,text,text_parse,validate,custody,discipline}.cc base/{check,suggest}.cc \
//     $(pkg-config --cflags --libs absl_statusor absl_strings absl_str_format) -o /tmp/text_fuzzer
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "program/text.h"
#include "program/validate.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace ordeal;
  const absl::StatusOr<Reproducer> r = Parse({reinterpret_cast<const char*>(data), size}, "f");
  if (!r.ok()) {
    ORDEAL_CHECK(r.status().message().find('\n') == absl::string_view::npos, "an error is one line");
    ORDEAL_CHECK(r.status().message().substr(0, 2) == "f:", "an error says where");
    return 0;
  }
  ORDEAL_CHECK(Validate(*r).ok(), "what is parsed is valid");
  const std::string text = Format(*r);
  const absl::StatusOr<Reproducer> again = Parse(text, "again");
  ORDEAL_CHECK(again.ok(), "what is printed can be read");
  ORDEAL_CHECK(*again == *r, "and is the same");
  ORDEAL_CHECK(Format(*again) == text, "and is printed the same way");
  return 0;
}
