// Is a text well-formed XML, and what is in it? Strict, for what we write ourselves: XML 1.0 without entities but the five, comments or CDATA.
#pragma once
#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"

namespace ordeal::stress {

struct XmlTag {
  std::string name;
  std::map<std::string, std::string> attributes;  // unescaped
  std::vector<std::string> inside;                // names of the elements that it is in, outermost first
};

// `problem` says what is wrong first; "" if nothing. `prolog` must come first: the XML declaration, or <!DOCTYPE html>.
class Xml {
 public:
  Xml(std::string_view text, std::string_view prolog) : rest_(text), size_(text.size()) {
    if (!Take(prolog)) Fail("no prolog");
    while (problem.empty() && !rest_.empty()) rest_[0] == '<' ? Markup() : Text();
    if (problem.empty() && !open_.empty()) Fail(absl::StrCat("<", open_.back(), "> is never closed"));
    if (problem.empty() && roots_ != 1) Fail("not one root");
  }

  std::string problem;
  std::vector<XmlTag> tags;
  std::string text;  // unescaped, of all elements

  std::vector<XmlTag> Named(const std::string& name) const {
    std::vector<XmlTag> found;
    std::copy_if(tags.begin(), tags.end(), std::back_inserter(found), [&](const XmlTag& t) { return t.name == name; });
    return found;
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
    size_t n = 0;
    while (n < rest_.size() &&
           (std::isalpha(static_cast<unsigned char>(rest_[n])) || (n > 0 && (std::isdigit(static_cast<unsigned char>(rest_[n])) || rest_[n] == '-'))))
      ++n;
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

  void Markup() {
    if (Take("</")) {
      const std::string name = Name();
      if (open_.empty() || open_.back() != name || !Take(">")) return Fail(absl::StrCat("</", name, "> closes something else"));
      return open_.pop_back();
    }
    Take("<");
    if (open_.empty()) ++roots_;
    XmlTag tag{Name(), {}, open_};
    while (problem.empty() && Take(" ")) Attribute(&tag);
    tags.push_back(tag);
    if (Take("/>")) return;
    if (!Take(">")) return Fail("a tag that does not end");
    open_.push_back(tag.name);
  }

  void Attribute(XmlTag* tag) {
    const std::string name = Name();
    if (!Take("=\"")) return Fail("an attribute without a value in quotes");
    const size_t end = rest_.find('"');
    if (end == std::string_view::npos) return Fail("a value that does not end");
    if (!tag->attributes.emplace(name, Unescaped(rest_.substr(0, end))).second) Fail("an attribute twice");
    rest_.remove_prefix(end + 1);
  }

  std::string_view rest_;
  size_t size_;
  size_t roots_ = 0;
  std::vector<std::string> open_;
};

inline constexpr char kXmlProlog[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
inline constexpr char kHtmlProlog[] = "<!DOCTYPE html>\n";

}  // namespace ordeal::stress
