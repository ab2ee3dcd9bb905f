// Is a page well-formed, by stricter rules than a browser's, and what is in it?
#pragma once
#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace ordeal {

struct HtmlTag {
  std::string name;
  std::map<std::string, std::string> attributes;  // unescaped
};

// Every element is closed, in order, unless it is void; names are in small letters; attributes have a value, in double quotes, and stand
// once; & < > are escaped wherever they are text. `problem` says what is wrong first; "" if nothing.
class HtmlPage {
 public:
  explicit HtmlPage(std::string_view page) : rest_(page), size_(page.size()) {
    if (!Take("<!DOCTYPE html>\n")) Fail("no doctype");
    while (problem.empty() && !rest_.empty()) rest_[0] == '<' ? Markup() : Text();
    if (problem.empty() && !open_.empty()) Fail(absl::StrCat("<", open_.back(), "> is never closed"));
  }

  std::string problem;
  std::vector<HtmlTag> tags;
  std::string text;                                     // unescaped, without that of scripts and styles
  std::map<std::string, std::vector<std::string>> raw;  // of scripts and styles

  std::vector<std::string> All(const std::string& attribute) const {
    std::vector<std::string> values;
    for (const HtmlTag& t : tags)
      if (const auto at = t.attributes.find(attribute); at != t.attributes.end()) values.push_back(at->second);
    return values;
  }
  size_t Count(const std::string& name, const std::string& attribute = "", const std::string& value = "") const {
    return static_cast<size_t>(std::ranges::count_if(tags, [&](const HtmlTag& t) {
      return t.name == name && (attribute.empty() || (t.attributes.contains(attribute) && t.attributes.at(attribute) == value));
    }));
  }

 private:
  void Fail(const std::string& what) {
    if (problem.empty()) problem = absl::StrCat(what, " at byte ", size_ - rest_.size(), ": ", std::string(rest_.substr(0, 60)));
  }
  bool Take(std::string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }
  std::string Name() {
    const auto letter = [&](size_t n) { return rest_[n] >= 'a' && rest_[n] <= 'z'; };
    const auto other = [&](size_t n) { return (rest_[n] >= '0' && rest_[n] <= '9') || rest_[n] == '-'; };
    size_t n = 0;
    while (n < rest_.size() && (letter(n) || (n > 0 && other(n)))) ++n;
    const std::string name(rest_.substr(0, n));
    rest_.remove_prefix(n);
    if (name.empty()) Fail("no name");
    return name;
  }

  std::string Unescaped(std::string_view s) {
    static const std::pair<std::string_view, char> kEntities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
    std::string out;
    while (!s.empty()) {
      size_t taken = 1;
      char c = s[0];
      if (c == '&') {
        taken = 0;
        for (const auto& [entity, meaning] : kEntities)
          if (s.starts_with(entity)) taken = entity.size(), c = meaning;
      }
      const bool control = static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t';
      if (taken == 0 || control || (taken == 1 && (c == '<' || c == '>'))) {
        Fail("not escaped");
        return out;
      }
      out += c;
      s.remove_prefix(taken);
    }
    return out;
  }

  void Text() {
    const std::string_view s = rest_.substr(0, rest_.find('<'));
    if (open_.empty() && s != "\n") Fail("text outside of html");
    text += Unescaped(s);
    rest_.remove_prefix(s.size());
  }

  void Markup() {
    if (Take("</")) {
      const std::string name = Name();
      if (open_.empty() || open_.back() != name || !Take(">")) return Fail(absl::StrCat("</", name, "> closes something else"));
      open_.pop_back();
      return;
    }
    Take("<");
    HtmlTag tag{Name(), {}};
    while (problem.empty() && Take(" ")) Attribute(&tag);
    if (!Take(">")) return Fail("a tag that does not end");
    if (InParagraph() && !IsPhrase(tag.name)) return Fail(absl::StrCat("<", tag.name, "> ends the paragraph that it is in"));
    tags.push_back(tag);
    if (tag.name == "meta" || tag.name == "input") return;
    open_.push_back(tag.name);
    if (tag.name == "script" || tag.name == "style") Raw(tag.name);
  }

  void Attribute(HtmlTag* tag) {
    const std::string name = Name();
    if (!Take("=\"")) return Fail("an attribute without a value in quotes");
    const size_t end = rest_.find('"');
    if (end == std::string_view::npos) return Fail("a value that does not end");
    if (!tag->attributes.emplace(name, Unescaped(rest_.substr(0, end))).second) Fail("an attribute twice");
    rest_.remove_prefix(end + 1);
  }

  void Raw(const std::string& name) {
    const size_t end = rest_.find("</");
    if (end == std::string_view::npos || !rest_.substr(end + 2).starts_with(name)) return Fail("a script or style that ends early");
    raw[name].emplace_back(rest_.substr(0, end));
    rest_.remove_prefix(end);
  }

  bool InParagraph() const {
    return std::ranges::any_of(open_, [](const std::string& name) { return name == "p" || name == "h1" || name == "h2" || name == "h3"; });
  }
  static bool IsPhrase(const std::string& name) {
    static const std::string_view kPhrases[] = {"a", "b", "code", "em", "i", "input", "kbd", "label", "small", "span"};
    return std::ranges::find(kPhrases, name) != std::end(kPhrases);
  }

  std::string_view rest_;
  size_t size_;
  std::vector<std::string> open_;
};

}  // namespace ordeal
