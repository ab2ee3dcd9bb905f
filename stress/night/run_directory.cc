#include "stress/night/run_directory.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <random>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/file.h"
#include "stress/night/test_id.h"

namespace ordeal::stress {
namespace {

namespace fs = std::filesystem;

bool Exists(const std::string& path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0;
}

// One that nobody has made before; two runs that start in the same second get two.
absl::StatusOr<std::string> MakeDefaultDirectory() {
  if (absl::Status s = EnsureDirectory("runs"); !s.ok()) return s;
  const std::string stem = absl::StrCat("runs/", absl::FormatTime("%Y%m%dT%H%M%SZ", absl::Now(), absl::UTCTimeZone()), "-", HostName());
  std::random_device random;
  for (int tries = 0; tries < 100; ++tries) {
    const std::string path = absl::StrFormat("%s-%04x", stem, random() & 0xffff);
    if (mkdir(path.c_str(), 0777) == 0) return path;
    if (errno != EEXIST) return absl::ErrnoToStatus(errno, absl::StrCat(path, ": make directory"));
  }
  return absl::AlreadyExistsError(absl::StrCat(stem, "-*: all taken"));
}

// What a kill in the middle of WriteFile left.
void RemoveTemporaries(const std::string& path) {
  std::vector<fs::path> left;
  std::error_code error;
  for (fs::directory_iterator it(path, error), end; !error && it != end; it.increment(error))
    if (absl::StrContains(it->path().filename().string(), ".tmp.")) left.push_back(it->path());
  for (const fs::path& file : left) fs::remove(file, error);
}

}  // namespace

absl::StatusOr<RunDirectory> RunDirectory::Open(const std::string& path) {
  absl::StatusOr<DirectoryLock> lock = DirectoryLock::Take(path);
  if (!lock.ok()) return lock.status();
  absl::StatusOr<FindingStore> findings = FindingStore::Open(path);
  if (!findings.ok()) return findings.status();
  return RunDirectory(path, *std::move(lock), *std::move(findings));
}

absl::Status RunDirectory::WriteFacts(const NewRun& run) const {
  for (const std::string& flag : run.flags) {
    // Abseil trims the lines of a flagfile, and passes over those that begin otherwise.
    if (absl::StartsWith(flag, "--") && absl::StripAsciiWhitespace(flag) == flag && !absl::StrContains(flag, "\n")) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("flags.txt: expected --FLAG=VALUE without a line break, and no blank at its end: ", absl::CEscape(flag)));
  }
  if (absl::Status s = WriteFile(path_ + "/testid.txt", run.test_id); !s.ok()) return s;
  if (absl::Status s = WriteFile(path_ + "/flags.txt", absl::StrCat(absl::StrJoin(run.flags, "\n"), "\n")); !s.ok()) return s;
  return run.topology_xml.empty() ? absl::OkStatus() : WriteFile(path_ + "/topology.xml", run.topology_xml);
}

absl::StatusOr<RunDirectory> RunDirectory::Create(const NewRun& run, const std::string& path) {
  absl::StatusOr<std::string> made = path.empty() ? MakeDefaultDirectory() : absl::StatusOr<std::string>(path);
  if (!made.ok()) return made.status();
  if (absl::Status s = EnsureDirectory(*made); !s.ok()) return s;
  absl::StatusOr<RunDirectory> out = Open(*made);
  if (!out.ok()) return out.status();
  if (Exists(*made + "/state.json"))
    return absl::AlreadyExistsError(absl::StrCat(*made, ": holds a run already: --resume=", *made, ", or another directory"));
  if (absl::Status s = out->WriteFacts(run); !s.ok()) return s;
  RunState& state = out->state_;
  state.plan = run.plan;
  state.seed = run.seed;
  state.shard = run.shard;
  state.host = HostName();
  state.architecture = Architecture();
  if (absl::Status s = out->TakeIn(); !s.ok()) return s;  // killed before its first checkpoint, and started anew
  if (absl::Status s = out->Checkpoint(0); !s.ok()) return s;
  return out;
}

absl::StatusOr<RunDirectory> RunDirectory::Resume(const std::string& path, u64 plan, bool anyway) {
  // First of all: what is not a run must not get a lock file.
  if (absl::Status s = ReadRunState(path).status(); !s.ok()) return s;
  absl::StatusOr<RunDirectory> out = Open(path);
  if (!out.ok()) return out.status();
  absl::StatusOr<RunState> state = ReadRunState(path);
  if (!state.ok()) return state.status();
  if (state->plan != plan && !anyway) {
    return absl::FailedPreconditionError(absl::StrCat(path,
                                                      ": expected the binary and flags that this run was begun with, they differ (--resume_anyway "
                                                      "goes on, and adds up what may not be comparable)"));
  }
  out->state_ = *std::move(state);
  out->state_.plan = plan;
  out->state_.status = RunStatus::kRunning;
  ++out->state_.resumed;
  RemoveTemporaries(path);
  if (absl::Status s = out->TakeIn(); !s.ok()) return s;
  if (absl::Status s = out->Checkpoint(out->state_.plan_done); !s.ok()) return s;
  return out;
}

absl::Status RunDirectory::TakeIn() {
  absl::StatusOr<std::vector<KeptFinding>> kept = findings_.All();
  if (!kept.ok()) return kept.status();
  const std::vector<std::string> known = AllFindings(state_.tally);
  for (const KeptFinding& f : *kept)
    if (!std::binary_search(known.begin(), known.end(), f.signature)) Count(f.scenario, f.signature);
  return absl::OkStatus();
}

void RunDirectory::Count(const std::string& scenario, const std::string& signature) {
  ScenarioTally found;
  found.name = scenario;
  found.findings = {signature};
  state_.tally = Merged(state_.tally, {{found}, {}});
}

absl::StatusOr<bool> RunDirectory::Keep(const std::string& scenario, const std::string& signature, const FindingStore::Fill& fill) {
  if (absl::Status s = lock_.StillHeld(); !s.ok()) return s;
  absl::StatusOr<bool> is_new = findings_.Keep({signature, scenario, state_.next_epoch}, fill);
  if (is_new.ok() && *is_new) Count(scenario, signature);
  return is_new;
}

absl::Status RunDirectory::Add(const NightTally& epoch, double seconds) {
  for (const std::string& signature : AllFindings(epoch))
    if (!findings_.Has(signature))
      return absl::FailedPreconditionError(
          absl::StrCat(findings_.PathOf(signature), ": not there: a finding is kept before it is counted, and stays"));
  state_.tally = Merged(state_.tally, epoch);
  state_.seconds += seconds;
  ++state_.next_epoch;
  return absl::OkStatus();
}

absl::Status RunDirectory::Checkpoint(double plan_done) {
  if (absl::Status s = lock_.StillHeld(); !s.ok()) return s;
  state_.plan_done = plan_done;
  state_.written = absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch());
  return WriteFile(path_ + "/state.json", RunStateToText(state_));
}

absl::Status RunDirectory::Finish(RunStatus status, double plan_done) {
  state_.status = status;
  return Checkpoint(plan_done);
}

}  // namespace ordeal::stress
