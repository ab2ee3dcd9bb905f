// How is a value written as JSON? Text is put together from the inside out: members first, then the object that holds them.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "memory/order.h"

namespace ordeal {

std::string JsonString(std::string_view text);                  // in quotes; what JSON cannot hold is escaped
std::string JsonArray(const std::vector<std::string>& values);  // each is JSON already; one a line

// {"name":"publish","ts":3}. Members stand in the order in which they were added.
class JsonObject {
 public:
  JsonObject& Text(std::string_view name, std::string_view value) { return Json(name, JsonString(value)); }
  JsonObject& Number(std::string_view name, u64 value);  // below 2^53: readers of JSON keep no more. Larger ones are Text in hex
  JsonObject& Flag(std::string_view name, bool value) { return Json(name, value ? "true" : "false"); }
  JsonObject& Json(std::string_view name, std::string_view value);

  std::string Close() const { return "{" + members_ + "}"; }

 private:
  std::string members_;
};

}  // namespace ordeal
