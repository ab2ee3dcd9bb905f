#include "finding/explain.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "finding/event_text.h"

namespace ordeal {

using model::EventType;
using model::TraceEvent;

namespace {

constexpr size_t kColumn = 54;

// How much an access has to do with the finding: 0 nothing. Stale reads and what they missed first, then the racing pair, the user's
// hand-overs, and the op that failed.
std::vector<int> Relevance(const Finding& f) {
  const model::Trace& t = f.trace;
  std::vector<int> score(t.events.size(), 0);
  std::set<u32> granules;
  for (size_t i = 0; i < t.events.size(); ++i) {
    const TraceEvent& e = t.events[i];
    if (!IsStale(e)) continue;
    score[i] = 9;
    for (int k = 0; k < 2; ++k) {
      if (e.rf[k] == e.newest[k]) continue;
      granules.insert((e.addr >> 3) + static_cast<u32>(k));
      if (e.newest[k] != model::kNoEvent) score[e.newest[k]] = 8;
      if (e.rf[k] != model::kNoEvent) score[e.rf[k]] = 7;
    }
  }
  const auto mark = [&](const TraceEvent& which, int value) {
    for (size_t i = 0; i < t.events.size(); ++i)
      if (t.events[i].key == which.key && t.events[i].cpu == which.cpu) score[i] = std::max(score[i], value);
  };
  if (f.verdict.race) {
    mark(f.verdict.race->first, 8);
    mark(f.verdict.race->second, 8);
  }
  // What the failing op looked at, whoever stored it: in an interleaving nothing is stale.
  std::set<u32> looked_at;
  for (const TraceEvent& e : t.events)
    if (f.verdict.effect && e.key.op == f.verdict.effect->op && e.type != EventType::kFence) looked_at.insert(e.addr >> 3);
  for (size_t i = 0; i < t.events.size(); ++i) {
    const TraceEvent& e = t.events[i];
    int own = e.type == EventType::kAlloc || e.type == EventType::kFree  ? -1
              : e.user                                                   ? 5
              : e.type == EventType::kStore || e.type == EventType::kRmw ? 1
                                                                         : 0;
    if (f.verdict.effect && e.key.op == f.verdict.effect->op) own = std::max(own, 6);
    if (own == 1 && looked_at.contains(e.addr >> 3)) own = 4;
    if (granules.contains(e.addr >> 3)) own = std::max(own, 6);
    score[i] = std::max(score[i], own);
  }
  return score;
}

// "contract: op 5 ..." without the name that the line already has.
std::string WithoutName(const std::string& text) {
  const size_t colon = text.find(": ");
  return colon == std::string::npos ? text : text.substr(colon + 2);
}

std::string RungProof(const Verdict& v) {
  std::string text;
  for (const Count& c : v.ladder) absl::StrAppend(&text, text.empty() ? "" : ", ", std::string(model::RungTitle(c.rung)), " ", CountText(c));
  return text;
}

}  // namespace

std::string Lanes(const Finding& f, const ExplainOptions& options) {
  const model::Trace& t = f.trace;
  std::vector<int> score = Relevance(f);
  int cut = 2;  // stores that nothing else points at are noise
  while (!options.everything && std::count_if(score.begin(), score.end(), [&](int s) { return s >= cut; }) > options.max_lines && cut < 9) ++cut;
  if (options.everything) cut = 0;
  const bool columns = t.cpus <= 3;
  std::string out = "  access  ";
  if (columns)
    for (int c = 0; c < t.cpus; ++c) absl::StrAppendFormat(&out, "%-*s", static_cast<int>(kColumn), absl::StrCat("cpu ", c));
  while (out.back() == ' ') out.pop_back();
  out += '\n';
  int left_out = 0;
  u16 op = kInitOp;
  for (size_t i = 0; i < t.events.size(); ++i) {
    const TraceEvent& e = t.events[i];
    if (e.type == EventType::kAlloc || e.type == EventType::kFree) continue;  // marks, not accesses
    if (score[i] < cut) {
      ++left_out;
      continue;
    }
    const std::string indent = columns ? std::string(kColumn * e.cpu, ' ') : absl::StrFormat("cpu %d  ", e.cpu);
    if (e.key.op != op) {
      op = e.key.op;
      absl::StrAppend(&out, "          ", indent, "# ", OpLine(f.reproducer, op), "\n");
    }
    absl::StrAppendFormat(&out, "  %-8s%s%s\n", KeyName(e.key), indent, EventText(e));
    if (IsBuffered(e, static_cast<u32>(i))) {
      absl::StrAppend(&out, "          ", indent, "^^^ BUFFERED: reads ", StoreName(t, e.rf[0]), ",\n          ", indent,
                      "    which comes after it\n");
    } else if (IsStale(e)) {
      const int k = e.rf[0] != e.newest[0] ? 0 : 1;
      absl::StrAppend(&out, "          ", indent, "^^^ STALE: reads ", StoreName(t, e.rf[k]), ",\n          ", indent, "    missed ",
                      StoreName(t, e.newest[k]), "\n");
    }
  }
  if (left_out > 0) absl::StrAppend(&out, "  (", left_out, " accesses that have no part in it are left out)\n");
  return out;
}

// On which machines can this very execution happen? One that none allows may still have another execution with the same effect.
std::string MachinesText(const Verdict& v) {
  std::string allow, forbid;
  for (const model::Rung rung : kMachines) {
    std::string& list = v.machines[static_cast<int>(rung)] ? allow : forbid;
    absl::StrAppend(&list, list.empty() ? "" : ", ", std::string(model::RungTitle(rung)));
  }
  if (allow.empty()) return absl::StrCat("this execution: the LKMM's alone; forbidden by ", forbid);
  return absl::StrCat("this execution: allowed by ", allow, forbid.empty() ? "" : "; forbidden by ", forbid);
}

std::string Facts(const Finding& f) {
  const Verdict& v = f.verdict;
  std::string out;
  const auto line = [&](const char* name, const std::string& text) { absl::StrAppendFormat(&out, "  %-9s %s\n", name, text); };
  line("effect", v.effect ? Describe(*v.effect) : "none: nothing went wrong in this execution");
  if (v.effect) line("rung", absl::StrCat(v.headline, " (", RungProof(v), ")"));
  if (v.effect && v.headline.rfind("ordering", 0) == 0) line("machines", MachinesText(v));
  if (v.mixed_sizes && v.headline.rfind("not-", 0) != 0)
    line("model", "LKMM + bytes: accesses of different sizes meet in this execution, and the LKMM knows whole variables only");
  if (v.race) {
    const auto side = [](const TraceEvent& e) { return absl::StrFormat("%s cpu %d %s (%s)", KeyName(e.key), e.cpu, EventText(e), WhereText(e)); };
    line("race", absl::StrCat("data race by the LKMM: ", side(v.race->first)));
    line("", absl::StrCat("and ", side(v.race->second), v.effect ? "; after a race the LKMM promises nothing" : ""));
  } else {
    line("race", "no data race in this execution");
  }
  line("contract", v.contract ? absl::StrCat("broken: ", WithoutName(Describe(*v.contract))) : "kept by the users in this execution");
  line("owner", absl::StrCat(OwnerName(v.owner), ": ", v.owner_reason));
  return out;
}

std::string Summary(const Finding& f) {
  const Verdict& v = f.verdict;
  return absl::StrCat(v.headline, " owner=", OwnerName(v.owner), v.effect ? absl::StrCat(" effect=", ViolationName(v.effect->violation)) : "",
                      v.race ? " race" : "", v.contract ? " contract-broken" : "", " allocator=", f.reproducer.allocator,
                      f.reproducer.bugs.empty() ? "" : absl::StrCat(" bugs=", absl::StrJoin(f.reproducer.bugs, ",")));
}

std::string Explain(const Finding& f, const std::string& replay_file, const ExplainOptions& options) {
  return absl::StrCat("FINDING ", f.verdict.headline, ", owner ", OwnerName(f.verdict.owner), "\n", Facts(f), "\n", Lanes(f, options), "\n",
                      Answers(f), "  replay    bazel run //tools:ordeal -- replay ", replay_file, "\n");
}

}  // namespace ordeal
