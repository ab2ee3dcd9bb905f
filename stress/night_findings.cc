// What becomes of something that went wrong (night.h)? It is put to the engine, and kept with the answer.
#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "base/file.h"
#include "base/hash.h"
#include "finding/bugs.h"
#include "finding/export/directory.h"
#include "finding/triage/signature.h"
#include "program/text.h"
#include "stress/mixes/answering.h"
#include "stress/night.h"
#include "stress/night/summary.h"
#include "stress/scenario/engine_answer.h"

namespace ordeal::stress {
namespace {

constexpr int kMostAsked = 3;  // hits of one scenario and outcome that are put to the engine: it takes seconds

// A name for a directory: the scenario, the outcome, and of a drawn program which of them.
std::string SignatureOfHit(const Scenario& scenario, const Hit& hit, const EngineAnswer* answer) {
  std::string s = absl::StrCat(absl::StrReplaceAll(scenario.name, {{"/", "."}}), ".", hit.outcome);
  if (scenario.kind == ScenarioKind::kCorpus) return s;
  if (answer != nullptr && answer->witness) return absl::StrCat(s, ".", NameOf(SignatureOf(*answer->witness)));
  return absl::StrCat(s, ".", absl::Hex(HashBytes(Format(hit.reproducer)) >> 32, absl::kZeroPad8));
}

constexpr const char* kExpectedFile = "/expected.txt";  // in a finding's directory: the bug that it was expected of

// What the machine did, then what the engine says to it.
absl::Status WriteHit(const Hit& hit, const std::string& machine, const absl::StatusOr<EngineAnswer>& answer, const std::string& expected,
                      const std::string& directory) {
  if (!expected.empty())
    if (absl::Status s = WriteFile(directory + kExpectedFile, expected + "\n"); !s.ok()) return s;
  const std::string seen =
      absl::StrCat("Seen on ", machine, ", in the order of its clocks:\n", hit.seen, "\nThe modelled memory, the same program:\n",
                   answer.ok() ? answer->text : std::string(answer.status().message()) + "\n");
  if (absl::Status s = WriteFile(directory + "/hardware.txt", seen); !s.ok()) return s;
  if (absl::Status s = WriteFile(directory + "/original.ordeal", Format(hit.reproducer)); !s.ok()) return s;
  if (answer.ok() && answer->witness) return WriteFinding(*answer->witness, hit.reproducer, directory);
  return WriteFile(directory + "/witness.ordeal", Format(hit.reproducer));
}

}  // namespace

absl::Status Night::Keep(const Scenario& scenario, const Hit& hit, u64 epoch, ScenarioTally* tally) {
  // A reproducer of the corpus shows what it is there for: an observation, unless its bug is what was asked for.
  if (scenario.kind == ScenarioKind::kCorpus && scenario.planted && flags_.scenarios.bugs.empty()) return absl::OkStatus();
  if (scenario.kind == ScenarioKind::kMix) return KeepMix(scenario, hit, epoch, tally);
  if (++asked_[absl::StrCat(scenario.name, " ", hit.outcome)] > kMostAsked) return absl::OkStatus();
  Hit kept = hit;
  kept.reproducer.decisions.clear();
  kept.reproducer.expect = {};
  const absl::StatusOr<EngineAnswer> answer = AskEngine(kept.reproducer, hit.outcome);
  const std::string signature = SignatureOfHit(scenario, kept, answer.ok() ? &*answer : nullptr);
  const std::string expected = IsExpected(scenario, hit, answer) ? flags_.expect : "";
  const absl::StatusOr<bool> is_new = directory_.Keep(
      scenario.name, signature, [&](const std::string& directory) { return WriteHit(kept, topology_.Describe(), answer, expected, directory); });
  if (!is_new.ok()) return OfTheDisk(is_new.status());
  return Note(scenario, hit, signature, *is_new, epoch, tally);
}

// There is no program to put to the engine: what was seen is all there is.
absl::Status Night::KeepMix(const Scenario& scenario, const Hit& hit, u64 epoch, ScenarioTally* tally) {
  const std::string signature = absl::StrCat(absl::StrReplaceAll(scenario.name, {{"/", "."}}), ".", hit.outcome, ".", AnsweringName());
  const std::string seen = absl::StrCat("Seen on ", topology_.Describe(), ", with ", AnsweringLibrary(), ":\n", hit.seen);
  const absl::StatusOr<bool> is_new =
      directory_.Keep(scenario.name, signature, [&](const std::string& directory) { return WriteFile(directory + "/hardware.txt", seen); });
  if (!is_new.ok()) return OfTheDisk(is_new.status());
  return Note(scenario, hit, signature, *is_new, epoch, tally);
}

// A finding that is kept: who is told, and whether the night goes on.
absl::Status Night::Note(const Scenario& scenario, const Hit& hit, const std::string& signature, bool is_new, u64 epoch, ScenarioTally* tally) {
  if (std::ranges::find(tally->findings, signature) == tally->findings.end()) tally->findings.push_back(signature);
  const std::string path = absl::StrCat(directory_.path(), "/findings/", signature);
  if (is_new)
    if (absl::Status s = journal_.Write(FindingEvent{scenario.name, hit.outcome, signature, path, epoch}); !s.ok()) return s;
  if (!flags_.keep_going || static_cast<int>(AllFindings(directory_.state().tally).size()) >= flags_.max_findings) stop_ = true;
  return absl::OkStatus();
}

// Of the bug that was expected: by the engine's verdict, or in the corpus's own program for it.
bool Night::IsExpected(const Scenario& scenario, const Hit& hit, const absl::StatusOr<EngineAnswer>& answer) const {
  const Bug* b = flags_.expect.empty() ? nullptr : FindBug(flags_.expect);
  if (b == nullptr || std::ranges::find(scenario.reproducer.bugs, flags_.expect) == scenario.reproducer.bugs.end()) return false;
  if (answer.ok() && answer->witness) return MeetsCatalogue(answer->witness->verdict, b->headline, b->owner);
  return scenario.kind == ScenarioKind::kCorpus && hit.outcome == scenario.wanted();
}

// What to type next: a mix is run again, a program is explained.
std::string Night::CommandFor(const std::string& signature) const {
  for (const ScenarioTally& s : directory_.state().tally.scenarios) {
    if (!absl::StartsWith(s.name, "mix/") || std::ranges::find(s.findings, signature) == s.findings.end()) continue;
    const std::string& allocator = flags_.scenarios.allocator;
    return absl::StrCat("bazel run //stress:overnight --", allocator.empty() ? "" : absl::StrCat(" --allocator=", allocator), " --scenarios=", s.name,
                        " --seed=", seed());
  }
  return absl::StrCat("bazel run //tools:ordeal -- explain ", directory_.path(), "/findings/", signature, "/witness.ordeal");
}

NightReport Night::Report() const {
  NightReport r;
  r.tally = directory_.state().tally;
  r.end = end_;
  r.plan_done = Done();
  r.expect = flags_.expect;
  for (const std::string& signature : AllFindings(r.tally)) {
    const absl::StatusOr<std::string> expected = ReadFile(directory_.findings().PathOf(signature) + kExpectedFile);
    if (!flags_.expect.empty() && expected.ok() && *expected == flags_.expect + "\n") r.expected.push_back(signature);
  }
  r.hidden = Hidden();
  r.arms = Arms();
  r.seconds = directory_.state().seconds;
  r.resumed = directory_.state().resumed;
  r.host = directory_.state().host;
  r.machine = topology_.Describe();
  const bool mixes = std::ranges::any_of(plan_.scenarios, [](const Scenario& s) { return s.kind == ScenarioKind::kMix; });
  r.allocator = mixes ? AnsweringLibrary() : "in this process";
  r.placement = PolicyName(flags_.placement.policy);
  for (const std::string& signature : AllFindings(r.tally)) r.commands.push_back(CommandFor(signature));
  if (end_ == RunEnd::kInterrupted) r.commands.push_back(absl::StrCat("bazel run //stress:overnight -- --resume=", directory_.path()));
  return r;
}

absl::Status Night::Close() {
  const RunStatus status = end_ == RunEnd::kInterrupted ? RunStatus::kInterrupted : RunStatus::kFinished;
  const Judgement j = Judge(Report());
  if (absl::Status s = Progress(); !s.ok()) return s;
  if (absl::Status s = journal_.Write(EndEvent{j.word, static_cast<u64>(j.exit), AllFindings(directory_.state().tally).size(), Done()}); !s.ok())
    return s;
  if (absl::Status s = journal_.Sync(); !s.ok()) return s;
  if (absl::Status s = directory_.Finish(status, Done()); !s.ok()) return OfTheDisk(s);
  if (absl::Status s = WriteSummaries(Report(), directory_.path()); !s.ok()) return OfTheDisk(s);
  return WriteCopies();
}

// --junit, --html, --jsonl: for those who look elsewhere.
absl::Status Night::WriteCopies() const {
  for (const auto& [to, from] :
       {std::pair{flags_.junit, "/junit.xml"}, std::pair{flags_.html, "/report.html"}, std::pair{flags_.jsonl, "/events.jsonl"}}) {
    if (to.empty()) continue;
    const absl::StatusOr<std::string> text = ReadFile(directory_.path() + from);
    if (!text.ok()) return text.status();
    if (absl::Status s = WriteFile(to, *text); !s.ok()) return s;
  }
  return absl::OkStatus();
}

}  // namespace ordeal::stress
