#include "stress/scenario/scenario.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "allocator/registry.h"
#include "base/suggest.h"
#include "corpus/embedded.h"
#include "finding/bugs.h"
#include "finding/replay.h"
#include "program/text.h"
#include "run/machine.h"
#include "shadow/violation.h"
#include "stress/crew/program_workload.h"
#include "stress/mixes/mix.h"
#include "stress/mixes/preload.h"

namespace ordeal::stress {
namespace {

constexpr int kMostRepeats = 100;

Scenario OfReproducer(std::string name, Reproducer r) {
  Scenario s;
  s.name = std::move(name);
  s.kind = ScenarioKind::kCorpus;
  s.planted = !r.bugs.empty();
  s.reproducer = std::move(r);
  s.not_run = NotForThreads(s.reproducer.program);
  return s;
}

bool HasOneOf(const std::vector<std::string>& bugs, const std::vector<std::string>& wanted) {
  return std::ranges::any_of(bugs, [&](const std::string& b) { return std::ranges::find(wanted, b) != wanted.end(); });
}

absl::Status AddCorpus(const ScenarioChoice& choice, std::vector<Scenario>* all) {
  for (const EmbeddedFile& f : EmbeddedCorpus()) {
    absl::StatusOr<Reproducer> r = Parse(f.text, f.name);
    if (!r.ok()) return r.status();
    if (!choice.bugs.empty() && !HasOneOf(r->bugs, choice.bugs)) continue;
    all->push_back(OfReproducer(absl::StrCat("corpus/", f.name.substr(0, f.name.rfind(".ordeal"))), *std::move(r)));
  }
  return absl::OkStatus();
}

absl::Status AddFiles(const ScenarioChoice& choice, std::vector<Scenario>* all) {
  for (const std::string& path : choice.files) {
    absl::StatusOr<Reproducer> r = ReadReproducer(path);
    if (!r.ok()) return r.status();
    if (FindAllocator(r->allocator) == nullptr)
      return absl::NotFoundError(absl::StrCat(path, ": no allocator '", r->allocator, "'", DidYouMean(r->allocator, AllocatorNames())));
    for (const std::string& bug : r->bugs)
      if (absl::Status s = CheckBug(bug); !s.ok()) return absl::InvalidArgumentError(absl::StrCat(path, ": ", s.message()));
    all->push_back(OfReproducer(absl::StrCat("file/", path.substr(path.rfind('/') + 1)), *std::move(r)));
  }
  return absl::OkStatus();
}

void AddDrawn(const ScenarioChoice& choice, std::vector<Scenario>* all) {
  for (const AllocatorInfo& a : kAllocators) {
    if (!choice.allocator.empty() && choice.allocator != a.name) continue;
    Scenario s;
    s.name = absl::StrCat("drawn/", a.name);
    s.reproducer.allocator = a.name;
    s.reproducer.bugs = choice.bugs;
    s.planted = !choice.bugs.empty();
    all->push_back(std::move(s));
  }
}

void AddMixes(std::vector<Scenario>* all) {
  for (const MixInfo& mix : Mixes()) {
    Scenario s;
    s.name = absl::StrCat("mix/", std::string(mix.name));
    s.kind = ScenarioKind::kMix;
    all->push_back(std::move(s));
  }
}

// A copy of each with something more planted: a barrier that is said to cure.
void AddArms(const ScenarioChoice& choice, std::vector<Scenario>* all) {
  if (choice.arm.empty()) return;
  const size_t before = all->size();
  for (size_t i = 0; i < before; ++i) {
    if ((*all)[i].kind != ScenarioKind::kCorpus) continue;
    Scenario s = (*all)[i];
    s.name += "+arm";
    s.reproducer.expect.headline.clear();  // the model was asked about the bug alone
    s.reproducer.bugs.insert(s.reproducer.bugs.end(), choice.arm.begin(), choice.arm.end());
    all->push_back(std::move(s));
  }
}

// Nothing can be planted in an allocator that is no program of ours, and no program of ours runs on it.
absl::Status CheckRealAllocator(const ScenarioChoice& choice) {
  if (choice.bugs.empty() && choice.arm.empty() && choice.files.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("--allocator=", choice.allocator, ": a real allocator runs mixes alone, expected no --bug, no --arm and no reproducer beside it"));
}

absl::Status CheckAllocator(const ScenarioChoice& choice) {
  if (choice.allocator.empty() || FindAllocator(choice.allocator) != nullptr) return absl::OkStatus();
  if (IsRealAllocator(choice.allocator)) return CheckRealAllocator(choice);
  std::vector<std::string_view> names = RealAllocatorNames();
  for (const std::string_view ours : AllocatorNames()) names.push_back(ours);
  return absl::NotFoundError(absl::StrCat("no allocator '", choice.allocator, "'", DidYouMean(choice.allocator, names)));
}

// Those of the corpus and the drawn ones are programs of ours; mixes are run beside them unless something is planted.
absl::StatusOr<std::vector<Scenario>> AllScenarios(const ScenarioChoice& choice) {
  std::vector<Scenario> all;
  if (choice.allocator.empty() ? choice.bugs.empty() : IsRealAllocator(choice.allocator)) AddMixes(&all);
  if (!IsRealAllocator(choice.allocator)) {
    if (absl::Status s = AddCorpus(choice, &all); !s.ok()) return s;
    if (absl::Status s = AddFiles(choice, &all); !s.ok()) return s;
    AddDrawn(choice, &all);
    AddArms(choice, &all);
  }
  std::ranges::sort(all, {}, &Scenario::name);
  return all;
}

absl::Status Pick(const std::string& pattern, const std::vector<Scenario>& all, std::vector<Scenario>* picked) {
  std::string name = pattern;
  int times = 1;
  if (const size_t star = pattern.find('*'); star != std::string::npos) {
    name = pattern.substr(star + 1);
    if (!absl::SimpleAtoi(pattern.substr(0, star), &times) || times < 1 || times > kMostRepeats)
      return absl::InvalidArgumentError(absl::StrCat("scenario '", pattern, "': expected a number from 1 to ", kMostRepeats, " before the *"));
  }
  bool any = false;
  for (const Scenario& s : all) {
    const size_t slash = s.name.find('/');
    if (name != "all" && !absl::StartsWith(s.name, name) && !absl::StartsWith(s.name.substr(slash + 1), name)) continue;
    any = true;
    for (int i = 0; i < times; ++i) picked->push_back(s);
  }
  if (any) return absl::OkStatus();
  std::vector<std::string_view> names;
  for (const Scenario& s : all) names.push_back(s.name);
  return absl::NotFoundError(absl::StrCat("no scenario '", name, "'", DidYouMean(name, names), "; --list prints them"));
}

}  // namespace

std::string Scenario::wanted() const {
  for (int v = 1; v < kViolations; ++v)
    if (IsEffect(static_cast<Violation>(v)) && reproducer.expect.violation == ViolationName(static_cast<Violation>(v)))
      return reproducer.expect.violation;
  return "";
}

// The rung of a headline is the strongest model that shows it: "ordering/ARMv8+POWER"; damage of an interleaving needs no more than SC.
std::string Scenario::model_allows() const {
  const std::string& headline = reproducer.expect.headline;
  if (headline == "not-ordering/sequential") return "sequential";
  if (headline == "not-ordering/interleaving") return "SC";
  if (absl::StartsWith(headline, "ordering/")) return headline.substr(std::string("ordering/").size());
  return "";
}

const char* RungOfThisMachine() {
#if defined(__x86_64__)
  return "TSO";
#elif defined(__aarch64__)
  return "ARMv8";
#elif defined(__powerpc64__)
  return "POWER";
#else
  return "SC";
#endif
}

bool MachineCanShow(const Scenario& scenario) {
  const std::string rungs = scenario.model_allows();
  if (scenario.kind != ScenarioKind::kCorpus) return true;
  if (rungs.empty()) return scenario.reproducer.expect.headline.empty();  // races and latent breaches: nothing goes wrong
  const std::string here = RungOfThisMachine();
  for (const absl::string_view rung : absl::StrSplit(rungs, '+')) {
    if (rung == "sequential" || rung == "SC" || rung == here) return true;
    if (rung == "TSO" && here != "SC") return true;
  }
  return false;
}

absl::StatusOr<std::vector<Scenario>> ChooseScenarios(const ScenarioChoice& choice) {
  RegisterAllSites();
  if (absl::Status s = CheckAllocator(choice); !s.ok()) return s;
  for (const auto& [flag, names] : {std::pair("--bug", &choice.bugs), std::pair("--arm", &choice.arm)})
    for (const std::string& bug : *names)
      if (absl::Status s = CheckBug(bug); !s.ok()) return absl::Status(s.code(), absl::StrCat(flag, "=", bug, ": ", s.message()));
  const absl::StatusOr<std::vector<Scenario>> all = AllScenarios(choice);
  if (!all.ok()) return all;
  if (choice.patterns.empty()) return all;
  std::vector<Scenario> picked;
  for (const std::string& pattern : choice.patterns)
    if (absl::Status s = Pick(pattern, *all, &picked); !s.ok()) return s;
  return picked;
}

}  // namespace ordeal::stress
