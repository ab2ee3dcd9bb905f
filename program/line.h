// How is one line of a reproducer's text taken apart, with errors that say what was expected instead?
//
// Words are taken from the left. The first error sticks; what is taken after it is a harmless value that nobody looks at, so that
// a parser reads as the list of what it wants. Words are views into the text that the Line was made from.
#pragma once
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "base/suggest.h"
#include "memory/decision.h"
#include "program/names.h"

namespace ordeal {

// Anything that came from a file, fit to be printed: "word", escaped and cut to 40 bytes; `end of line` if empty.
std::string Quoted(std::string_view word);

// "a, b or c".
std::string Listed(std::span<const std::string_view> words);

class Line {
 public:
  // Splits at blanks, tabs and carriage returns; what follows # is a comment.
  explicit Line(std::string_view text);

  bool empty() const { return words_.empty(); }
  bool AtEnd() const { return at_ == words_.size(); }
  bool ok() const { return error_.empty(); }
  const std::string& error() const { return error_; }  // "got X, expected Y"; empty: none

  void Fail(std::string_view got, std::string_view expected);
  void FailIf(const absl::Status& status);  // with its message

  std::string_view Peek() const { return AtEnd() ? std::string_view() : words_[at_]; }
  // The next word; empty at the end of the line.
  std::string_view Take() { return AtEnd() ? std::string_view() : words_[at_++]; }
  void TakeWord(std::string_view expected);
  void TakeEnd();
  std::string TakeName(std::string_view what);  // IsName of validate.h
  u8 TakeSlot();

  // Decimal digits, 0..max. Returns 0 and fails for anything else.
  uint64_t ToNumber(std::string_view word, uint64_t max, std::string_view what);
  template <class Int>
  Int TakeNumber(uint64_t max, std::string_view what) {
    return static_cast<Int>(ToNumber(Take(), max, what));
  }

  // 0x and up to 16 hexadecimal digits. Returns 0 and fails for anything else.
  uint64_t TakeHex(std::string_view what);

  // The value of Enum whose name the word is.
  template <class Enum, size_t N>
  Enum ToOneOf(const std::array<std::string_view, N>& names, std::string_view word) {
    const std::optional<Enum> value = FindName<Enum>(names, word);
    if (!value) Fail(Quoted(word), Listed(names) + DidYouMean(word, names));
    return value.value_or(Enum{});
  }
  template <class Enum, size_t N>
  Enum TakeOneOf(const std::array<std::string_view, N>& names) {
    return ToOneOf<Enum>(names, Take());
  }

  u8 ToRegister(std::string_view word);
  AccessKey ToKey(std::string_view word);  // "3.1", the access 1 of op 3

 private:
  std::vector<std::string_view> words_;
  size_t at_ = 0;
  std::string error_;
};

}  // namespace ordeal
