// How is a finding told to a tool that collects findings of analysers (code scanning, an editor)?
#pragma once
#include <string>

#include "finding/verdict.h"

namespace ordeal {

// SARIF 2.1.0: one run with one result. Its locations are the accesses that raced or failed; its code flow is the execution, a thread flow
// a CPU. `artefact` is the file that holds the reproducer.
std::string Sarif(const Finding& f, const std::string& artefact);

}  // namespace ordeal
