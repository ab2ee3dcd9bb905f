// What does this line of JSON say? As much of JSON as an oracle's answers need, read strictly.
//
// One object, whose values are strings, numbers, booleans and lists of strings. Characters are bytes: an escaped one has to be ASCII.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace ordeal::litmus {

struct JsonField {
  std::string text;  // of a string; numbers, true and false: as written
  std::vector<std::string> list;
  bool is_string = false, is_list = false;
};
using JsonObject = std::map<std::string, JsonField>;

// Into an empty object. Returns what is wrong with the line, "got ..., expected ..."; empty: nothing.
std::string ParseJsonLine(absl::string_view line, JsonObject* object);

}  // namespace ordeal::litmus
