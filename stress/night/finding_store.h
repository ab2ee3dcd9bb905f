// Where do findings go, so that none is lost and none is there by half? findings/<signature>/, whole or not at all.
//
// A finding is filled in beside its place, synced, and renamed: before the checkpoint that counts it. So a directory that no checkpoint knows is
// a finding of an epoch that was lost, and what has another name is half of one.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "memory/order.h"

namespace ordeal::stress {

struct KeptFinding {
  std::string signature, scenario;  // scenario: "unknown" where found.json does not say
  u64 epoch = 0;
  bool operator==(const KeptFinding&) const = default;
};

class FindingStore {
 public:
  // RUN/findings, made if need be; removes the halves. For the holder of the run's lock.
  static absl::StatusOr<FindingStore> Open(const std::string& run_directory);

  // Puts its files into the directory that it is given. They should be written by WriteFile (base/file.h), which syncs them.
  using Fill = std::function<absl::Status(const std::string& directory)>;

  // True if it is new; of those that have the same signature the first is kept. A signature is letters, digits and . _ - +.
  absl::StatusOr<bool> Keep(const KeptFinding& finding, const Fill& fill) const;

  bool Has(const std::string& signature) const;
  // In the order of their signatures.
  absl::StatusOr<std::vector<KeptFinding>> All() const;
  std::string PathOf(const std::string& signature) const { return path_ + "/" + signature; }

 private:
  explicit FindingStore(std::string path) : path_(std::move(path)) {}

  std::string path_;
};

}  // namespace ordeal::stress
