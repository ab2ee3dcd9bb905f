#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "stress/night/markup.h"
#include "stress/night/numbers.h"
#include "stress/night/proportion.h"
#include "stress/night/summary.h"

namespace ordeal::stress {
namespace {

constexpr char kStyle[] = R"(
:root { color-scheme: light dark; }
body { font: 15px/1.45 system-ui, sans-serif; max-width: 68rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; } td, th { padding: .25rem .8rem .25rem 0; text-align: left; vertical-align: top; }
td.n { text-align: right; font-variant-numeric: tabular-nums; }
svg { display: block; max-width: 100%; } svg text { font: 11px system-ui, sans-serif; fill: currentColor; }
.bar { fill: #4477aa; } .wanted { fill: #cc3311; } .rail { fill: #8884; }
.pass { color: #228833; } .bad { color: #cc3311; font-weight: bold; } .unclear { color: #b8860b; font-weight: bold; }
)";

std::string Row(const std::vector<std::string>& cells) {
  std::string row;
  for (const std::string& cell : cells) row += Element("td", cell);
  return Element("tr", row) + "\n";
}

// A bar over its full width, with a text behind it. `share` of nothing is nothing; what is there is seen, however small.
std::string Bar(double y, double share, const std::string& css, const std::string& text) {
  const double width = share > 0 ? std::max(2.0, 400 * std::min(share, 1.0)) : 0;
  return absl::StrFormat(
             "<rect class=\"rail\" x=\"0\" y=\"%.0f\" width=\"400\" height=\"14\"/><rect class=\"%s\" x=\"0\" y=\"%.0f\" width=\"%.1f\" "
             "height=\"14\"/>",
             y, css, y, width) +
         absl::StrFormat("<text x=\"408\" y=\"%.0f\">", y + 11) + Escaped(text) + "</text>\n";
}

std::string Svg(double height, const std::string& label, const std::string& content) {
  return absl::StrFormat("<svg viewBox=\"0 0 800 %.0f\" width=\"800\" height=\"%.0f\" role=\"img\"", height, height) +
         Attribute("aria-label", label) + ">\n" + content + "</svg>\n";
}

// On a scale of powers of ten: one round of 10^12 is still to be seen beside the rest.
std::string Outcomes(const ScenarioTally& s) {
  u64 most = 1;
  for (const auto& [outcome, n] : s.outcomes) most = std::max(most, n);
  std::string bars;
  double y = 0;
  for (const auto& [outcome, n] : s.outcomes) {
    const bool wanted = s.wanted.empty() ? outcome != "fine" : outcome == s.wanted;
    const double share = n == 0 ? 0 : std::log1p(static_cast<double>(n)) / std::log1p(static_cast<double>(most));
    bars += Bar(y, share, wanted ? "wanted" : "bar", absl::StrCat(n, "  ", outcome));
    y += 18;
  }
  return Svg(y, "rounds by outcome, logarithmic", bars);
}

std::string Skew(const TickHistogram& h) {
  u64 most = 1;
  size_t used = 0;
  for (size_t b = 0; b < h.bucket.size(); ++b) {
    most = std::max(most, h.bucket[b]);
    if (h.bucket[b] != 0) used = b + 1;
  }
  std::string bars;
  for (size_t b = 0; b < used; ++b) {
    const double height = 80 * static_cast<double>(h.bucket[b]) / static_cast<double>(most), x = 16.0 * static_cast<double>(b);
    bars += absl::StrFormat(
        "<rect class=\"bar\" x=\"%.0f\" y=\"%.1f\" width=\"14\" height=\"%.1f\"><title>%u rounds of at most %u ticks</title></rect>\n", x,
        84 - height, height, h.bucket[b], (u64{1} << b) - 1);
    if (b % 4 == 0) bars += absl::StrFormat("<text x=\"%.0f\" y=\"98\">%s</text>\n", x, b == 0 ? "0" : "2^" + std::to_string(b - 1));
  }
  return Svg(104, "start skew in ticks", bars);
}

std::string ScenarioSection(const ScenarioTally& s) {
  const Meters& m = s.meters;
  std::string out = Element("h2", Escaped(s.name)) + "\n";
  if (!s.not_run.empty() || m.rounds == 0)
    return out + Element("p", Escaped("not run: " + (s.not_run.empty() ? "the run ended before its turn" : s.not_run))) + "\n";
  for (const std::string& signature : s.findings)
    out +=
        Element("p class=\"bad\"", "finding: <a" + Attribute("href", "findings/" + signature + "/report.html") + ">" + Escaped(signature) + "</a>") +
        "\n";
  out += Element("p", Escaped(absl::StrFormat("%s rounds (%s/s), overlap %.1f%%, drifted %u, starved %u, undecided %u", Short(m.rounds),
                                              Short(static_cast<double>(m.rounds) / std::max(m.seconds, 1e-9)), 100 * Overlap(m), m.drifted,
                                              m.starved, m.undecided))) +
         "\n";
  if (!s.model_allows.empty())
    out += Element("p", Escaped(absl::StrCat("the model allows it on ", s.model_allows, "; this machine: ", Describe({WantedRounds(s), m.rounds})))) +
           "\n";
  out += Element("h3", "Outcomes") + "\n" + Outcomes(s);
  if (m.skew.Count() != 0) out += Element("h3", "Start skew, ticks from the first thread's start to the last one's") + "\n" + Skew(m.skew);
  return out;
}

std::string Overlaps(const NightTally& t) {
  std::string bars;
  double y = 0;
  for (const ScenarioTally& s : t.scenarios) {
    if (s.meters.rounds == 0) continue;
    bars += Bar(y, Overlap(s.meters), "bar", absl::StrFormat("%.1f%%  %s", 100 * Overlap(s.meters), s.name));
    y += 18;
  }
  return bars.empty()
             ? ""
             : Element("h2", "Overlap: rounds in which threads were at work at the same moment") + "\n" + Svg(y, "overlap by scenario", bars);
}

std::string Canaries(const NightTally& t) {
  std::string rows;
  for (const CanaryTally& c : t.canaries)
    rows += Row({Escaped(c.name), Escaped(Describe({std::min(c.weak, c.rounds), c.rounds})),
                 c.weak > 0   ? "shown"
                 : c.expected ? "<span class=\"bad\">SILENT</span>"
                              : "not shown, need not be"});
  return rows.empty() ? "" : Element("h2", "Positive controls") + "\n" + Element("table", "\n" + rows) + "\n";
}

}  // namespace

std::string HtmlPage(const NightReport& r) {
  const Judgement j = Judge(r);
  const std::string css = j.word == "PASS" ? "pass" : j.word == "FAIL" || j.word == "HANG" || j.word == "MEMORY" ? "bad" : "unclear";
  std::string body = Element("h1", "Ordeal stress: <span class=\"" + css + "\">" + Escaped(j.word) + "</span>") + "\n" +
                     Element("p", Escaped(absl::StrCat(j.reason, "; plan ", Percent(r.plan_done), ", exit ", j.exit))) + "\n";
  std::string facts;
  for (const auto& [what, text] : {std::pair<std::string, std::string>("host", r.host),
                                   {"machine", r.machine},
                                   {"allocator", r.allocator},
                                   {"placement", r.placement},
                                   {"ran", Clock(r.seconds)},
                                   {"resumed", r.resumed == 0 ? "" : absl::StrCat(r.resumed, " times")},
                                   {"rounds", Short(TotalRounds(r.tally))}})
    if (!text.empty()) facts += Row({Escaped(what), Escaped(text)});
  body += Element("table", "\n" + facts) + "\n" + Overlaps(r.tally) + Canaries(r.tally);
  for (const ScenarioTally& s : r.tally.scenarios) body += ScenarioSection(s);
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"/><title>Ordeal stress: " + Escaped(j.word + ", " + r.host) +
         "</title><style>" + kStyle + "</style></head>\n<body>\n" + body + "</body>\n</html>\n";
}

}  // namespace ordeal::stress
