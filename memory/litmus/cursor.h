// What is the next word of a part of a litmus test, and is it the expected one?
//
// The first failure is kept and the cursor jumps to the end of its part, where nothing matches and every loop of a parser ends: a
// parser asks for status() once, when it is done.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "memory/litmus/lexer.h"

namespace ordeal::litmus {

class Cursor {
 public:
  // Both must outlive the cursor; the last token is kEnd.
  Cursor(const std::vector<Token>& tokens, absl::string_view file_name) : tokens_(tokens), file_name_(file_name) {}

  const Token& Peek(size_t ahead = 0) const { return tokens_[at_ + ahead < tokens_.size() ? at_ + ahead : tokens_.size() - 1]; }
  bool At(absl::string_view text) const { return Peek().text == text && !AtEnd(); }
  bool AtName() const { return Peek().kind == Token::Kind::kName; }
  bool AtEnd() const { return Peek().kind == Token::Kind::kEnd; }
  int line() const { return Peek().line; }

  // Of the next token, among those of the part.
  size_t position() const { return at_; }
  const Token& TokenAt(size_t position) const { return tokens_[position]; }

  Token Next() {
    const Token token = Peek();
    if (!AtEnd()) at_++;
    return token;
  }

  bool Eat(absl::string_view text) {
    if (!At(text)) return false;
    at_++;
    return true;
  }

  void Expect(absl::string_view text) {
    if (!Eat(text)) Fail(absl::StrCat("'", text, "'"));
  }

  absl::string_view ExpectName(absl::string_view what) {
    if (!AtName()) Fail(what);
    return Next().text;
  }

  i64 ExpectNumber(absl::string_view what) {
    const std::optional<i64> number = NumberOf(Peek());
    if (!number) Fail(what);
    Next();
    return number.value_or(0);
  }

  void Fail(absl::string_view expected) { Fail(Peek(), expected); }
  void Fail(const Token& at, absl::string_view expected) {
    Fail(at, at.kind == Token::Kind::kEnd ? "the end" : absl::StrCat("'", at.text, "'"), expected);
  }
  void Fail(const Token& at, absl::string_view found, absl::string_view expected) {
    if (status_.ok()) status_ = SyntaxError(file_name_, at.line, found, expected);
    at_ = tokens_.size() - 1;
  }

  const absl::Status& status() const { return status_; }

 private:
  const std::vector<Token>& tokens_;
  const absl::string_view file_name_;
  size_t at_ = 0;
  absl::Status status_;
};

// Are we too deep? A test that nests so far is damaged, and recursion over it would end the process.
class Nested {
 public:
  Nested(Cursor& in, int& depth, int max_depth, absl::string_view what) : depth_(depth) {
    if (++depth_ > max_depth) in.Fail(in.Peek(), absl::StrCat(what, " nested more than ", max_depth, " deep"), "fewer");
  }
  ~Nested() { depth_--; }
  Nested(const Nested&) = delete;
  Nested& operator=(const Nested&) = delete;

 private:
  int& depth_;
};

}  // namespace ordeal::litmus
