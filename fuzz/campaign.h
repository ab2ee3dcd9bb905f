// What does a fuzzing run do with one input, and what does it say at its end? Independent of the engine that makes the inputs.
#pragma once
#include <memory>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "fuzz/buckets.h"
#include "fuzz/flags.h"
#include "run/machine.h"

namespace ordeal {

// Environment variable: the file in which a child of -jobs leaves word of its finding for the parent, whose exit code libFuzzer sets to 1.
inline constexpr const char* kJobsFoundFile = "ORDEAL_JOBS_FOUND";

// Not thread-safe; one a process.
class Campaign {
 public:
  static absl::StatusOr<std::unique_ptr<Campaign>> Make(const FuzzFlags& flags);

  // Runs one input: a reproducer as bytes or text, or anything else, from which a program is drawn. Several executions, whose schedules depend
  // on the program alone. A finding is reported, written, summed up, and ends the process: 77, or 0 if it is the expected one.
  void RunInput(std::span<const u8> input, u8* features);

  // A bug that must be found before anything else is believed. False: silent.
  bool Canary(std::string* said);

  // The end of a run without a finding: the tables and the summary. Returns the exit code: `code`, or 3 for an expectation not met.
  int Finish(int code);

  const FuzzFlags& flags() const { return flags_; }
  u64 executions() const { return executions_; }

 private:
  explicit Campaign(const FuzzFlags& flags) : flags_(flags) {}
  static std::string_view TextOf(std::span<const u8> bytes);
  [[noreturn]] static void ExitNow(int code);
  absl::Status Use(const Reproducer& r);
  void Execute(const Reproducer& r, const model::RunOptions& options, std::span<const u8> input);
  void Buffer(const Reproducer& r, model::RunOptions options, std::span<const u8> input);
  [[noreturn]] void Found(const Finding& original, std::span<const u8> input);
  std::string WriteArtifact(const Finding& f, std::span<const u8> input);
  void WriteDirectory(const Finding& f, const Reproducer& original);

  FuzzFlags flags_;
  Reproducer defaults_;  // allocator, model and bugs of the flags
  Reproducer in_use_;    // what the machine is set up for
  model::Rung rung_ = model::Rung::kLkmm;
  std::unique_ptr<Machine> machine_;
  std::unique_ptr<Investigator> investigator_;
  Buckets buckets_;
  u64 inputs_ = 0, executions_ = 0, accesses_ = 0, stale_ = 0, inserted_ = 0, switches_ = 0, promised_ = 0, kept_ = 0;
};

}  // namespace ordeal
