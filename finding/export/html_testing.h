// Is a page well-formed, by stricter rules than a browser's, and what is in it?
#pragma once
#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/markup_testing.h"

namespace ordeal {

using HtmlTag = MarkupTag;

// Beside what markup_testing.h demands: every element is closed unless it is void; names are in small letters; no block stands in a paragraph.
class HtmlPage : public MarkupReader {
 public:
  explicit HtmlPage(std::string_view page) : MarkupReader(page, "<!DOCTYPE html>\n", false) {
    while (problem.empty() && !rest_.empty()) rest_[0] == '<' ? Markup() : Text();
    End();
  }

  std::map<std::string, std::vector<std::string>> raw;  // of scripts and styles, which `text` is without

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
  void Markup() {
    if (Take("</")) return Close();
    Take("<");
    const HtmlTag tag = Open();
    if (!Take(">")) return Fail("a tag that does not end");
    if (InParagraph() && !IsPhrase(tag.name)) return Fail(absl::StrCat("<", tag.name, "> ends the paragraph that it is in"));
    tags.push_back(tag);
    if (tag.name == "meta" || tag.name == "input") return;
    open_.push_back(tag.name);
    if (tag.name == "script" || tag.name == "style") Raw(tag.name);
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
};

}  // namespace ordeal
