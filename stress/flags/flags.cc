#include "stress/flags/flags.h"

#include "absl/flags/flag.h"
#include "absl/flags/reflection.h"
#include "absl/strings/match.h"
#include "finding/bugs.h"
#include "stress/crew/canary.h"
#include "stress/flags/args.h"
#include "stress/flags/read.h"
#include "stress/flags/table.h"
#include "stress/placement/cpu_list.h"

namespace ordeal::stress {
namespace {

absl::Status ReadWhat(NightFlags* f) {
  f->scenarios.patterns = absl::GetFlag(FLAGS_scenarios);
  f->scenarios.bugs = absl::GetFlag(FLAGS_bug);
  f->scenarios.arm = absl::GetFlag(FLAGS_arm);
  f->scenarios.allocator = absl::GetFlag(FLAGS_allocator);
  f->expect = absl::GetFlag(FLAGS_expect);
  if (!f->expect.empty()) {
    if (absl::Status s = CheckBug(f->expect); !s.ok()) return absl::InvalidArgumentError(absl::StrCat("--expect: ", s.message()));
    if (const Bug* b = FindBug(f->expect); b == nullptr || b->headline[0] == 0)
      return Bad(absl::StrCat("--expect=", f->expect, ": this must stay silent; expected a bug that shows something"));
  }
  if (absl::Status s =
          Choose<Sync>("sync", absl::GetFlag(FLAGS_sync), {{"timebase", Sync::kTimebase}, {"spin", Sync::kSpin}, {"none", Sync::kNone}}, &f->sync);
      !s.ok())
    return s;
  if (absl::Status s = Choose<std::optional<Watch>>("watch", absl::GetFlag(FLAGS_watch),
                                                    {{"full", Watch::kFull}, {"results", Watch::kResults}, {"rotate", std::nullopt}}, &f->watch);
      !s.ok())
    return s;
  f->delays = absl::GetFlag(FLAGS_delays);
  f->evict = absl::GetFlag(FLAGS_evict);
  const absl::StatusOr<Disturbances> disturb = ParseDisturbances(absl::GetFlag(FLAGS_disturb));
  if (!disturb.ok()) return disturb.status();
  f->disturb = *disturb;
  f->seed = absl::GetFlag(FLAGS_seed);
  f->canaries = absl::GetFlag(FLAGS_canary);
  std::vector<std::string_view> here;
  for (const CanaryTest& c : CanariesHere()) here.push_back(c.name);
  if (f->canaries.empty()) f->canaries.assign(here.begin(), here.end());
  for (const std::string& c : f->canaries)
    if (!IsOneOf(c, here)) return Bad(absl::StrCat("--canary=", c, ": no such control on this architecture"));
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
    if (!IsOneOf(name, kOfOneRun)) remember(name, &f->given);
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
    if (absl::Status s = TakeFlagsOf(other); !s.ok()) return s;
  for (const std::string& arg : args) {
    if (arg == "--help" || arg == "--helpfull") f.help = true;
    else if (!absl::StartsWith(arg, "-")) f.scenarios.files.push_back(arg);
    else if (absl::Status s = TakeFlag(arg); !s.ok()) return s;
  }
  if (f.help) return f;
  for (const auto read : {&ReadWhat, &ReadWhere, &ReadShard, &ReadRest})
    if (absl::Status s = read(&f); !s.ok()) return s;
  if (absl::Status s = ReadTimes(program, &f); !s.ok()) return s;
  Remember(&f);
  return f;
}

}  // namespace ordeal::stress
