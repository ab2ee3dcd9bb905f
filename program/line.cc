#include "program/line.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "program/validate.h"

namespace ordeal {

std::string Quoted(std::string_view word) {
  if (word.empty()) return "end of line";
  const std::string_view start = word.substr(0, 40);
  return absl::StrFormat("\"%s%s\"", absl::CHexEscape(absl::string_view(start.data(), start.size())), word.size() > 40 ? "..." : "");
}

std::string Listed(std::span<const std::string_view> words) {
  std::string out;
  for (size_t i = 0; i < words.size(); ++i) {
    out += i == 0 ? "" : i + 1 == words.size() ? " or " : ", ";
    out += words[i];
  }
  return out;
}

Line::Line(std::string_view text) {
  text = text.substr(0, text.find('#'));
  constexpr std::string_view kSpace = " \t\r";
  for (size_t begin = text.find_first_not_of(kSpace); begin != std::string_view::npos;) {
    const size_t end = std::min(text.find_first_of(kSpace, begin), text.size());
    words_.push_back(text.substr(begin, end - begin));
    begin = text.find_first_not_of(kSpace, end);
  }
}

void Line::Fail(std::string_view got, std::string_view expected) {
  if (ok()) error_ = absl::StrFormat("got %s, expected %s", got, expected);
}

void Line::FailIf(const absl::Status& status) {
  if (ok() && !status.ok()) error_ = std::string(status.message());
}

void Line::TakeWord(std::string_view expected) {
  if (std::string_view word = Take(); word != expected) Fail(Quoted(word), expected);
}

void Line::TakeEnd() {
  if (!AtEnd()) Fail(Quoted(Take()), "end of line");
}

std::string Line::TakeName(std::string_view what) {
  const std::string_view word = Take();
  if (!IsName(word)) Fail(Quoted(word), absl::StrFormat("%s: 1..%u letters, digits and _ . - / + : =", what, kMaxNameBytes));
  return std::string(word);
}

uint64_t Line::ToNumber(std::string_view word, uint64_t max, std::string_view what) {
  uint64_t n = 0;
  bool good = !word.empty() && word.size() <= 10;
  for (char c : word) {
    good = good && c >= '0' && c <= '9';
    n = good ? n * 10 + static_cast<uint64_t>(c - '0') : 0;
  }
  if (good && n <= max) return n;
  Fail(Quoted(word), absl::StrFormat("%s 0..%u", what, max));
  return 0;
}

uint64_t Line::TakeHex(std::string_view what) {
  const std::string_view word = Take();
  uint64_t n = 0;
  const bool good = word.size() > 2 && word.size() <= 18 && word.substr(0, 2) == "0x" &&
                    std::all_of(word.begin() + 2, word.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  if (good && absl::SimpleHexAtoi(absl::string_view(word.data(), word.size()), &n)) return n;
  Fail(Quoted(word), what);
  return 0;
}

u8 Line::ToRegister(std::string_view word) {
  if (word.size() == 1 && word[0] >= 'a' && word[0] < 'a' + kRegisters) return static_cast<u8>(word[0] - 'a');
  Fail(Quoted(word), absl::StrFormat("a register a..%c", 'a' + kRegisters - 1));
  return 0;
}

u8 Line::TakeSlot() {
  const std::string_view word = Take();
  if (word.size() == 2 && word[0] == 's' && word[1] >= '0' && word[1] < '0' + kSlots) return static_cast<u8>(word[1] - '0');
  Fail(Quoted(word), absl::StrFormat("a slot s0..s%d", kSlots - 1));
  return 0;
}

AccessKey Line::ToKey(std::string_view word) {
  const size_t dot = word.find('.');
  if (dot == std::string_view::npos) {
    Fail(Quoted(word), "OP.ACCESS, as in 3.1");
    return {};
  }
  const u16 op = static_cast<u16>(ToNumber(word.substr(0, dot), kInitOp - 1, "an op id"));
  return {op, static_cast<u16>(ToNumber(word.substr(dot + 1), 0xffff, "an access"))};
}

}  // namespace ordeal
