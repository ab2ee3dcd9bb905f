#include <cstdio>
#include <map>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/exit_code.h"
#include "base/signals.h"
#include "base/summary.h"
#include "finding/bugs.h"
#include "finding/replay.h"
#include "tools/verbs.h"

namespace ordeal {
namespace {

constexpr model::Rung kRungsShown[] = {model::Rung::kSc, model::Rung::kTso, model::Rung::kArmv8, model::Rung::kPower, model::Rung::kLkmm};

struct Seen {
  model::ExactResult result;
  u64 damaged = 0, racy = 0, breached = 0, unjudged = 0;
  std::map<std::string, u64> effects;
};

Seen ExploreOn(Machine& machine, model::Rung rung, double seconds, int deviations) {
  Seen t;
  model::ExactOptions options;
  options.rung = rung;
  options.seconds = seconds;
  options.max_deviations = deviations;
  options.widen = true;
  options.stop = [] { return Interrupted(); };
  options.again = [&] { t = Seen(); };
  t.result = machine.Explore(options, [&](const Outcome& outcome, const model::Execution& e) {
    t.racy += e.race;
    t.unjudged += outcome.unjudged;
    t.breached += outcome.first(Violation::kContract) != nullptr;
    if (outcome.effect() == nullptr) return;
    ++t.damaged;
    ++t.effects[ViolationName(outcome.effect()->violation)];
  });
  return t;
}

std::string Completeness(const model::ExactResult& r) {
  if (r.complete) return "all of them";
  if (r.cut_by_time) return absl::StrFormat("stopped: all of up to %d deviations, and about %.2g%% of the next pass", r.deviations, 100 * r.explored);
  return absl::StrCat("all of up to ", r.deviations, " deviations");
}

void PrintRow(model::Rung rung, const Seen& t) {
  std::string effects;
  if (t.unjudged > 0) effects = absl::StrCat("not judged ", t.unjudged);
  for (const auto& [name, count] : t.effects) absl::StrAppend(&effects, effects.empty() ? "" : ", ", name, " ", count);
  std::printf("  %-6s  %10llu  %7llu  %6s  %8llu  %s%s%s\n", std::string(model::RungTitle(rung)).c_str(),
              static_cast<unsigned long long>(t.result.executions), static_cast<unsigned long long>(t.damaged),
              rung == model::Rung::kLkmm ? absl::StrCat(t.racy).c_str() : "-", static_cast<unsigned long long>(t.breached),
              Completeness(t.result).c_str(), effects.empty() ? "" : ": ", effects.c_str());
  std::fflush(stdout);
}

struct Flags {
  double seconds = 10;
  int deviations = -1;
};

absl::StatusOr<Flags> ParseFlags(const VerbArgs& a) {
  Flags f;
  if (a.Has("seconds") && (!absl::SimpleAtod(a.Get("seconds", ""), &f.seconds) || f.seconds <= 0 || f.seconds > 1e7))
    return absl::InvalidArgumentError(absl::StrCat("explore: --seconds=", a.Get("seconds", ""), ": expected seconds a rung, above 0"));
  if (a.Has("deviations") && (!absl::SimpleAtoi(a.Get("deviations", ""), &f.deviations) || f.deviations < 0 || f.deviations > 1000))
    return absl::InvalidArgumentError(absl::StrCat("explore: --deviations=", a.Get("deviations", ""), ": expected 0..1000"));
  return f;
}

}  // namespace

int ExploreVerb(const std::vector<std::string>& args) {
  absl::StatusOr<VerbArgs> a = ParseVerbArgs("explore", args);
  absl::StatusOr<Flags> flags = a.ok() ? ParseFlags(*a) : a.status();
  absl::StatusOr<Reproducer> r = flags.ok() ? ReadReproducer(a->files[0]) : flags.status();
  absl::StatusOr<std::unique_ptr<Machine>> machine = r.ok() ? MakeMachine(r->allocator) : r.status();
  absl::Status planted = machine.ok() ? PlantBugs(r->bugs) : machine.status();
  if (!planted.ok()) {
    PrintError(planted);
    return kExitUsage;
  }
  InstallSignalHandlers("ordeal: interrupted, stopping here (again: stop at once)");
  (*machine)->Load(r->program);
  std::printf("  rung    executions  damaged   races  breaches  which executions\n");
  std::string damaged, clean;
  bool complete = true, unjudged = false;
  for (const model::Rung rung : kRungsShown) {
    if (Interrupted()) break;
    const Seen t = ExploreOn(**machine, rung, flags->seconds, flags->deviations);
    PrintRow(rung, t);
    complete &= t.result.complete;
    unjudged |= t.unjudged > 0;
    std::string& list = t.damaged > 0 ? damaged : clean;
    absl::StrAppend(&list, list.empty() ? "" : ", ", std::string(model::RungTitle(rung)));
  }
  PrintSummary(absl::StrCat(damaged.empty() ? "no damage" : absl::StrCat("damage on ", damaged),
                            clean.empty() || damaged.empty() ? "" : absl::StrCat(", none on ", clean),
                            complete ? absl::StrCat(", every execution was looked at", unjudged ? ", and some could not be judged" : "")
                                     : ", not every execution was looked at",
                            Interrupted() ? ", interrupted" : ""));
  return Interrupted() ? kExitInterrupted : damaged.empty() ? kExitClean : kExitFinding;
}

}  // namespace ordeal
