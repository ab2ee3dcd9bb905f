// How is an input kept that must not be lost? In a file named by what it did and by its SHA-1, and, if it is short, in the log.
#pragma once
#include <span>
#include <string>

#include "fuzz/driver/options.h"

namespace ordeal::driver {

// Writes the unit as -exact_artifact_path, or as -artifact_prefix, KIND (`crash-`, `timeout-`, `oom-`, `slow-unit-`) and its SHA-1, and says
// where, in libFuzzer's words. `made_by` is a line in front of it, or empty.
void WriteArtifact(const Options& options, const char* kind, std::span<const uint8_t> unit, const std::string& made_by);

}  // namespace ordeal::driver
