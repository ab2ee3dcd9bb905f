#include "stress/night/run_state.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/file.h"
#include "base/hash.h"
#include "nlohmann/json.hpp"
#include "stress/night/tally_json.h"

namespace ordeal::stress {
namespace {

constexpr RunStatus kStatuses[] = {RunStatus::kRunning, RunStatus::kFinished, RunStatus::kInterrupted};

std::string CheckSum(const Json& json) { return absl::StrFormat("%016x", HashBytes(JsonLine(json))); }

// As text: scripts that read JSON numbers as doubles would round them.
u64 Wide(JsonReader& in, const char* name) {
  u64 value = 0;
  if (!absl::SimpleAtoi(in.Text(name), &value)) in.Fail(absl::StrCat("\"", name, "\" to be a whole number in quotes"));
  return value;
}

RunStatus StatusFrom(JsonReader& in) {
  const std::string name = in.Text("status");
  for (const RunStatus status : kStatuses)
    if (name == RunStatusName(status)) return status;
  in.Fail("\"status\" to be running, finished or interrupted");
  return RunStatus::kRunning;
}

}  // namespace

const char* RunStatusName(RunStatus status) {
  switch (status) {
    case RunStatus::kRunning: return "running";
    case RunStatus::kFinished: return "finished";
    case RunStatus::kInterrupted: return "interrupted";
  }
  return "?";
}

std::string RunStateToText(const RunState& s) {
  Json json = {{"v", 1},
               {"status", RunStatusName(s.status)},
               {"plan", absl::StrCat(s.plan)},
               {"seed", absl::StrCat(s.seed)},
               {"next_epoch", s.next_epoch},
               {"plan_done", s.plan_done},
               {"seconds", s.seconds},
               {"resumed", s.resumed},
               {"host", s.host},
               {"architecture", s.architecture},
               {"shard", s.shard},
               {"written", s.written},
               {"tally", TallyToJson(s.tally)}};
  // Once through the text: what is summed up is what a reader will see (a text that was no UTF-8 is changed on the way).
  if (absl::StatusOr<Json> seen = ParseJson(JsonLine(json), "state"); seen.ok()) json = *std::move(seen);
  json["check"] = CheckSum(json);
  return JsonPage(json);
}

absl::StatusOr<RunState> RunStateFromText(const std::string& text, const std::string& what) {
  absl::StatusOr<Json> json = ParseJson(text, what);
  if (!json.ok()) return json.status();
  JsonReader in(*json, what);
  in.Version(1);
  const std::string check = in.Text("check");
  if (!in.status().ok()) return in.status();
  json->erase("check");
  if (check != CheckSum(*json))
    return absl::DataLossError(absl::StrCat(what, ": damaged: expected the check sum ", CheckSum(*json), ", got ", check.substr(0, 32)));
  RunState s;
  s.status = StatusFrom(in);
  s.plan = Wide(in, "plan");
  s.seed = Wide(in, "seed");
  s.next_epoch = in.Count("next_epoch");
  s.plan_done = in.Number("plan_done");
  s.seconds = in.Number("seconds");
  s.resumed = in.Count("resumed");
  s.host = in.Text("host");
  s.architecture = in.Text("architecture");
  s.shard = in.Text("shard");
  s.written = in.Number("written");
  absl::StatusOr<NightTally> tally = TallyFromJson(in.Object("tally"), absl::StrCat(what, ": \"tally\""));
  if (!in.status().ok()) return in.status();
  if (!tally.ok()) return tally.status();
  s.tally = *std::move(tally);
  return s;
}

absl::StatusOr<RunState> ReadRunState(const std::string& directory) {
  const std::string path = directory + "/state.json";
  const absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok()) return text.status();
  return RunStateFromText(*text, path);
}

}  // namespace ordeal::stress
