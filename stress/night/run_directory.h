// What is left of a run when the machine goes down? Its directory, from which it goes on with nothing counted twice and no finding lost.
//
//   for (epoch = dir.state().next_epoch; ...; ++epoch) {
//     ... run it from BatchSeed(seed, scenario, shard, epoch); dir.Keep() what is found ...
//     dir.Add(what the epoch came to); dir.Checkpoint(share of the plan);
//   }
//
// A checkpoint is written beside the old one, synced and renamed over it. What a kill -9 or a power cut loses is the epochs after the last
// checkpoint, which are run again. Any error (full disk, removed directory) is one Status: the caller says it and ends, the checkpoint stays.
#pragma once
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "stress/night/directory_lock.h"
#include "stress/night/finding_store.h"
#include "stress/night/run_state.h"

namespace ordeal::stress {

struct NewRun {
  u64 plan = 0;  // PlanHash
  u64 seed = 0;
  std::string shard{};
  std::string test_id{};             // testid.txt: TestId
  std::vector<std::string> flags{};  // flags.txt, one a line: `--flagfile=DIR/flags.txt` gives the same again
  std::string topology_xml{};        // topology.xml; empty: none is written
};

class RunDirectory {
 public:
  // `path` empty: runs/<UTC>-<host>-<4 hex>. One that is there is used if it holds no run.
  static absl::StatusOr<RunDirectory> Create(const NewRun& run, const std::string& path = "");

  // With the state of the last checkpoint, and the findings that it did not know of taken in. Another plan is refused, unless `anyway`.
  static absl::StatusOr<RunDirectory> Resume(const std::string& path, u64 plan, bool anyway = false);

  RunDirectory(RunDirectory&&) = default;

  const std::string& path() const { return path_; }
  const RunState& state() const { return state_; }
  const FindingStore& findings() const { return findings_; }

  // Into findings/SIGNATURE/, on disk when it returns, and into the tally. False: it was there before.
  absl::StatusOr<bool> Keep(const std::string& scenario, const std::string& signature, const FindingStore::Fill& fill);

  // Epoch state().next_epoch is done and came to this. In memory only. A finding that it names must have been kept.
  absl::Status Add(const NightTally& epoch, double seconds);

  // All that was added is on disk when it returns.
  absl::Status Checkpoint(double plan_done);
  absl::Status Finish(RunStatus status, double plan_done);

 private:
  RunDirectory(std::string path, DirectoryLock lock, FindingStore findings)
      : path_(std::move(path)), lock_(std::move(lock)), findings_(std::move(findings)) {}
  static absl::StatusOr<RunDirectory> Open(const std::string& path);
  absl::Status WriteFacts(const NewRun& run) const;
  absl::Status TakeIn();
  void Count(const std::string& scenario, const std::string& signature);

  std::string path_;
  DirectoryLock lock_;
  FindingStore findings_;
  RunState state_;
};

}  // namespace ordeal::stress
