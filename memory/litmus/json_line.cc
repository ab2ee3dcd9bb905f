#include "memory/litmus/json_line.h"

#include <cmath>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace ordeal::litmus {
namespace {

class Reader {
 public:
  explicit Reader(absl::string_view line) : rest_(line) {}

  std::string Read(JsonObject* object) {
    Expect('{');
    if (!Eat('}')) {
      do {
        std::string key = String();
        Expect(':');
        if (!object->emplace(std::move(key), Value()).second) Fail("each name once");
      } while (good() && Eat(','));
      Expect('}');
    }
    SkipSpace();
    if (!rest_.empty()) Fail("the end of the line");
    return complaint_;
  }

 private:
  bool good() const { return complaint_.empty(); }
  void Fail(absl::string_view expected) {
    if (!good()) return;
    std::string got(rest_.substr(0, 12));
    for (char& c : got) c = absl::ascii_isprint(static_cast<unsigned char>(c)) ? c : '?';
    complaint_ = absl::StrCat("got ", rest_.empty() ? "the end of the line" : absl::StrCat("'", got, "'"), ", expected ", expected);
  }
  void SkipSpace() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\t' || rest_[0] == '\r')) rest_.remove_prefix(1);
  }
  bool Eat(char c) {
    SkipSpace();
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void Expect(char c) {
    if (!Eat(c)) Fail(absl::string_view(&c, 1));
  }

  std::string String() {
    std::string text;
    Expect('"');
    while (good() && !rest_.empty() && rest_[0] != '"') {
      const unsigned char c = static_cast<unsigned char>(rest_[0]);
      if (c < 0x20) Fail("no bare control character in a string");
      if (c == '\\') {
        text += Escaped();
      } else {
        text += rest_[0];
        rest_.remove_prefix(1);
      }
    }
    Expect('"');
    return text;
  }

  std::string Escaped() {
    constexpr absl::string_view kLetters = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
    const size_t letter = rest_.size() < 2 ? absl::string_view::npos : kLetters.find(rest_[1]);
    const bool ascii = rest_.size() >= 6 && rest_.substr(1, 3) == "u00" && rest_[4] >= '0' && rest_[4] <= '7';
    if (letter == absl::string_view::npos && !(ascii && absl::ascii_isxdigit(static_cast<unsigned char>(rest_[5])))) {
      Fail("an escaped ASCII character");
      return "";
    }
    const std::string meaning = letter != absl::string_view::npos ? std::string(1, kMeanings[letter]) : absl::HexStringToBytes(rest_.substr(4, 2));
    rest_.remove_prefix(letter != absl::string_view::npos ? 2 : 6);
    return meaning;
  }

  JsonField Value() {
    JsonField field;
    SkipSpace();
    field.is_string = absl::StartsWith(rest_, "\"");
    if (field.is_string) {
      field.text = String();
    } else if (Eat('[')) {
      field.is_list = true;
      if (Eat(']')) return field;
      do field.list.push_back(String());
      while (good() && Eat(','));
      Expect(']');
    } else {
      double number;
      field.text = std::string(rest_.substr(0, rest_.find_first_of(",} \t\r")));
      const bool a_number = absl::SimpleAtod(field.text, &number) && std::isfinite(number);
      if (field.text != "true" && field.text != "false" && !a_number) Fail("a string, a number, true, false or a list of strings");
      if (good()) rest_.remove_prefix(field.text.size());
    }
    return field;
  }

  absl::string_view rest_;
  std::string complaint_;
};

}  // namespace

std::string ParseJsonLine(absl::string_view line, JsonObject* object) { return Reader(line).Read(object); }

}  // namespace ordeal::litmus
