#include "stress/flags.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "absl/flags/flag.h"
#include "absl/flags/reflection.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "base/file.h"
#include "base/suggest.h"
#include "finding/bugs.h"
#include "stress/crew/canary.h"
#include "stress/placement/cpu_list.h"

// What a round is.
ABSL_FLAG(std::vector<std::string>, scenarios, {"all"}, "names or their beginnings, comma separated; 3*NAME: three times as often; --list prints them");
ABSL_FLAG(std::string, allocator, "", "of the drawn programs: slub, locked; default: each");
ABSL_FLAG(std::vector<std::string>, bug, {}, "bugs to plant in the drawn programs; of the corpus their reproducers alone are run then");
ABSL_FLAG(std::vector<std::string>, arm, {}, "planted beside the bugs in a second copy of each reproducer: SITE=ORDER, SITE=before:BARRIER; rates are compared");
ABSL_FLAG(std::string, sync, "timebase", "how threads start together: timebase, spin, none");
ABSL_FLAG(std::string, watch, "full", "what the shadow hears: full, or results (as much as a litmus test: less time between accesses, no charges)");
ABSL_FLAG(bool, delays, true, "in half of the rounds a thread waits in front of one of its accesses");
ABSL_FLAG(bool, evict, true, "before some rounds a thread takes its lines out of the caches");
ABSL_FLAG(std::string, placement, "rotate", "spread, compact, smt, cache, package, node, random, list, rotate (each in turn)");
ABSL_FLAG(std::string, cpulist, "", "with --placement=list: OS numbers, 0,8,16-19");
ABSL_FLAG(int, threads, 2, "threads of a crew, 1..8: the most CPUs of a drawn program");
ABSL_FLAG(int, crews, 0, "crews side by side; 0: as many as fit");
ABSL_FLAG(int, reserve, 0, "processors that are left free");
ABSL_FLAG(bool, oversubscribe, false, "more threads than processors, if need be: rounds will hardly overlap");
ABSL_FLAG(std::string, memory, "local", "local, interleave, remote, bind:NODE");
ABSL_FLAG(std::string, pages, "", "4k, 64k, thp; default: as the kernel does");
ABSL_FLAG(uint64_t, seed, 0, "of all that is drawn; 0: one is drawn, and printed");
ABSL_FLAG(std::string, shard, "", "I/N: this machine's part of a campaign, I from 0; default: from Bazel's or Slurm's environment");
// How long, and when it ends.
ABSL_FLAG(std::string, mode, "", "presets of --duration: quick 20s, default 5m, tough 1h, overnight 8h");
ABSL_FLAG(std::string, duration, "", "of running: 90s, 30m, 8h");
ABSL_FLAG(std::string, stop_at, "", "2026-11-28T07:00:00+01:00");
ABSL_FLAG(uint64_t, rounds, 0, "of each scenario; 0: as many as come");
ABSL_FLAG(std::string, slice, "", "of one scenario at a time; default: so that each comes at least twice, 2s at most");
ABSL_FLAG(std::string, expect, "", "a bug's name: exit 0 only if the finding is this bug's");
ABSL_FLAG(bool, keep_going, false, "a finding does not end the run");
ABSL_FLAG(int, max_findings, 20, "different findings that end the run with --keep_going");
ABSL_FLAG(std::string, hang_after, "60s", "of processor time that a thread could have had without getting on");
ABSL_FLAG(uint64_t, rss_limit_mb, 0, "0: no limit");
// The machine.
ABSL_FLAG(std::string, topology, "native", "native, synthetic:STRING, xml:FILE; what is not native is planned, not run");
ABSL_FLAG(int, min_cpus, 2, "fewer usable processors: exit 2");
ABSL_FLAG(std::vector<std::string>, canary, {}, "positive controls: SB, on ARM and POWER also MP and LB; default: all of them");
ABSL_FLAG(std::string, canary_every, "10m", "");
// What is left of it.
ABSL_FLAG(std::string, run_dir, "", "default: runs/TIME-HOST-NUMBER");
ABSL_FLAG(std::string, resume, "", "a run directory: goes on where its last checkpoint was");
ABSL_FLAG(bool, resume_anyway, false, "even if the binary is another one");
ABSL_FLAG(std::string, again, "", "a run directory: the same flags, in a new one");
ABSL_FLAG(std::string, status, "auto", "auto, screen, lines, none");
ABSL_FLAG(std::string, status_every, "30s", "");
ABSL_FLAG(std::string, junit, "", "a second copy of junit.xml");
ABSL_FLAG(std::string, html, "", "a second copy of report.html");
ABSL_FLAG(std::string, jsonl, "", "a second copy of events.jsonl");
ABSL_FLAG(bool, list, false, "prints the scenarios");
ABSL_FLAG(bool, dryrun, false, "prints placement and plan, and runs nothing");

namespace ordeal::stress {
namespace {

constexpr std::string_view kPlanFlags[] = {"scenarios", "allocator", "bug", "arm", "sync", "watch", "delays", "evict", "placement", "cpulist",
                                           "threads", "crews", "reserve", "oversubscribe", "memory", "pages", "seed", "shard", "expect"};
constexpr std::string_view kOtherFlags[] = {"mode", "duration", "stop_at", "rounds", "slice", "keep_going", "max_findings", "hang_after", "rss_limit_mb", "topology", "min_cpus",
                                            "canary", "canary_every", "run_dir", "resume", "resume_anyway", "again", "status", "status_every", "junit", "html", "jsonl", "list", "dryrun"};
// Those of another run that a new one, or the rest of it, must not take over.
constexpr std::string_view kOfOneRun[] = {"run_dir", "resume", "resume_anyway", "again", "list", "dryrun"};
constexpr std::string_view kSwitches[] = {"delays", "evict", "oversubscribe", "keep_going", "resume_anyway", "list", "dryrun"};

absl::Status Bad(const std::string& what) { return absl::InvalidArgumentError(what); }
bool In(std::string_view name, std::span<const std::string_view> names) { return std::ranges::find(names, name) != names.end(); }

absl::Status Unknown(const std::string& name) {
  std::vector<std::string_view> all(std::begin(kPlanFlags), std::end(kPlanFlags));
  all.insert(all.end(), std::begin(kOtherFlags), std::end(kOtherFlags));
  return Bad(absl::StrCat("unknown flag --", name, DidYouMean(name, all), "; --helpfull lists them all"));
}

absl::Status Set(const std::string& name, const std::string& value) {
  std::string error;
  absl::CommandLineFlag* flag = absl::FindCommandLineFlag(name);
  if (flag == nullptr) return Unknown(name);
  if (!flag->ParseFrom(value, &error)) return Bad(absl::StrCat("--", name, "=", value, ": ", error));
  return absl::OkStatus();
}

// One argument that begins with a dash.
absl::Status Take(const std::string& arg) {
  const bool two = absl::StartsWith(arg, "--");
  const std::string body = arg.substr(two ? 2 : 1);
  const size_t eq = body.find('=');
  std::string name = body.substr(0, eq), value = eq == std::string::npos ? "true" : body.substr(eq + 1);
  if (eq == std::string::npos && absl::StartsWith(name, "no") && In(name.substr(2), kSwitches)) name = name.substr(2), value = "false";
  if (!In(name, kPlanFlags) && !In(name, kOtherFlags)) return Unknown(name);
  if (!two) return Bad(absl::StrCat(arg, ": flags take two dashes here (one is libFuzzer's, for slab_fuzzer)"));
  if (eq == std::string::npos && !In(name, kSwitches)) return Bad(absl::StrCat("--", name, " has no value: expected --", name, "=VALUE"));
  return Set(name, value);
}

// The flags that a run was started with.
absl::Status TakeFrom(const std::string& directory) {
  const absl::StatusOr<std::string> text = ReadFile(directory + "/flags.txt", 1 << 20);
  if (!text.ok()) return text.status();
  int number = 0;
  for (const absl::string_view line : absl::StrSplit(*text, '\n')) {
    ++number;
    if (line.empty() || line[0] == '#') continue;
    const absl::Status s = absl::StartsWith(line, "--") ? Take(std::string(line)) : Bad(absl::StrCat("got '", line, "', expected --FLAG=VALUE"));
    if (!s.ok()) return Bad(absl::StrCat(directory, "/flags.txt:", number, ": ", s.message()));
  }
  for (const std::string_view name : kOfOneRun)
    if (absl::Status s = Set(std::string(name), In(name, kSwitches) ? "false" : ""); !s.ok()) return s;
  return absl::OkStatus();
}

absl::StatusOr<double> Seconds(const char* flag, const std::string& text) {
  absl::Duration d;
  if (!absl::ParseDuration(text, &d) || d <= absl::ZeroDuration()) return Bad(absl::StrCat("--", flag, "=", text, ": expected a length of time like 90s, 30m or 8h"));
  return absl::ToDoubleSeconds(d);
}

template <class T>
absl::Status Choose(const char* flag, const std::string& value, std::initializer_list<std::pair<std::string_view, T>> choices, T* to) {
  std::vector<std::string_view> names;
  for (const auto& [name, choice] : choices) {
    if (name == value) return *to = choice, absl::OkStatus();
    names.push_back(name);
  }
  std::string expected;
  for (const std::string_view n : names) absl::StrAppend(&expected, expected.empty() ? "" : ", ", std::string(n));
  return Bad(absl::StrCat("--", flag, "=", value, DidYouMean(value, names), ": expected ", expected));
}

absl::Status ReadDuration(const std::string& program, NightFlags* f) {
  std::string mode = absl::GetFlag(FLAGS_mode);
  if (mode.empty()) mode = program == "quick" ? "quick" : "overnight";
  const bool otherwise_bounded = f->rounds != 0 || !absl::GetFlag(FLAGS_stop_at).empty();
  if (absl::Status s = Choose<double>("mode", mode, {{"quick", 20.0}, {"default", 300.0}, {"tough", 3600.0}, {"overnight", 8 * 3600.0}}, &f->seconds); !s.ok()) return s;
  if (absl::GetFlag(FLAGS_mode).empty() && otherwise_bounded) f->seconds = std::numeric_limits<double>::infinity();
  if (const std::string d = absl::GetFlag(FLAGS_duration); !d.empty()) {
    const absl::StatusOr<double> seconds = Seconds("duration", d);
    if (!seconds.ok()) return seconds.status();
    f->seconds = *seconds;
  }
  if (const std::string at = absl::GetFlag(FLAGS_stop_at); !at.empty()) {
    absl::Time t;
    std::string error;
    if (!absl::ParseTime(absl::RFC3339_full, at, &t, &error)) return Bad(absl::StrCat("--stop_at=", at, ": expected a time like 2026-11-28T07:00:00+01:00"));
    f->stop_at = absl::ToDoubleSeconds(t - absl::UnixEpoch());
  }
  return absl::OkStatus();
}

absl::Status ReadTimes(const std::string& program, NightFlags* f) {
  f->rounds = absl::GetFlag(FLAGS_rounds);
  if (absl::Status s = ReadDuration(program, f); !s.ok()) return s;
  const std::pair<const char*, double*> times[] = {{"canary_every", &f->canary_every}, {"status_every", &f->status_every}, {"hang_after", &f->hang_after}};
  const std::string texts[] = {absl::GetFlag(FLAGS_canary_every), absl::GetFlag(FLAGS_status_every), absl::GetFlag(FLAGS_hang_after)};
  for (size_t i = 0; i < std::size(times); ++i) {
    const absl::StatusOr<double> seconds = Seconds(times[i].first, texts[i]);
    if (!seconds.ok()) return seconds.status();
    *times[i].second = *seconds;
  }
  f->slice_seconds = 0;
  if (const std::string slice = absl::GetFlag(FLAGS_slice); !slice.empty()) {
    const absl::StatusOr<double> seconds = Seconds("slice", slice);
    if (!seconds.ok()) return seconds.status();
    f->slice_seconds = *seconds;
  }
  return absl::OkStatus();
}

absl::Status ReadWhere(NightFlags* f) {
  f->topology = absl::GetFlag(FLAGS_topology);
  const absl::StatusOr<Policy> policy = ParsePolicy(absl::GetFlag(FLAGS_placement));
  if (!policy.ok()) return policy.status();
  f->placement.policy = *policy;
  f->placement.reserve = absl::GetFlag(FLAGS_reserve);
  f->placement.oversubscribe = absl::GetFlag(FLAGS_oversubscribe);
  const std::string cpus = absl::GetFlag(FLAGS_cpulist);
  if ((f->placement.policy == Policy::kList) == cpus.empty()) return Bad("--cpulist and --placement=list belong together");
  if (!cpus.empty()) {
    absl::StatusOr<std::vector<int>> list = ParseCpuList(cpus);
    if (!list.ok()) return list.status();
    f->placement.list = *std::move(list);
  }
  f->crews = absl::GetFlag(FLAGS_crews);
  f->threads = absl::GetFlag(FLAGS_threads);
  f->min_cpus = absl::GetFlag(FLAGS_min_cpus);
  f->pages = absl::GetFlag(FLAGS_pages);
  if (f->threads < 1 || f->threads > kMaxCpus) return Bad(absl::StrCat("--threads=", f->threads, ": expected 1..", kMaxCpus));
  if (f->crews < 0) return Bad(absl::StrCat("--crews=", f->crews, ": expected 0 or more"));
  if (f->placement.reserve < 0) return Bad(absl::StrCat("--reserve=", f->placement.reserve, ": expected 0 or more"));
  const absl::StatusOr<MemoryPlacement> memory = ParseMemoryPlacement(absl::GetFlag(FLAGS_memory));
  if (!memory.ok()) return memory.status();
  f->memory = *memory;
  return absl::OkStatus();
}

absl::Status ReadShard(NightFlags* f) {
  std::string text = absl::GetFlag(FLAGS_shard);
  if (text.empty()) {
    for (const auto [i, n] : {std::pair{"TEST_SHARD_INDEX", "TEST_TOTAL_SHARDS"}, std::pair{"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT"}}) {
      const char* index = std::getenv(i);
      const char* count = std::getenv(n);
      if (index != nullptr && count != nullptr) text = absl::StrCat(index, "/", count);
    }
  }
  if (text.empty()) return absl::OkStatus();
  const std::vector<std::string> parts = absl::StrSplit(text, '/');
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &f->shard) || !absl::SimpleAtoi(parts[1], &f->shards) || f->shard < 0 || f->shard >= f->shards)
    return Bad(absl::StrCat("--shard=", text, ": expected I/N, I from 0 to N-1"));
  return absl::OkStatus();
}

absl::Status ReadWhat(NightFlags* f) {
  f->scenarios.patterns = absl::GetFlag(FLAGS_scenarios);
  f->scenarios.bugs = absl::GetFlag(FLAGS_bug);
  f->scenarios.arm = absl::GetFlag(FLAGS_arm);
  f->scenarios.allocator = absl::GetFlag(FLAGS_allocator);
  f->expect = absl::GetFlag(FLAGS_expect);
  if (!f->expect.empty()) {
    if (absl::Status s = CheckBug(f->expect); !s.ok()) return absl::InvalidArgumentError(absl::StrCat("--expect: ", s.message()));
    if (const Bug* b = FindBug(f->expect); b == nullptr || b->headline[0] == 0) return Bad(absl::StrCat("--expect=", f->expect, ": this must stay silent; expected a bug that shows something"));
  }
  if (absl::Status s = Choose<Sync>("sync", absl::GetFlag(FLAGS_sync), {{"timebase", Sync::kTimebase}, {"spin", Sync::kSpin}, {"none", Sync::kNone}}, &f->sync); !s.ok()) return s;
  if (absl::Status s = Choose<Watch>("watch", absl::GetFlag(FLAGS_watch), {{"full", Watch::kFull}, {"results", Watch::kResults}}, &f->watch); !s.ok()) return s;
  f->delays = absl::GetFlag(FLAGS_delays);
  f->evict = absl::GetFlag(FLAGS_evict);
  f->seed = absl::GetFlag(FLAGS_seed);
  f->canaries = absl::GetFlag(FLAGS_canary);
  std::vector<std::string_view> here;
  for (const CanaryTest& c : CanariesHere()) here.push_back(c.name);
  if (f->canaries.empty()) f->canaries.assign(here.begin(), here.end());
  for (const std::string& c : f->canaries)
    if (!In(c, here)) return Bad(absl::StrCat("--canary=", c, ": no such control on this architecture"));
  return absl::OkStatus();
}

absl::Status ReadRest(NightFlags* f) {
  f->run_dir = absl::GetFlag(FLAGS_run_dir);
  f->resume_anyway = absl::GetFlag(FLAGS_resume_anyway);
  f->keep_going = absl::GetFlag(FLAGS_keep_going);
  f->max_findings = absl::GetFlag(FLAGS_max_findings);
  f->rss_limit_mb = absl::GetFlag(FLAGS_rss_limit_mb);
  f->status = absl::GetFlag(FLAGS_status);
  f->junit = absl::GetFlag(FLAGS_junit);
  f->html = absl::GetFlag(FLAGS_html);
  f->jsonl = absl::GetFlag(FLAGS_jsonl);
  f->list = absl::GetFlag(FLAGS_list);
  f->dryrun = absl::GetFlag(FLAGS_dryrun);
  if (f->max_findings < 1) return Bad(absl::StrCat("--max_findings=", f->max_findings, ": expected 1 or more"));
  if (!f->resume.empty() && !f->run_dir.empty()) return Bad("--resume goes on in its own directory: expected no --run_dir beside it");
  if (!f->resume.empty() && !f->again.empty()) return Bad("--resume and --again: expected one of them");
  bool shown;
  return Choose<bool>("status", f->status, {{"auto", true}, {"screen", true}, {"lines", true}, {"none", false}}, &shown);
}

void Remember(NightFlags* f) {
  const auto remember = [&](std::string_view name, std::vector<std::string>* to) {
    const absl::CommandLineFlag* flag = absl::FindCommandLineFlag(std::string(name));
    if (flag->CurrentValue() != flag->DefaultValue()) to->push_back(absl::StrCat("--", std::string(name), "=", flag->CurrentValue()));
  };
  for (const std::string_view name : kPlanFlags) remember(name, &f->plan);
  for (const std::string_view name : kPlanFlags) remember(name, &f->given);
  for (const std::string_view name : kOtherFlags)
    if (!In(name, kOfOneRun)) remember(name, &f->given);
}

}  // namespace

absl::StatusOr<NightFlags> ParseNightFlags(const std::string& program, const std::vector<std::string>& args) {
  NightFlags f;
  // Of the run that this one goes on with, or repeats.
  for (const std::string& arg : args) {
    for (const auto& [begin, to] : {std::pair{"--resume=", &f.resume}, std::pair{"--again=", &f.again}})
      if (absl::StartsWith(arg, begin)) *to = arg.substr(std::string(begin).size());
  }
  if (const std::string& other = f.resume.empty() ? f.again : f.resume; !other.empty())
    if (absl::Status s = TakeFrom(other); !s.ok()) return s;
  for (const std::string& arg : args) {
    if (arg == "--help" || arg == "--helpfull") f.help = true;
    else if (!absl::StartsWith(arg, "-")) f.scenarios.files.push_back(arg);
    else if (absl::Status s = Take(arg); !s.ok()) return s;
  }
  if (f.help) return f;
  for (const auto read : {&ReadWhat, &ReadWhere, &ReadShard, &ReadRest})
    if (absl::Status s = read(&f); !s.ok()) return s;
  if (absl::Status s = ReadTimes(program, &f); !s.ok()) return s;
  Remember(&f);
  return f;
}

std::string NightHelp(const std::string& program, bool all) {
  std::string s = absl::StrCat("usage: ", program, " [--FLAG=VALUE ...] [REPRODUCER ...]\n\nOrdeal's programs with real threads on this machine, pinned, for a night.\n\n");
  constexpr std::string_view kTen[] = {"mode", "duration", "scenarios", "bug", "expect", "arm", "placement", "run_dir", "resume", "dryrun"};
  const auto line = [&](std::string_view name) {
    const absl::CommandLineFlag* flag = absl::FindCommandLineFlag(std::string(name));
    const std::string value = flag->DefaultValue();
    absl::StrAppend(&s, "  --", std::string(name), value.empty() ? "" : "=", value, std::string(name.size() + value.size() < 22 ? 22 - name.size() - value.size() : 1, ' '), flag->Help(), "\n");
  };
  if (!all) {
    for (const std::string_view name : kTen) line(name);
    absl::StrAppend(&s, "\n--helpfull has the others.\n");
  } else {
    for (const std::string_view name : kPlanFlags) line(name);
    for (const std::string_view name : kOtherFlags) line(name);
  }
  absl::StrAppend(&s, "\nexamples:\n  ", program, " --dryrun\n  ", program, " --mode=quick --bug=slub.exts_reader_order --expect=slub.exts_reader_order\n  ", program,
                  " --stop_at=2026-11-28T07:00:00+01:00 --placement=smt\n  ", program, " --resume=runs/20261127T201500Z-power9a-3f2a\n\n",
                  "exit: 0 nothing found (or exactly what was expected), 1 usage, 2 machine unfit or inconclusive, 3 expectation not met, 70 hang, 71 memory,\n"
                  "      72 interrupted, 77 finding, 130 second interrupt\n");
  return s;
}

}  // namespace ordeal::stress
