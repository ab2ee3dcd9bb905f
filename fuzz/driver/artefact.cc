#include "fuzz/driver/artefact.h"

#include <cstdio>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/file.h"
#include "base/summary.h"
#include "fuzz/driver/unit.h"

namespace ordeal::driver {
namespace {

constexpr size_t kShown = 256;  // bytes, as libFuzzer

// Short inputs are shown as well: bytes, and what of them is text.
std::string Shown(std::span<const uint8_t> unit) {
  if (unit.size() > kShown) return "";
  std::string text;
  for (const uint8_t b : unit) absl::StrAppendFormat(&text, "0x%x,", b);
  return absl::StrCat(text, "\n", absl::CHexEscape({reinterpret_cast<const char*>(unit.data()), unit.size()}), "\n");
}

}  // namespace

void WriteArtifact(const Options& options, const char* kind, std::span<const uint8_t> unit, const std::string& made_by) {
  if (!made_by.empty()) std::fprintf(stderr, "%s\n", made_by.c_str());
  std::fputs(Shown(unit).c_str(), stderr);
  std::string path = options.exact_artifact_path;
  if (path.empty()) path = absl::StrCat(options.artifact_prefix, kind, Sha1(unit));
  const std::string_view bytes(reinterpret_cast<const char*>(unit.data()), unit.size());
  if (absl::Status s = WriteFile(path, bytes); !s.ok()) return PrintError(s);
  std::fprintf(stderr, "artifact_prefix='%s'; Test unit written to %s\n", options.artifact_prefix.c_str(), path.c_str());
  if (unit.size() <= kShown)
    std::fprintf(stderr, "Base64: %s\n", std::string(absl::Base64Escape(absl::string_view(bytes.data(), bytes.size()))).c_str());
}

}  // namespace ordeal::driver
