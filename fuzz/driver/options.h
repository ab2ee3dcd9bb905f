// What was the driver asked to do? libFuzzer's command line, `-flag=value`, as far as this driver knows it.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace ordeal::driver {

// Units and defaults are libFuzzer's; Help() has a line for each.
struct Options {
  int64_t runs = -1;           // inputs, -1 for no end
  int64_t max_total_time = 0;  // seconds, 0 for no end
  int64_t seed = 0;            // 0: drawn
  int64_t max_len = 0;         // bytes, 0: 4096 or the longest file
  int64_t len_control = 100;   // 0 where the target has a mutator and the flag is not given
  int64_t mutate_depth = 5;
  int64_t cross_over = 1;
  int64_t reduce_inputs = 1;
  int64_t shuffle = 1;
  int64_t prefer_small = 1;
  int64_t reload = 1;              // seconds, 0 for never
  int64_t timeout = 1200;          // seconds an input
  int64_t rss_limit_mb = 2048;     // 0 for none
  int64_t report_slow_units = 10;  // seconds
  int64_t error_exitcode = 77;
  int64_t timeout_exitcode = 70;
  int64_t handle_int = 1, handle_term = 1, handle_usr1 = 1;
  int64_t handle_segv = 1, handle_bus = 1, handle_abrt = 1, handle_ill = 1, handle_fpe = 1, handle_xfsz = 1;
  int64_t jobs = 0, workers = 0;
  int64_t merge = 0;
  int64_t minimize_crash = 0, minimize_crash_internal_step = 0;
  int64_t create_missing_dirs = 0;
  int64_t print_final_stats = 0;
  int64_t verbosity = 1;
  int64_t help = 0;
  std::string artifact_prefix = "./", exact_artifact_path, stop_file;

  bool len_control_given = false;
  std::string program;               // the name that the binary was called by
  std::vector<std::string> inputs;   // directories, or files to run
  std::vector<std::string> ignored;  // `-flag=value` that mean something to libFuzzer alone
};

// Reads argv (without the program's name); what begins with `--` is somebody else's and passed over, the later of two equal flags counts.
// InvalidArgument, one line: a flag that neither this driver nor libFuzzer has, one of libFuzzer's that changes what is done and that
// this driver lacks (-fork, -dict, ...), a value that is no number.
absl::StatusOr<Options> ParseOptions(const std::vector<std::string>& args);

// What -help=1 prints.
std::string Help(const std::string& program);

}  // namespace ordeal::driver
