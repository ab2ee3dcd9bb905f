// What did the user ask for? One command line in two dialects: `-flag=value` is libFuzzer's, `--flag=value` ours.
#pragma once
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "finding/investigate.h"
#include "finding/replay.h"
#include "memory/model/engine.h"

namespace ordeal {

struct FuzzFlags {
  std::string allocator = "slub";
  std::string model = "lkmm";
  int cpus = 4;
  int max_ops = 24;
  int schedules = 8;
  int promises = 2;
  std::vector<std::string> bugs;
  std::string expect;
  ReportWhat report = ReportWhat::kAll;
  std::string emit;
  bool raw = false;

  // Of libFuzzer's flags, those that matter to us. libFuzzer itself reads them, too.
  std::string artifact_prefix = "./", exact_artifact_path;
  bool jobs = false, fork = false, merge = false, minimizing = false, minimize_step = false;
  bool abort_on_finding = false;   // for afl-fuzz: it keeps the input; who runs it again gets the report
  std::vector<std::string> files;  // positional arguments
  bool help = false, helpfull = false;
};

// Reads argv (without the program's name). InvalidArgument, one line: an unknown flag of either dialect (with the nearest known one), a value
// out of range, an unknown allocator, model or bug, --expect with -jobs or -fork.
absl::StatusOr<FuzzFlags> ParseFuzzFlags(const std::vector<std::string>& args);

// --help (ten flags and examples), --helpfull.
std::string FuzzHelp(bool full);

}  // namespace ordeal
