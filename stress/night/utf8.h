// Does a text that is not empty begin with a character that can be shown?
#pragma once
#include <cstddef>
#include <string_view>

namespace ordeal::stress {

// Its length in bytes; 0: there is none, or one that XML, HTML and terminals have no use for (control characters but for line break and tab).
constexpr size_t CharacterLength(std::string_view s) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(s[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return first >= 0x20 || first == '\n' || first == '\t' ? (first == 0x7f ? 0 : 1) : 0;
  const size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || s.size() < length) return 0;
  unsigned code = first & (0xff >> (length + 1));
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
    code = code << 6 | (byte(i) & 0x3f);
  }
  const unsigned least = length == 4 ? 0x10000 : length == 3 ? 0x800 : 0x80;
  const bool surrogate = code >= 0xd800 && code < 0xe000, never = (code & 0xfffe) == 0xfffe;
  return code < least || code > 0x10ffff || surrogate || never || (code >= 0x80 && code < 0xa0) ? 0 : length;
}

}  // namespace ordeal::stress
