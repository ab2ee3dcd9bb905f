#include <cstdio>
#include <sstream>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/exit_code.h"
#include "base/file.h"
#include "base/signals.h"
#include "base/suggest.h"
#include "base/summary.h"
#include "finding/litmus_export.h"
#include "finding/replay.h"
#include "memory/litmus/parser.h"
#include "memory/litmus/rest_text.h"
#include "memory/litmus/run.h"
#include "tools/verbs.h"

namespace ordeal {
namespace {

using litmus::RunPlan;
using litmus::RunReport;

constexpr u64 kRunsByDefault = 10000;

// A number of the flag's range, or an error that names the range.
template <class T>
absl::Status Number(const VerbArgs& a, const std::string& flag, double least, double most, T* value) {
  if (!a.Has(flag)) return absl::OkStatus();
  double number = 0;
  if (!absl::SimpleAtod(a.Get(flag, ""), &number) || number < least || number > most) {
    return absl::InvalidArgumentError(absl::StrFormat("litmus: --%s=%s: expected %g..%g", flag, a.Get(flag, ""), least, most));
  }
  *value = static_cast<T>(number);
  return absl::OkStatus();
}

absl::Status Model(const VerbArgs& a, model::Rung* rung) {
  const std::string name = a.Get("model", "lkmm");
  for (int r = 0; r < model::kRungs; ++r) {
    *rung = static_cast<model::Rung>(r);
    if (model::RungName(*rung) == name && *rung != model::Rung::kSequential) return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat("litmus: --model=", name, ": expected sc, tso, armv8, armv8-ldar, power, lkmm, rc11 or coherence",
                                                 DidYouMean(name, model::kRungNames)));
}

struct Command {
  RunPlan plan;
  bool json = false, goes_on = false;
  litmus::Rest from;  // if it goes_on
};

absl::StatusOr<Command> ParseFlags(const VerbArgs& a) {
  Command c;
  c.plan.runs = kRunsByDefault;
  if (absl::Status s = Model(a, &c.plan.rung); !s.ok()) return s;
  if (absl::Status s = Number(a, "runs", 1, 1e12, &c.plan.runs); !s.ok()) return s;
  if (absl::Status s = Number(a, "seed", 0, 1e15, &c.plan.seed); !s.ok()) return s;
  if (absl::Status s = Number(a, "unroll", 0, 100, &c.plan.turns); !s.ok()) return s;
  int symmetry = 1;
  if (absl::Status s = Number(a, "symmetry", 0, 1, &symmetry); !s.ok()) return s;
  c.plan.symmetry = symmetry != 0;
  if (a.Has("exhaustive")) {
    if (a.Has("runs")) return absl::InvalidArgumentError("litmus: --exhaustive with --runs: expected one of them");
    c.plan.seconds = 0;
    c.plan.runs = 0;
  } else if (a.Has("runs")) {
    if (a.Has("seconds"))
      return absl::InvalidArgumentError("litmus: --seconds with --runs: expected one of them, --seconds is of the exhaustive search");
    c.plan.exhaustive = false;
  }
  if (absl::Status s = Number(a, "seconds", 0.001, 1e7, &c.plan.seconds); !s.ok()) return s;
  if (a.Has("from")) {
    if (!c.plan.exhaustive) return absl::InvalidArgumentError("litmus: --from with --runs: expected an exhaustive search");
    if (a.files.size() != 1) return absl::InvalidArgumentError("litmus: --from with several files: expected the one that it was printed for");
    absl::StatusOr<litmus::Rest> rest = litmus::ParseRest(a.Get("from", ""));
    if (!rest.ok()) return absl::InvalidArgumentError(absl::StrCat("litmus: --from: ", rest.status().message()));
    c.from = *std::move(rest);
    c.goes_on = true;
  }
  c.json = a.Has("json");
  return c;
}

// How was it searched, and what was left out?
std::string SearchText(const RunReport& r) {
  std::string text;
  if (r.runs > 0) {
    text = absl::StrCat("random, ", r.runs, " runs, ", r.executions, " executions, not exhaustive");
    if (r.forbidden > 0) absl::StrAppend(&text, ", ", r.forbidden, " more were forbidden and dropped");
  } else {
    text = absl::StrCat("exhaustive, ", r.executions, r.executions == 1 ? " execution" : " executions");
    if (!r.complete) absl::StrAppendFormat(&text, ", not complete: about %.2g%% of this pass's choices explored", 100 * r.explored);
    if (!r.complete && r.deviations >= 0)
      absl::StrAppend(&text, ", every execution of up to ", r.deviations, " deviations", r.alike ? ", or one with threads exchanged" : "");
  }
  if (r.given_up_first) absl::StrAppendFormat(&text, "; an exhaustive search was given up at about %.2g%%", 100 * r.explored);
  if (r.begun_again) absl::StrAppend(&text, "; begun again because of a late store, all executions are counted here");
  if (r.answer.truncated) absl::StrAppend(&text, "; loops with more turns were dropped");
  if (r.wild > 0) absl::StrAppend(&text, "; ", r.wild, " accesses where no variable is");
  return text;
}

std::string JsonString(std::string_view s) {
  std::string out = "\"";
  for (const char c : s) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      out += absl::StrFormat("\\u%04x", c);
    } else {
      out += c;
    }
  }
  return out + "\"";
}

void PrintJson(const std::string& file, const litmus::Test& test, const Command& c, const RunReport& r) {
  std::vector<std::string> states;
  for (const auto& [state, count] : r.answer.states) states.push_back(absl::StrCat("{\"state\": ", JsonString(state), ", \"count\": ", count, "}"));
  std::printf("%s\n", absl::StrCat("{\"file\": ", JsonString(file), ", \"name\": ", JsonString(test.name), ", \"model\": \"",
                                   std::string(model::RungName(c.plan.rung)), "\", \"observation\": \"", r.answer.Observation(),
                                   "\", \"positive\": ", r.answer.positive, ", \"negative\": ", r.answer.negative, ", \"ok\": ",
                                   r.answer.Ok(test.quantifier) ? "true" : "false", ", \"data_race\": ", r.answer.data_race ? "true" : "false",
                                   ", \"exhaustive\": ", r.runs == 0 ? "true" : "false", ", \"complete\": ", r.complete ? "true" : "false",
                                   ", \"runs\": ", r.runs, ", \"executions\": ", r.executions, ", \"forbidden_before_filter\": ", r.forbidden,
                                   ", \"seconds\": ", absl::StrFormat("%.3f", r.answer.seconds), ", \"states\": [", absl::StrJoin(states, ", "), "]}")
                          .c_str());
}

// The answer, with one line of ours before herd7's last.
void PrintAnswer(const litmus::Test& test, const RunReport& r) {
  std::string text = litmus::AnswerText(test, r.answer);
  const size_t time = text.rfind("Time ");
  text.insert(time, absl::StrCat("Search ", test.name, " ", SearchText(r), "\n"));
  std::fputs(text.c_str(), stdout);
  if (r.resumable) std::fputs(absl::StrCat("The rest: --from=", litmus::RestText(r.rest), "\n\n").c_str(), stdout);
}

enum class Reply { kAnswered, kIncomplete, kRefused };

Reply RunFile(const std::string& file, const std::string& text, const Command& c) {
  const absl::StatusOr<litmus::Test> test = litmus::ParseLitmus(text, file);
  if (!test.ok()) {
    PrintError(test.status());
    return Reply::kRefused;
  }
  RunPlan plan = c.plan;
  if (c.goes_on) plan.from = &c.from;
  const absl::StatusOr<RunReport> report = litmus::RunTest(*test, plan);
  if (!report.ok()) {
    PrintError(absl::StrCat(file, ": ", report.status().message()));
    return Reply::kRefused;
  }
  c.json ? PrintJson(file, *test, c, *report) : PrintAnswer(*test, *report);
  std::fflush(stdout);
  return report->complete ? Reply::kAnswered : Reply::kIncomplete;
}

// A reproducer, the other way round: its execution as a litmus test.
Reply Export(const std::string& file) {
  absl::StatusOr<Reproducer> r = ReadReproducer(file);
  absl::StatusOr<std::string> text = r.ok() ? LitmusOf(*r, file) : r.status();
  if (!text.ok()) {
    PrintError(text.status());
    return Reply::kRefused;
  }
  std::fputs(text->c_str(), stdout);
  return Reply::kAnswered;
}

bool IsReproducer(std::string_view content) { return content.substr(0, 6) == "ordeal" || content.substr(0, 3) == "ORD"; }

}  // namespace

int LitmusVerb(const std::vector<std::string>& args) {
  absl::StatusOr<VerbArgs> a = ParseVerbArgs("litmus", args);
  absl::StatusOr<Command> command = a.ok() ? ParseFlags(*a) : a.status();
  if (!command.ok()) {
    PrintError(command.status());
    return kExitUsage;
  }
  InstallSignalHandlers("ordeal: interrupted, finishing this test (again: stop at once)");
  command->plan.stop = [] { return Interrupted(); };
  size_t answered = 0, incomplete = 0, refused = 0;
  for (const std::string& file : a->files) {
    if (Interrupted()) break;
    const absl::StatusOr<std::string> text = ReadFile(file, size_t{1} << 24);
    if (!text.ok()) PrintError(text.status());
    const Reply reply = !text.ok() ? Reply::kRefused : IsReproducer(*text) ? Export(file) : RunFile(file, *text, *command);
    (reply == Reply::kAnswered ? answered : reply == Reply::kIncomplete ? incomplete : refused)++;
  }
  std::string summary = absl::StrCat(a->files.size(), a->files.size() == 1 ? " file: " : " files: ", answered, " answered in full");
  if (incomplete > 0) absl::StrAppend(&summary, ", ", incomplete, " not exhaustively");
  if (refused > 0) absl::StrAppend(&summary, ", ", refused, " refused");
  if (Interrupted()) absl::StrAppend(&summary, ", interrupted");
  PrintSummary(summary);
  return Interrupted() ? kExitInterrupted : refused > 0 ? kExitUsage : kExitClean;
}

}  // namespace ordeal
