// Can any bytes make the decoder crash, lie or forget? Whatever it accepts must come back exactly, also by way of text; and
// whatever the program, repair and mutation make a good one of it.
//
// As an ordinary target it runs blind. For a campaign with coverage and sanitizers, from the root of the repository:
//   clang++-19 -std=c++20 -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined -I. \
//     program/bytes_fuzzer.cc program/{bytes_decode,bytes_encode,line,text,text_parse,validate,custody,discipline}.cc \
//     program/{generate,mutate,change,random_operands,repair,sensible_op,story,weave}.cc base/{check,suggest}.cc \
//     $(pkg-config --cflags --libs absl_statusor absl_strings absl_str_format) -o /tmp/bytes_fuzzer
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "base/hash.h"
#include "program/bytes.h"
#include "program/mutate.h"
#include "program/text.h"
#include "program/validate.h"

namespace ordeal {
namespace {

void CheckForms(const Reproducer& r, std::string_view bytes) {
  ORDEAL_CHECK(Encode(r) == bytes, "what is decoded encodes to the same bytes");
  const absl::StatusOr<Reproducer> read = Parse(Format(r), "f");
  ORDEAL_CHECK(read.ok() && *read == r, "text is lossless too");
}

void CheckMutation(Program p, uint64_t seed) {
  Program repaired = p;
  Repair(repaired);
  ORDEAL_CHECK(Validate(repaired).ok() && KeepsDiscipline(repaired), "Repair makes it good");
  ORDEAL_CHECK(!KeepsDiscipline(p) || repaired == p, "Repair leaves a good one alone");
  const Program once = repaired;
  Repair(repaired);
  ORDEAL_CHECK(repaired == once, "Repair is idempotent");
  Rng rng(seed);
  const Program crossed = CrossOver(p, once, rng);
  Mutate(p, rng);
  ORDEAL_CHECK(Validate(p).ok() && KeepsDiscipline(p), "Mutate makes it good");
  ORDEAL_CHECK(Validate(crossed).ok() && KeepsDiscipline(crossed), "CrossOver makes it good");
}

}  // namespace
}  // namespace ordeal

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace ordeal;
  const absl::StatusOr<Reproducer> r = Decode({data, size});
  if (!r.ok()) {
    ORDEAL_CHECK(r.status().message().find('\n') == absl::string_view::npos, "an error is one line");
    return 0;
  }
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  CheckForms(*r, bytes);
  CheckMutation(r->program, HashBytes(bytes));
  return 0;
}
