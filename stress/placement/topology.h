// Which processors does a machine have, how do they lie to each other, and which of them may we use?
//
// hwloc answers; its header stays in the .cc files, so that what is built on placements can be built and tested without it. hwloc fails
// quietly (a bad description in the environment gives the native machine, a missing file still "loads", binding to a machine that is not
// there "succeeds"): here everything is asked for by argument, every answer checked, and a machine that was described is never taken for this one.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "stress/placement/cache_line.h"

struct hwloc_topology;

namespace ordeal::stress {

// One PU (a hardware thread) and what it belongs to. All numbers but `os` are hwloc's logical ones (L#), which follow the machine's shape;
// `os` is the kernel's (P#), which taskset, /proc and top speak of. -1: the machine has, or tells of, nothing of the kind.
struct Seat {
  int logical = 0, os = 0;
  int core = 0;  // where no cores are told of, each PU is one
  int l2 = -1, l3 = -1;
  int last_cache = -1;  // the caches farthest from the cores, numbered through, whatever their level is
  int package = 0;
  int node = -1, node_os = -1;  // the nearest NUMA node
  int kind = -1;                // of a hybrid machine: 0 the most frugal cores, then up
  bool operator==(const Seat&) const = default;
};

class Topology {
 public:
  // "native", "synthetic:STRING" or "xml:FILE". InvalidArgument (or what reading the file gave), in one line, for anything that is not exactly
  // that; FailedPrecondition if the environment holds a HWLOC_ variable that could change the answer. Of the native machine what this process
  // may use is asked once, now: load before any thread is bound.
  static absl::StatusOr<Topology> Load(std::string_view spec);

  // Is it the machine that we run on, and can threads be bound here? Only then may anything be called pinned.
  bool this_system() const { return this_system_; }
  const std::string& spec() const { return spec_; }

  // Every PU by logical number, and those that may be used: allowed by the cpuset, and on the native machine within this process's binding.
  const std::vector<Seat>& seats() const { return seats_; }
  const std::vector<Seat>& usable() const { return usable_; }
  bool IsUsable(const Seat& seat) const;

  int packages() const { return packages_; }
  int cores() const { return cores_; }
  int nodes() const { return static_cast<int>(nodes_os_.size()); }
  const std::vector<int>& nodes_os() const { return nodes_os_; }  // the kernel's numbers, as numactl has them
  int kinds() const { return kinds_; }                            // of cores; 0 if hwloc cannot tell
  int smt_width() const { return smt_width_; }                    // the most PUs that one core has
  CacheLine cache_line() const { return cache_line_; }

  // hwloc's XML, which Load("xml:FILE") reads and lstopo draws.
  absl::StatusOr<std::string> ToXml() const;
  // "2 packages x 16 cores x SMT4 = 128 PU (120 usable)"; commas in place of the x where the parts are not alike.
  std::string Describe() const;

  // For stress/placement alone.
  hwloc_topology* raw() const { return raw_.get(); }

 private:
  Topology() = default;
  absl::Status Open(std::string_view kind, const std::string& argument);
  absl::Status ReadSeats();
  absl::Status ReadUsable();
  void ReadCacheLine();

  std::shared_ptr<hwloc_topology> raw_;  // never changed once loaded, so that copies may share it
  std::string spec_;
  bool this_system_ = false;
  std::vector<Seat> seats_, usable_;
  std::vector<int> nodes_os_;
  int packages_ = 0, cores_ = 0, kinds_ = 0, smt_width_ = 0;
  CacheLine cache_line_;
};

}  // namespace ordeal::stress
