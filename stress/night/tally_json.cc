#include "stress/night/tally_json.h"

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"

namespace ordeal::stress {
namespace {

// Of 48 buckets most are empty: those behind the last value are left out.
Json HistogramToJson(const TickHistogram& h) {
  size_t used = h.bucket.size();
  while (used > 0 && h.bucket[used - 1] == 0) --used;
  Json list = Json::array();
  for (size_t b = 0; b < used; ++b) list.push_back(h.bucket[b]);
  return list;
}

Json MetersToJson(const Meters& m) {
  Json json = {{"rounds", m.rounds},   {"overlapped", m.overlapped}, {"ops", m.ops},         {"undecided", m.undecided},
               {"drifted", m.drifted}, {"starved", m.starved},       {"seconds", m.seconds}, {"skew", HistogramToJson(m.skew)}};
  // Of mixes alone: what had none before has the same bytes as ever.
  if (m.remote_frees != 0) json["remote_frees"] = m.remote_frees;
  return json;
}

Json ScenarioToJson(const ScenarioTally& s) {
  Json outcomes = Json::object(), findings = Json::array();
  for (const auto& [name, rounds] : s.outcomes) outcomes[name] = rounds;
  for (const std::string& signature : s.findings) findings.push_back(signature);
  return {{"name", s.name},
          {"not_run", s.not_run},
          {"outcomes", outcomes},
          {"wanted", s.wanted},
          {"model_allows", s.model_allows},
          {"findings", findings},
          {"meters", MetersToJson(s.meters)}};
}

void ReadHistogram(const Json& list, JsonReader& reader, TickHistogram* out) {
  if (list.size() > out->bucket.size()) return reader.Fail(absl::StrCat("at most ", out->bucket.size(), " buckets in \"skew\""));
  for (size_t b = 0; b < list.size(); ++b) {
    if (!list[b].is_number_unsigned()) return reader.Fail("whole numbers in \"skew\"");
    out->bucket[b] = list[b].get<u64>();
  }
}

absl::StatusOr<Meters> MetersFromJson(const Json& json, const std::string& what) {
  JsonReader in(json, what);
  Meters m;
  m.rounds = in.Count("rounds");
  m.overlapped = in.Count("overlapped");
  m.ops = in.Count("ops");
  m.undecided = in.Count("undecided");
  m.drifted = in.Count("drifted");
  m.starved = in.Count("starved");
  if (json.contains("remote_frees")) m.remote_frees = in.Count("remote_frees");
  m.seconds = in.Number("seconds");
  ReadHistogram(in.List("skew"), in, &m.skew);
  if (!in.status().ok()) return in.status();
  return m;
}

absl::StatusOr<ScenarioTally> ScenarioFromJson(const Json& json, const std::string& what) {
  JsonReader in(json, what);
  ScenarioTally s;
  s.name = in.Text("name");
  s.not_run = in.Text("not_run");
  for (const auto& [name, rounds] : in.Object("outcomes").items()) {
    if (rounds.is_number_unsigned()) {
      s.outcomes[name] = rounds.get<u64>();
    } else {
      in.Fail("whole numbers in \"outcomes\"");
    }
  }
  s.wanted = in.Text("wanted");
  s.model_allows = in.Text("model_allows");
  for (const Json& signature : in.List("findings")) {
    if (signature.is_string()) {
      s.findings.push_back(signature.get<std::string>());
    } else {
      in.Fail("texts in \"findings\"");
    }
  }
  absl::StatusOr<Meters> meters = MetersFromJson(in.Object("meters"), absl::StrCat(what, ": \"meters\""));
  if (!in.status().ok()) return in.status();
  if (!meters.ok()) return meters.status();
  s.meters = *meters;
  return s;
}

absl::StatusOr<CanaryTally> CanaryFromJson(const Json& json, const std::string& what) {
  JsonReader in(json, what);
  CanaryTally c;
  c.name = in.Text("name");
  c.expected = in.Flag("expected");
  c.weak = in.Count("weak");
  c.rounds = in.Count("rounds");
  if (!in.status().ok()) return in.status();
  return c;
}

}  // namespace

Json TallyToJson(const NightTally& tally) {
  Json scenarios = Json::array(), canaries = Json::array();
  for (const ScenarioTally& s : tally.scenarios) scenarios.push_back(ScenarioToJson(s));
  for (const CanaryTally& c : tally.canaries)
    canaries.push_back(Json{{"name", c.name}, {"expected", c.expected}, {"weak", c.weak}, {"rounds", c.rounds}});
  return {{"v", 1}, {"scenarios", scenarios}, {"canaries", canaries}};
}

absl::StatusOr<NightTally> TallyFromJson(const Json& json, std::string_view what) {
  JsonReader in(json, what);
  in.Version(1);
  NightTally out;
  const Json &scenarios = in.List("scenarios"), &canaries = in.List("canaries");
  if (!in.status().ok()) return in.status();
  for (size_t i = 0; i < scenarios.size(); ++i) {
    absl::StatusOr<ScenarioTally> s = ScenarioFromJson(scenarios[i], absl::StrCat(std::string(what), ": scenario ", i));
    if (!s.ok()) return s.status();
    out.scenarios.push_back(*std::move(s));
  }
  for (size_t i = 0; i < canaries.size(); ++i) {
    absl::StatusOr<CanaryTally> c = CanaryFromJson(canaries[i], absl::StrCat(std::string(what), ": canary ", i));
    if (!c.ok()) return c.status();
    out.canaries.push_back(*std::move(c));
  }
  return out;
}

}  // namespace ordeal::stress
