#include "finding/export/directory.h"

#include <filesystem>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "finding/explain.h"
#include "finding/export/chrome_trace.h"
#include "finding/export/cpp_reproducer.h"
#include "finding/export/graphviz.h"
#include "finding/export/html.h"
#include "finding/export/sarif.h"
#include "finding/litmus_export.h"
#include "finding/triage/signature.h"
#include "program/text.h"

namespace ordeal {

absl::Status WriteFinding(const Finding& f, const Reproducer& original, const std::string& directory) {
  if (absl::Status s = EnsureDirectory(directory); !s.ok()) return s;
  const std::string witness = directory + "/witness.ordeal", name = NameOf(SignatureOf(f));
  std::string report = Explain(f, witness, {.everything = false});
  std::vector<std::pair<const char*, std::string>> files = {
      {"/witness.ordeal", Format(f.reproducer)},
      {"/original.ordeal", Format(original)},
      {"/report.html", HtmlReport(f, witness)},
      {"/trace.json", ChromeTrace(f)},
      {"/graph.dot", Graphviz(f)},
      {"/finding.sarif", Sarif(f, "witness.ordeal")},
  };
  const auto add = [&](const char* file, const absl::StatusOr<std::string>& text) {
    if (text.ok()) {
      files.emplace_back(file, *text);
    } else {
      absl::StrAppend(&report, "  no ", file + 1, ": ", text.status().message(), "\n");
      std::error_code gone;
      std::filesystem::remove(directory + file, gone);  // an earlier finding's
    }
  };
  add("/test.litmus", LitmusOf(f.trace, name));
  add("/reproducer.cc", CppReproducer(f, name));
  files.emplace_back("/report.txt", report);
  for (const auto& [file, text] : files)
    if (absl::Status s = WriteFile(directory + file, text); !s.ok()) return s;
  return absl::OkStatus();
}

}  // namespace ordeal
