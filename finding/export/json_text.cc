#include "finding/export/json_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace ordeal {

std::string JsonString(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          absl::StrAppendFormat(&out, "\\u%04x", c);
        } else {
          out += c;
        }
    }
  }
  return out + "\"";
}

std::string JsonArray(const std::vector<std::string>& values) { return absl::StrCat("[", absl::StrJoin(values, ",\n"), "]"); }

JsonObject& JsonObject::Number(std::string_view name, u64 value) { return Json(name, absl::StrCat(value)); }

JsonObject& JsonObject::Json(std::string_view name, std::string_view value) {
  absl::StrAppend(&members_, members_.empty() ? "" : ",", JsonString(name), ":", std::string(value));
  return *this;
}

}  // namespace ordeal
