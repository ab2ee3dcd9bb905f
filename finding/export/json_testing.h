// What does a JSON text say? A strict reader for tests: what RFC 8259 does not allow, it refuses.
#pragma once
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ordeal {

struct JsonTree {
  enum class Kind { kNull, kFlag, kNumber, kText, kArray, kObject };
  Kind kind = Kind::kNull;
  bool flag = false;
  double number = 0;
  std::string text;
  std::vector<JsonTree> items;     // of an array or an object
  std::vector<std::string> names;  // of an object: of its items, each once

  const JsonTree& operator[](std::string_view name) const;  // null where there is none
  bool Is(Kind k) const { return kind == k; }
};

inline const JsonTree& JsonTree::operator[](std::string_view name) const {
  static const JsonTree kNone;
  for (size_t k = 0; k < names.size(); ++k)
    if (names[k] == name) return items[k];
  return kNone;
}

class JsonReader {
 public:
  // Nothing if the text is anything but one JSON value.
  static std::optional<JsonTree> Read(std::string_view text) {
    JsonReader reader(text);
    JsonTree tree;
    if (!reader.Value(&tree)) return std::nullopt;
    reader.Space();
    if (!reader.rest_.empty()) return std::nullopt;
    return tree;
  }

 private:
  explicit JsonReader(std::string_view text) : rest_(text) {}

  void Space() {
    while (!rest_.empty() && std::string_view(" \t\r\n").find(rest_[0]) != std::string_view::npos) rest_.remove_prefix(1);
  }
  bool Take(std::string_view token) {
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }
  bool Token(std::string_view token) {
    Space();
    return Take(token);
  }

  bool Value(JsonTree* out) {
    Space();
    if (rest_.empty()) return false;
    if (rest_[0] == '{') return Object(out);
    if (rest_[0] == '[') return Array(out);
    if (rest_[0] == '"') return out->kind = JsonTree::Kind::kText, String(&out->text);
    if (Take("null")) return true;
    if (rest_[0] == 't' || rest_[0] == 'f') {
      out->kind = JsonTree::Kind::kFlag;
      out->flag = rest_[0] == 't';
      return Take(out->flag ? "true" : "false");
    }
    return Number(out);
  }

  bool Object(JsonTree* out) {
    out->kind = JsonTree::Kind::kObject;
    Take("{");
    if (Token("}")) return true;
    do {
      std::string name;
      Space();
      if (!String(&name) || !Token(":") || std::ranges::find(out->names, name) != out->names.end()) return false;
      out->names.push_back(std::move(name));
      if (!Value(&out->items.emplace_back())) return false;
    } while (Token(","));
    return Token("}");
  }

  bool Array(JsonTree* out) {
    out->kind = JsonTree::Kind::kArray;
    Take("[");
    if (Token("]")) return true;
    do {
      if (!Value(&out->items.emplace_back())) return false;
    } while (Token(","));
    return Token("]");
  }

  bool String(std::string* out) {
    if (!Take("\"")) return false;
    while (!rest_.empty()) {
      const char c = rest_[0];
      rest_.remove_prefix(1);
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c != '\\') {
        *out += c;
      } else if (!Escaped(out)) {
        return false;
      }
    }
    return false;
  }

  bool Escaped(std::string* out) {
    if (rest_.empty()) return false;
    const size_t which = std::string_view("\"\\/bfnrt").find(rest_[0]);
    if (which != std::string_view::npos) {
      *out += "\"\\/\b\f\n\r\t"[which];
      rest_.remove_prefix(1);
      return true;
    }
    if (!Take("u") || rest_.size() < 4) return false;
    const std::string digits(rest_.substr(0, 4));
    for (const char c : digits)
      if (!std::isxdigit(static_cast<unsigned char>(c))) return false;
    *out += static_cast<char>(std::strtoul(digits.c_str(), nullptr, 16));  // what the exports write is ASCII
    rest_.remove_prefix(4);
    return true;
  }

  bool Digits(std::string* out) {
    const size_t before = out->size();
    for (; !rest_.empty() && std::isdigit(static_cast<unsigned char>(rest_[0])); rest_.remove_prefix(1)) *out += rest_[0];
    return out->size() > before;
  }

  bool Number(JsonTree* out) {
    std::string digits = Take("-") ? "-" : "";
    const bool zero = rest_.starts_with("0");
    const size_t sign = digits.size();
    if (!Digits(&digits) || (zero && digits.size() > sign + 1)) return false;
    if (Take(".") && (digits += '.', !Digits(&digits))) return false;
    if (Take("e") || Take("E")) {
      digits += 'e';
      if (Take("-")) {
        digits += '-';
      } else {
        Take("+");
      }
      if (!Digits(&digits)) return false;
    }
    out->kind = JsonTree::Kind::kNumber;
    out->number = std::strtod(digits.c_str(), nullptr);
    return true;
  }

  std::string_view rest_;
};

}  // namespace ordeal
