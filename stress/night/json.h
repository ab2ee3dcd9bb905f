// How is JSON written and read back, so that no exception of the library gets out and every error is one line?
//
// Texts are UTF-8; bytes that are not become U+FFFD. Whole numbers keep all their 64 bits, doubles every bit (but no infinity).
#pragma once
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "memory/order.h"
#include "nlohmann/json_fwd.hpp"

namespace ordeal::stress {

using Json = nlohmann::ordered_json;  // members stay in the order in which they were written

// On one line, and over several.
std::string JsonLine(const Json& json);
std::string JsonPage(const Json& json);

// `what` says where the text is from (a path) and begins the message.
absl::StatusOr<Json> ParseJson(std::string_view text, std::string_view what);

// Reads the members of an object. The first one that is missing or of another kind is kept as the error; what comes after it is nothing, 0 or "".
class JsonReader {
 public:
  JsonReader(const Json& object, std::string_view what);

  u64 Count(const char* name);
  double Number(const char* name);  // finite
  bool Flag(const char* name);
  std::string Text(const char* name);
  const Json& List(const char* name);
  const Json& Object(const char* name);
  // "v" must be this.
  void Version(u64 version);

  // To be called by whoever finds something else wrong.
  void Fail(std::string_view expected);
  const absl::Status& status() const { return status_; }

 private:
  const Json* Member(const char* name, const char* kind, bool (*is_kind)(const Json&));

  const Json& object_;
  std::string what_;
  absl::Status status_;
};

}  // namespace ordeal::stress
