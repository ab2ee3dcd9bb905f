// What is kept of a finding? A directory that can be mailed, opened and replayed.
#pragma once
#include <string>

#include "absl/status/status.h"
#include "finding/verdict.h"

namespace ordeal {

// Into `directory`, made if need be; files that are there are replaced, each whole or not at all:
//   witness.ordeal    the reproducer          original.ordeal   what it was made from
//   report.txt        the whole answer        report.html       the same to look at
//   trace.json        for Perfetto            graph.dot         for graphviz
//   test.litmus       for herd7               reproducer.cc     for real machines
//   finding.sarif     for tools
// What cannot be said as a litmus test or in C++ is left out, with the reason at the end of report.txt. The first error, with its path.
absl::Status WriteFinding(const Finding& f, const Reproducer& original, const std::string& directory);

}  // namespace ordeal
