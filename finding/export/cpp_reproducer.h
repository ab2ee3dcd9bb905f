// How is a finding shown on a real machine, without Ordeal?
#pragma once
#include <string>

#include "absl/status/statusor.h"
#include "finding/verdict.h"

namespace ordeal {

// A stand-alone C++20 program whose threads make the accesses of the execution, a thread a CPU, again and again, and which counts the
// rounds in which they read what they read in the execution. Accesses of places that one CPU alone touches are left out; dependencies
// that ran through them are kept. Stores of one value cannot be told from each other: a round that mixes them up counts, too.
//
// FailedPrecondition: the CPUs met in no place; or, by file and line, an access that no machine makes in one piece.
absl::StatusOr<std::string> CppReproducer(const Finding& f, const std::string& name);

}  // namespace ordeal
