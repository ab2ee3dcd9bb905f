// Is a text that we wrote well-formed markup, and what is in it? What strict readers of HTML and of XML have in common; who is one has its own rules beside.
#pragma once
#include <algorithm>
#include <cctype>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace ordeal {

struct MarkupTag {
  std::string name;
  std::map<std::string, std::string> attributes;  // unescaped
  std::vector<std::string> inside;                // names of the elements that it is in, outermost first
};

// Elements are closed, in order; attributes have a value, in double quotes, and stand once; & < > are escaped wherever they are text, by the five
// entities that XML has. `problem` says what is wrong first; "" if nothing.
class MarkupReader {
 public:
  std::string problem;
  std::vector<MarkupTag> tags;
  std::string text;  // unescaped, of all elements

  std::vector<MarkupTag> Named(const std::string& name) const {
    std::vector<MarkupTag> found;
    std::ranges::copy_if(tags, std::back_inserter(found), [&](const MarkupTag& t) { return t.name == name; });
    return found;
  }

 protected:
  // `prolog` comes first. `capitals`: in names of elements and attributes.
  MarkupReader(std::string_view all, std::string_view prolog, bool capitals) : rest_(all), size_(all.size()), capitals_(capitals) {
    if (!Take(prolog)) Fail("no prolog");
  }

  void Fail(const std::string& what) {
    if (problem.empty()) problem = absl::StrCat(what, " at byte ", size_ - rest_.size(), ": ", std::string(rest_.substr(0, 60)));
  }
  bool Take(std::string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }
  std::string Name() {
    const auto letter = [&](char c) { return (c >= 'a' && c <= 'z') || (capitals_ && c >= 'A' && c <= 'Z'); };
    const auto other = [](char c) { return (c >= '0' && c <= '9') || c == '-'; };
    size_t n = 0;
    while (n < rest_.size() && (letter(rest_[n]) || (n > 0 && other(rest_[n])))) ++n;
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
    if (open_.empty() && s != "\n") Fail("text outside of the root");
    text += Unescaped(s);
    rest_.remove_prefix(s.size());
  }

  // Behind "</".
  void Close() {
    const std::string name = Name();
    if (open_.empty() || open_.back() != name || !Take(">")) return Fail(absl::StrCat("</", name, "> closes something else"));
    open_.pop_back();
  }
  // Behind "<", up to the end of its attributes.
  MarkupTag Open() {
    MarkupTag tag{Name(), {}, open_};
    while (problem.empty() && Take(" ")) Attribute(&tag);
    return tag;
  }
  void End() {
    if (problem.empty() && !open_.empty()) Fail(absl::StrCat("<", open_.back(), "> is never closed"));
  }

  std::string_view rest_;
  std::vector<std::string> open_;

 private:
  void Attribute(MarkupTag* tag) {
    const std::string name = Name();
    if (!Take("=\"")) return Fail("an attribute without a value in quotes");
    const size_t end = rest_.find('"');
    if (end == std::string_view::npos) return Fail("a value that does not end");
    if (!tag->attributes.emplace(name, Unescaped(rest_.substr(0, end))).second) Fail("an attribute twice");
    rest_.remove_prefix(end + 1);
  }

  size_t size_;
  const bool capitals_;
};

}  // namespace ordeal
