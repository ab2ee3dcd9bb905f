// How does text become HTML? Everything that comes from a finding passes through Escaped().
#pragma once
#include <string>
#include <string_view>

#include "finding/event_text.h"

namespace ordeal {

// In content and in attributes alike. Control characters, which HTML cannot hold, become question marks.
inline std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? '?' : c;
    }
  }
  return out;
}

// Element("p class=\"note\"", "<b>so</b>") is <p class="note"><b>so</b></p>.
inline std::string Element(const std::string& head, const std::string& content) {
  return "<" + head + ">" + content + "</" + head.substr(0, head.find(' ')) + ">";
}

// The same, with a line break behind it.
inline std::string Block(const std::string& head, const std::string& content) { return Element(head, content) + "\n"; }

// Head("td", "title", hostile) for Element: one attribute more, its value escaped.
inline std::string Head(const std::string& head, const std::string& attribute, std::string_view value) {
  return head + " " + attribute + "=\"" + Escaped(value) + "\"";
}

inline std::string Code(std::string_view text) { return Element("code", Escaped(text)); }

// The row of an access in the execution.
inline std::string RowId(u32 event) { return "e" + std::to_string(event); }

inline std::string AccessLink(const model::Trace& t, u32 event) {
  if (event == model::kNoEvent) return "the initial value";
  return Element("a class=\"key\" href=\"#" + RowId(event) + "\"", Escaped(KeyName(t.events[event].key)));
}

// A section that has nothing to say is left out.
inline std::string Section(const std::string& id, const std::string& title, const std::string& content) {
  if (content.empty()) return "";
  return Block("section id=\"" + id + "\"", "\n" + Block("h2", Escaped(title)) + content + "\n") + "\n";
}

}  // namespace ordeal
