// How does one say this execution to herd7?
#pragma once
#include <string>

#include "absl/status/statusor.h"
#include "memory/model/trace.h"
#include "program/reproducer.h"

namespace ordeal {

// A litmus test in the kernel's C of which the execution is a witness: straight-line threads that make its accesses in its order, and
// an `exists` clause of what it read and left behind. Accesses of locations that one CPU alone touches are left out. The LKMM allows the
// execution if herd7 says that the test's outcome is allowed; the other way round holds as far as no dependency ran through what was
// left out.
//
// FailedPrecondition, with the accesses by file and line: what litmus tests cannot say (sizes that overlap, double words, more
// than one location in an access).
absl::StatusOr<std::string> LitmusOf(const model::Trace& trace, const std::string& name);

// The execution that a reproducer replays. Errors begin with `file`.
absl::StatusOr<std::string> LitmusOf(const Reproducer& r, const std::string& file);

}  // namespace ordeal
