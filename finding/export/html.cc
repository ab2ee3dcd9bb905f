#include "finding/export/html.h"

#include "absl/strings/str_cat.h"
#include "finding/explain.h"
#include "finding/export/html_lanes_style.h"
#include "finding/export/html_script.h"
#include "finding/export/html_sections.h"
#include "finding/export/html_style.h"
#include "finding/export/html_text.h"
#include "program/text.h"

namespace ordeal {

namespace {

// Paths of the machine where it was found mean nothing to the reader.
std::string Portable(const std::string& path) { return path.rfind('/', 0) == 0 ? path.substr(path.rfind('/') + 1) : path; }

// A box whose text can be selected, and copied by the button where scripts run.
std::string Box(const std::string& id, const std::string& text) {
  const std::string button = Element(absl::StrCat("button type=\"button\" class=\"copy\" data-copy=\"", id, "\""), "Copy");
  return Block("div class=\"box\"", button + Element(absl::StrCat("pre id=\"", id, "\" tabindex=\"0\""), Escaped(text)));
}

constexpr char kMeta[] = R"html(
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
)html";

}  // namespace

std::string ReplayHtml(const Finding& f, const std::string& replay_file) {
  const std::string file = Portable(replay_file);
  const char* by = f.reproducer.decisions.empty() ? "with no decision needed" : "from its decisions";
  std::string html = Block("p", "Save this as " + Code(file) + ":") + Box("reproducer", Format(f.reproducer));
  html += Block("p", "and run, in a checkout of Ordeal:") + Box("command", absl::StrCat("bazel run //tools:ordeal -- replay ", file));
  html += Block("p class=\"note\"", absl::StrCat("It is deterministic: the same execution on every machine, ", by, "."));
  return Section("replay", "How to see it again", html) + Section("mail", "As plain text, for a mail", Box("text", Explain(f, file)));
}

std::string HtmlReport(const Finding& f, const std::string& replay_file) {
  const std::string style = absl::StrCat(kHtmlStyle, kHtmlLanesStyle);
  const std::string head = Block("head", kMeta + Block("title", Escaped("Ordeal: " + Answer(f))) + Block("style", style));
  std::string main = HeadlineHtml(f) + FactsHtml(f) + LadderHtml(f) + ExecutionHtml(f) + ChoicesHtml(f) + NearestHtml(f) + CureHtml(f);
  main += ReplayHtml(f, replay_file);
  std::string body = Block("main", "\n" + main) + Block("dialog id=\"keys\"", kHtmlKeys);
  body += Block("script type=\"application/json\" id=\"steps\"", StepsJson(f)) + Block("script", kHtmlScript);
  return "<!DOCTYPE html>\n" + Block("html lang=\"en\"", "\n" + head + Block("body", "\n" + body));
}

}  // namespace ordeal
