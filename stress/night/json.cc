#include "stress/night/json.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"

namespace ordeal::stress {
namespace {

constexpr auto kReplace = Json::error_handler_t::replace;  // the default throws where a text is not UTF-8

}  // namespace

std::string JsonLine(const Json& json) { return json.dump(-1, ' ', false, kReplace); }
std::string JsonPage(const Json& json) { return json.dump(1, ' ', false, kReplace) + "\n"; }

absl::StatusOr<Json> ParseJson(std::string_view text, std::string_view what) {
  Json json = Json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded())
    return absl::InvalidArgumentError(absl::StrCat(std::string(what), ": expected JSON, the text is damaged or ends too early"));
  return json;
}

JsonReader::JsonReader(const Json& object, std::string_view what) : object_(object), what_(what) {
  if (!object.is_object()) Fail("an object");
}

void JsonReader::Fail(std::string_view expected) {
  if (status_.ok()) status_ = absl::InvalidArgumentError(absl::StrCat(what_, ": expected ", std::string(expected)));
}

const Json* JsonReader::Member(const char* name, const char* kind, bool (*is_kind)(const Json&)) {
  if (!status_.ok()) return nullptr;
  const auto at = object_.find(name);
  if (at != object_.end() && is_kind(*at)) return &*at;
  Fail(absl::StrCat("\"", name, "\" to be ", kind));
  return nullptr;
}

u64 JsonReader::Count(const char* name) {
  const Json* member = Member(name, "a whole number", [](const Json& j) { return j.is_number_unsigned(); });
  return member == nullptr ? 0 : member->get<u64>();
}

double JsonReader::Number(const char* name) {
  const Json* member = Member(name, "a number", [](const Json& j) { return j.is_number() && std::isfinite(j.get<double>()); });
  return member == nullptr ? 0 : member->get<double>();
}

bool JsonReader::Flag(const char* name) {
  const Json* member = Member(name, "true or false", [](const Json& j) { return j.is_boolean(); });
  return member != nullptr && member->get<bool>();
}

std::string JsonReader::Text(const char* name) {
  const Json* member = Member(name, "a text", [](const Json& j) { return j.is_string(); });
  return member == nullptr ? "" : member->get<std::string>();
}

const Json& JsonReader::List(const char* name) {
  static const Json* const kNone = new Json(Json::array());
  const Json* member = Member(name, "a list", [](const Json& j) { return j.is_array(); });
  return member == nullptr ? *kNone : *member;
}

const Json& JsonReader::Object(const char* name) {
  static const Json* const kNone = new Json(Json::object());
  const Json* member = Member(name, "an object", [](const Json& j) { return j.is_object(); });
  return member == nullptr ? *kNone : *member;
}

void JsonReader::Version(u64 version) {
  if (Count("v") != version) Fail(absl::StrCat("version ", version, " of the format"));
}

}  // namespace ordeal::stress
