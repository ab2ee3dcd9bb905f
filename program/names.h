// What are the words of a program called, in files, reports and flags? One spelling each, and back from the spelling.
#pragma once
#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "memory/decision.h"
#include "memory/geometry.h"
#include "program/program.h"

namespace ordeal {

inline constexpr std::array<std::string_view, kOpKinds> kOpKindNames = {"alloc", "free",   "write", "read",    "publish",   "consume", "forward",
                                                                        "share", "put",    "lend",  "link",    "take_next", "drain",   "offline",
                                                                        "stats", "shrink", "flush", "destroy", "migrate"};
inline constexpr std::array<std::string_view, kPublishes> kPublishNames = {"plain", "once", "wmb", "release", "mb", "xchg", "locked"};
inline constexpr std::array<std::string_view, kConsumes> kConsumeNames = {"plain", "once",         "rmb",          "acquire",
                                                                          "xchg",  "xchg_acquire", "xchg_relaxed", "locked"};
inline constexpr std::array<std::string_view, kPuts> kPutNames = {"full", "refcount", "shortcut"};
inline constexpr int kExtsKinds = 4;
inline constexpr std::array<std::string_view, kExtsKinds> kExtsNames = {"none", "late", "in-object", "early"};
inline constexpr std::array<std::string_view, 2> kStrideNames = {"field", "subword"};
enum class NoYes : u8 { kNo, kYes };
inline constexpr std::array<std::string_view, 2> kNoYes = {"no", "yes"};
inline constexpr int kDecisionKinds = 4;
inline constexpr std::array<std::string_view, kDecisionKinds> kDecisionKindNames = {"switch", "read", "insert", "promise"};

// "?" for a value that is none: names never fail, validation does.
template <class Enum, size_t N>
constexpr std::string_view NameIn(const std::array<std::string_view, N>& names, Enum e) {
  return static_cast<size_t>(e) < N ? names[static_cast<size_t>(e)] : std::string_view("?");
}
constexpr std::string_view OpKindName(OpKind k) { return NameIn(kOpKindNames, k); }
constexpr std::string_view PublishName(Publish p) { return NameIn(kPublishNames, p); }
constexpr std::string_view ConsumeName(Consume c) { return NameIn(kConsumeNames, c); }
constexpr std::string_view PutName(Put p) { return NameIn(kPutNames, p); }
constexpr std::string_view ExtsName(Exts e) { return NameIn(kExtsNames, e); }
constexpr std::string_view DecisionKindName(DecisionKind k) { return NameIn(kDecisionKindNames, k); }

// The value whose name is `word`: FindName<Publish>(kPublishNames, "mb").
template <class Enum, size_t N>
constexpr std::optional<Enum> FindName(const std::array<std::string_view, N>& names, std::string_view word) {
  const auto it = std::find(names.begin(), names.end(), word);
  if (it == names.end()) return std::nullopt;
  return static_cast<Enum>(it - names.begin());
}

}  // namespace ordeal
