#include "finding/export/sarif.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "finding/event_text.h"
#include "finding/triage/signature.h"
#include "finding/export/json_text.h"
#include "finding/export/shared_places.h"

namespace ordeal {

using model::TraceEvent;

namespace {

std::string UriOf(const std::string& path) {
  std::string uri = path.starts_with("/") ? "file://" : "";
  for (const char c : path.starts_with("./") ? path.substr(2) : path) {
    if (std::isalnum(static_cast<unsigned char>(c)) || std::string_view("/-._~").find(c) != std::string_view::npos) {
      uri += c;
    } else {
      absl::StrAppendFormat(&uri, "%%%02X", static_cast<unsigned char>(c));
    }
  }
  return uri;
}

std::string Message(std::string_view text) { return JsonObject().Text("text", text).Close(); }

std::string Location(const TraceEvent& e) {
  const std::string file = JsonObject().Text("uri", UriOf(e.where.file_name())).Close();
  const std::string region = JsonObject().Number("startLine", e.where.line()).Close();
  const std::string physical = JsonObject().Json("artifactLocation", file).Json("region", region).Close();
  return JsonObject()
      .Json("physicalLocation", physical)
      .Json("message", Message(absl::StrCat(KeyName(e.key), " cpu ", e.cpu, ": ", EventText(e))))
      .Close();
}

// The racing pair; else the stale loads of the op that failed; else the last access of that op, or of the execution.
std::vector<u32> Culprits(const Finding& f) {
  const Verdict& v = f.verdict;
  const std::vector<TraceEvent>& events = f.trace.events;
  std::vector<u32> racing, stale, failing, any;
  for (u32 id = 0; id < events.size(); ++id) {
    const TraceEvent& e = events[id];
    if (!IsAccess(e)) continue;
    const auto is = [&](const TraceEvent& other) { return e.cpu == other.cpu && e.key == other.key && e.type == other.type; };
    if (v.race && (is(v.race->first) || is(v.race->second))) racing.push_back(id);
    any = {id};
    const auto in_op = [&](const std::optional<Report>& r) { return r && (e.key.op == r->op || (r->other_op != kNoOp && e.key.op == r->other_op)); };
    if (v.effect ? !in_op(v.effect) : !in_op(v.contract)) continue;
    if (IsStale(e)) stale.push_back(id);
    failing = {id};
  }
  for (const std::vector<u32>* some : {&racing, &stale, &failing})
    if (!some->empty()) return *some;
  return any;
}

const char* RuleText(const std::string& headline) {
  if (headline.starts_with("ordering")) return "Fails on a weak memory, and in no interleaving of the CPUs.";
  if (headline == "not-ordering/sequential") return "Fails with every op run to its end, one at a time: neither ordering nor concurrency.";
  if (headline == "not-ordering/interleaving") return "Fails by an interleaving of the CPUs: concurrency, not memory ordering.";
  if (headline == "race") return "A data race by the LKMM, without an effect in this execution.";
  if (headline == "contract/latent")
    return "An object was handed over without the ordering that the contract asks for; nothing went wrong in this execution.";
  if (headline == "liveness") return "A deadlock or livelock.";
  return "A finding of Ordeal.";
}

std::string FactsInSentences(const Finding& f) {
  const Verdict& v = f.verdict;
  std::string text = absl::StrCat("The headline is ", v.headline, ". Owner: ", OwnerName(v.owner),
                                  v.owner_reason.empty() ? "" : absl::StrCat(", because ", v.owner_reason), ".");
  absl::StrAppend(&text, v.effect ? absl::StrCat(" The effect is ", Describe(*v.effect)) : " Nothing went wrong in this execution", ".");
  if (v.race)
    absl::StrAppend(&text, " It has a data race: ", EventText(v.race->first), " (", WhereText(v.race->first), ") and ", EventText(v.race->second),
                    " (", WhereText(v.race->second), ").");
  if (v.contract) absl::StrAppend(&text, " The contract is broken: ", Describe(*v.contract), ".");
  if (!f.cures.empty()) absl::StrAppend(&text, " A cure: ", CureText(f.cures.front()), ".");
  return text;
}

std::string ThreadFlow(const Finding& f, int cpu, const SharedPlaces& shared, const std::vector<u32>& culprits) {
  std::vector<std::string> steps;
  for (u32 id = 0; id < f.trace.events.size(); ++id) {
    const TraceEvent& e = f.trace.events[id];
    if (e.cpu != cpu || !IsAccess(e)) continue;
    const bool essential = std::ranges::find(culprits, id) != culprits.end() || std::ranges::find(f.cycle, id) != f.cycle.end();
    JsonObject step;
    step.Json("location", Location(e))
        .Number("executionOrder", id)
        .Text("importance", essential         ? "essential"
                            : shared.Touch(e) ? "important"
                                              : "unimportant");
    steps.push_back(step.Close());
  }
  if (steps.empty()) return "";
  const std::string name = absl::StrCat("cpu ", cpu);
  return JsonObject().Text("id", name).Json("message", Message(name)).Json("locations", JsonArray(steps)).Close();
}

std::string CodeFlow(const Finding& f, const std::vector<u32>& culprits) {
  const SharedPlaces shared(f.trace);
  std::vector<std::string> flows;
  for (int cpu = 0; cpu < f.trace.cpus; ++cpu) {
    if (std::string flow = ThreadFlow(f, cpu, shared, culprits); !flow.empty()) flows.push_back(std::move(flow));
  }
  return flows.empty() ? "" : JsonObject().Json("threadFlows", JsonArray(flows)).Close();
}

std::string Result(const Finding& f, const std::string& artefact) {
  const std::string& headline = f.verdict.headline;
  const std::vector<u32> culprits = Culprits(f);
  std::vector<std::string> locations;
  for (const u32 id : culprits) locations.push_back(Location(f.trace.events[id]));
  const bool latent = headline == "race" || headline == "contract/latent";
  JsonObject o;
  o.Text("ruleId", headline).Number("ruleIndex", 0).Text("level", latent ? "warning" : "error").Json("message", Message(FactsInSentences(f)));
  o.Json("locations", JsonArray(locations));
  if (const std::string flow = CodeFlow(f, culprits); !flow.empty()) o.Json("codeFlows", JsonArray({flow}));
  o.Json("partialFingerprints", JsonObject().Text("ordealSignature/v1", NameOf(SignatureOf(f))).Close());
  const std::string file = JsonObject().Text("uri", UriOf(artefact)).Close();
  o.Json("attachments", JsonArray({JsonObject().Json("artifactLocation", file).Json("description", Message("The reproducer.")).Close()}));
  return o.Close();
}

}  // namespace

std::string Sarif(const Finding& f, const std::string& artefact) {
  const std::string& headline = f.verdict.headline;
  const std::string rule = JsonObject().Text("id", headline).Json("shortDescription", Message(RuleText(headline))).Close();
  const std::string driver = JsonObject().Text("name", "Ordeal").Json("rules", JsonArray({rule})).Close();
  JsonObject run;
  run.Json("tool", JsonObject().Json("driver", driver).Close()).Json("results", JsonArray({Result(f, artefact)}));
  JsonObject log;
  log.Text("$schema", "https://json.schemastore.org/sarif-2.1.0.json").Text("version", "2.1.0").Json("runs", JsonArray({run.Close()}));
  return absl::StrCat(log.Close(), "\n");
}

}  // namespace ordeal
