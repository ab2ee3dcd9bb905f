// What was asked of a night? Its flags, read and checked.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "memory/order.h"
#include "stress/crew/disturb.h"
#include "stress/crew/gate.h"
#include "stress/crew/log.h"
#include "stress/placement/memory_placement.h"
#include "stress/placement/placement.h"
#include "stress/scenario/scenario.h"

namespace ordeal::stress {

struct NightFlags {
  // How long.
  double seconds = 0;  // of running; infinity: until stop_at or the rounds are done
  double stop_at = 0;  // seconds since 1970; 0: no such time
  u64 rounds = 0;      // of each scenario; 0: as many as come
  double slice_seconds = 1;
  // What.
  ScenarioChoice scenarios;
  std::string expect;  // a bug's name
  // Where.
  std::string topology = "native";
  PlacementSpec placement;
  int crews = 0;    // 0: as many as fit
  int threads = 2;  // of a crew: the most CPUs of a drawn program
  int min_cpus = 2;
  MemoryPlacement memory;
  std::string pages;  // "4k", "64k", "thp"; empty: as the kernel does
  // How.
  Sync sync = Sync::kTimebase;
  std::optional<Watch> watch;  // none: by turns
  bool delays = true, evict = true;
  Disturbances disturb;
  std::vector<std::string> canaries;
  double canary_every = 600;
  u64 seed = 0;  // as asked for; 0: one is drawn
  int shard = 0, shards = 1;
  // What is left of it.
  std::string run_dir, resume, again;
  bool resume_anyway = false, keep_going = false;
  int max_findings = 20;
  double hang_after = 60;
  u64 rss_limit_mb = 0;  // 0: none
  std::string status = "auto";
  double status_every = 30;
  std::string junit, html, jsonl;
  // Instead of a run.
  bool list = false, dryrun = false, help = false;

  // Those that say what a round is: two runs with different ones must not be added up.
  std::vector<std::string> plan;
  // All that differ from the default, as they would be typed.
  std::vector<std::string> given;
};

// args: without the program's name, which says the default of --mode ("quick" or another). Flags are --name=value, or --name and --noname of a
// switch; anything else is a file. `--resume=DIR` and `--again=DIR` take that run's flags first, and then what was typed.
absl::StatusOr<NightFlags> ParseNightFlags(const std::string& program, const std::vector<std::string>& args);

// Ten flags and examples; `all`: every flag.
std::string NightHelp(const std::string& program, bool all);

}  // namespace ordeal::stress
