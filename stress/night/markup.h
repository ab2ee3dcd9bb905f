// How does text get into XML and HTML? All that comes from a file, a flag or a machine passes through Escaped().
#pragma once
#include <string>
#include <string_view>

namespace ordeal::stress {

// In content and in attributes alike. What XML cannot hold (control characters, bytes that are no UTF-8) becomes a question mark.
std::string Escaped(std::string_view text);

// Element("p class=\"note\"", "<b>so</b>") is <p class="note"><b>so</b></p>.
inline std::string Element(const std::string& head, const std::string& content) {
  return "<" + head + ">" + content + "</" + head.substr(0, head.find(' ')) + ">";
}

// Attribute("name", hostile): with a blank before it, its value escaped.
inline std::string Attribute(const std::string& name, std::string_view value) { return " " + name + "=\"" + Escaped(value) + "\""; }

}  // namespace ordeal::stress
