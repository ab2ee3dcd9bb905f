#include "memory/litmus/lexer.h"

#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace ordeal::litmus {
namespace {

// Longest first.
constexpr absl::string_view kSymbols[] = {"<<=", ">>=", "/\\", "\\/", "=>", "==", "!=", "<>", "<=", ">=", "&&", "||", "<<",
                                          ">>",  "+=",  "-=",  "*=",  "/=", "%=", "&=", "|=", "^=", "++", "--", "->"};

bool IsNameStart(char c) { return absl::ascii_isalpha(static_cast<unsigned char>(c)) || c == '_'; }
bool IsNamePart(char c) { return IsNameStart(c) || absl::ascii_isdigit(static_cast<unsigned char>(c)); }
bool IsSpace(char c) { return absl::ascii_isspace(static_cast<unsigned char>(c)); }

class Lexer {
 public:
  Lexer(absl::string_view text, absl::string_view file_name) : text_(text), file_name_(file_name) {}

  absl::StatusOr<LexedTest> Run() && {
    if (absl::Status s = Header(); !s.ok()) return s;
    if (absl::Status s = Init(); !s.ok()) return s;
    if (absl::Status s = Threads(); !s.ok()) return s;
    Finals();
    return std::move(out_);
  }

 private:
  enum class Nesting : bool { kNo, kYes };  // is (* *) a comment?

  bool AtEnd() const { return at_ >= text_.size(); }
  bool At(absl::string_view s) const { return absl::StartsWith(text_.substr(at_), s); }

  void Skip(size_t bytes) {
    for (; bytes > 0 && !AtEnd(); --bytes) line_ += text_[at_++] == '\n';
  }

  void SkipPast(absl::string_view end) {
    while (!AtEnd() && !At(end)) Skip(1);
    Skip(end.size());
  }

  // False and nothing skipped, if the comment does not end. Looked for a few times only: each time costs the rest of the text.
  bool SkipNestedComment() {
    if (unclosed_ >= 8) return false;
    const std::pair<size_t, int> start = {at_, line_};
    int depth = 0;
    do {
      if (At("(*") || At("*)")) {
        depth += At("(*") ? 1 : -1;
        Skip(2);
      } else if (AtEnd()) {
        std::tie(at_, line_) = start;
        unclosed_++;
        return false;
      } else {
        Skip(1);
      }
    } while (depth > 0);
    return true;
  }

  void SkipBlank(Nesting nesting) {
    for (;;) {
      if (At("//")) {
        SkipPast("\n");
      } else if (At("/*")) {
        SkipPast("*/");
      } else if (nesting == Nesting::kYes && At("(*")) {
        if (!SkipNestedComment()) return;
      } else if (!AtEnd() && IsSpace(text_[at_])) {
        Skip(1);
      } else {
        return;
      }
    }
  }

  Token Next(Nesting nesting) {
    SkipBlank(nesting);
    if (AtEnd()) return {Token::Kind::kEnd, {}, line_};
    const size_t start = at_;
    Token token = {Token::Kind::kSymbol, {}, line_};
    if (IsNamePart(text_[at_])) {
      token.kind = IsNameStart(text_[at_]) ? Token::Kind::kName : Token::Kind::kNumber;
      while (!AtEnd() && IsNamePart(text_[at_])) at_++;
    } else {
      at_++;
      for (absl::string_view symbol : kSymbols) {
        if (text_.substr(start, symbol.size()) != symbol) continue;
        at_ = start + symbol.size();
        break;
      }
    }
    token.text = text_.substr(start, at_ - start);
    return token;
  }

  absl::Status Error(const Token& found, absl::string_view expected) const {
    return SyntaxError(file_name_, found.line, found.kind == Token::Kind::kEnd ? "the end" : found.text, expected);
  }

  // Up to the brace that opens the initial values: whatever else herd7 allows there says nothing about the test.
  absl::Status Header() {
    const Token architecture = Next(Nesting::kYes);
    if (architecture.text != "C") return Error(architecture, "the architecture C");
    while (!AtEnd() && (text_[at_] == ' ' || text_[at_] == '\t')) at_++;
    const size_t start = at_;
    while (!AtEnd() && !IsSpace(text_[at_])) at_++;
    out_.name = std::string(text_.substr(start, at_ - start));
    if (out_.name.empty()) return SyntaxError(file_name_, line_, "nothing after C", "the name of the test");
    for (;;) {
      SkipBlank(Nesting::kYes);
      if (AtEnd()) return SyntaxError(file_name_, line_, "the end", "the initial values in braces");
      const bool brace = At("{"), quote = At("\"");
      Skip(1);
      if (brace) return absl::OkStatus();
      if (quote && text_.find('"', at_) != absl::string_view::npos) SkipPast("\"");
    }
  }

  absl::Status Init() {
    for (int depth = 0;;) {
      const Token token = Next(Nesting::kYes);
      if (token.kind == Token::Kind::kEnd) return Error(token, "'}' after the initial values");
      if (token.text == "}" && depth-- == 0) break;
      if (token.text == "{") depth++;
      out_.init.push_back(token);
    }
    out_.init.push_back({Token::Kind::kEnd, {}, line_});
    return absl::OkStatus();
  }

  absl::Status Threads() {
    std::vector<Token>& out = out_.threads;
    while (true) {
      const std::pair<size_t, int> start = {at_, line_};
      Token token = Next(Nesting::kYes);
      if (token.text == "void") token = Next(Nesting::kYes);
      if (token.text == "*") token = Next(Nesting::kYes);
      if (!ThreadNumber(token)) {
        std::tie(at_, line_) = start;
        break;
      }
      out.push_back(token);
      for (int depth = 0;;) {
        out.push_back(Next(CommentMayStart(out.back().text) ? Nesting::kYes : Nesting::kNo));
        if (out.back().kind == Token::Kind::kEnd) return Error(out.back(), "'}' after the thread");
        if (out.back().text == "{") depth++;
        if (out.back().text == "}" && --depth <= 0) break;
      }
    }
    if (out.empty()) return Error(Next(Nesting::kYes), "a thread P0");
    out.push_back({Token::Kind::kEnd, {}, line_});
    return absl::OkStatus();
  }

  // Inside threads, where a statement may start and no C could go on: "(* " .
  bool CommentMayStart(absl::string_view last) {
    if (last != ";" && last != "{" && last != "}") return false;
    SkipBlank(Nesting::kNo);
    return At("(* ") || At("(*\n") || At("(**");
  }

  void Finals() {
    for (;;) {
      const Token token = Next(Nesting::kYes);
      const bool end = token.kind == Token::Kind::kEnd || token.text == "<<";
      out_.finals.push_back(end ? Token{Token::Kind::kEnd, {}, token.line} : token);
      if (end) return;
    }
  }

  const absl::string_view text_;
  const absl::string_view file_name_;
  size_t at_ = 0;
  int line_ = 1;
  int unclosed_ = 0;  // comments
  LexedTest out_;
};

}  // namespace

absl::StatusOr<LexedTest> Lex(absl::string_view text, absl::string_view file_name) { return Lexer(text, file_name).Run(); }

std::optional<int> ThreadNumber(const Token& token) {
  int number = 0;
  const bool is_thread = token.kind == Token::Kind::kName && token.text.size() > 1 && token.text[0] == 'P' &&
                         absl::ascii_isdigit(static_cast<unsigned char>(token.text[1])) && absl::SimpleAtoi(token.text.substr(1), &number);
  return is_thread ? std::optional<int>(number) : std::nullopt;
}

std::optional<i64> NumberOf(const Token& token) {
  if (token.kind != Token::Kind::kNumber) return std::nullopt;
  const bool hexadecimal = absl::StartsWithIgnoreCase(token.text, "0x");
  absl::string_view digits = token.text.substr(hexadecimal ? 2 : 0);
  while (absl::EndsWithIgnoreCase(digits, "u") || absl::EndsWithIgnoreCase(digits, "l")) digits.remove_suffix(1);
  u64 number = 0;
  if (hexadecimal ? absl::SimpleHexAtoi(digits, &number) : absl::SimpleAtoi(digits, &number)) return static_cast<i64>(number);
  return std::nullopt;
}

absl::Status SyntaxError(absl::string_view file_name, int line, absl::string_view found, absl::string_view expected) {
  return absl::InvalidArgumentError(absl::StrCat(file_name, ":", line, ": found ", found, ", expected ", expected));
}

}  // namespace ordeal::litmus
