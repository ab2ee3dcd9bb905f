// Is a text well-formed XML, and what is in it? For what we write ourselves: without comments or CDATA.
#pragma once
#include <string_view>

#include "base/markup_testing.h"

namespace ordeal::stress {

using XmlTag = MarkupTag;

// Beside what markup_testing.h demands: one root. An empty element may end by "/>".
class Xml : public MarkupReader {
 public:
  Xml(std::string_view text, std::string_view prolog) : MarkupReader(text, prolog, true) {
    while (problem.empty() && !rest_.empty()) rest_[0] == '<' ? Markup() : Text();
    End();
    if (problem.empty() && roots_ != 1) Fail("not one root");
  }

 private:
  void Markup() {
    if (Take("</")) return Close();
    Take("<");
    if (open_.empty()) ++roots_;
    const XmlTag tag = Open();
    tags.push_back(tag);
    if (Take("/>")) return;
    if (!Take(">")) return Fail("a tag that does not end");
    open_.push_back(tag.name);
  }

  size_t roots_ = 0;
};

inline constexpr char kXmlProlog[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
inline constexpr char kHtmlProlog[] = "<!DOCTYPE html>\n";

}  // namespace ordeal::stress
